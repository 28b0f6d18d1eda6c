export { CryptoModule, fieldCryptoOf, keySourceOf } from './crypto.module.js';
export { FieldCrypto, type RowKey } from './field-crypto.js';
export { type BlindIndex, defineBlindIndex, defineEncryptedField, type EncryptedField } from './encrypted-fields.js';
export { type FieldSpan, KeyRotation } from './key-rotation.js';
export { ROTATION_JOB } from './rotation.job.js';
export { fileSource, formatKeys, makeKeys } from './key-file.js';
export { SoftwareProvider } from './software-provider.js';
