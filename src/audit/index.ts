export { AuditArchive } from './archive.js';
export { Anchors } from './anchors.js';
export { anchorSheet } from './anchor-line.js';
export { AuditModule } from './audit.module.js';
export { ChainKeeper } from './chain-keeper.js';
export { type Finding, findingLine } from './domain/findings.js';
export { AuditVerifier, type VerifyOptions, type VerifyReport } from './verifier.js';
