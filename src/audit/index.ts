export { AuditModule } from './audit.module.js';
export { ChainKeeper } from './chain-keeper.js';
export { type Finding, findingText } from './domain/findings.js';
export { AuditVerifier, type VerifyReport } from './verifier.js';
