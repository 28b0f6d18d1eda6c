export { CryptoModule, fieldCryptoOf } from './crypto.module.js';
export { cryptoErrors } from './errors.js';
export { FieldCrypto, type RowKey } from './field-crypto.js';
export { type BlindIndex, defineBlindIndex, defineEncryptedField, type EncryptedField } from './encrypted-fields.js';
export { formatKeys, KeyFault, makeKeys } from './key-file.js';
export { SoftwareProvider } from './software-provider.js';
