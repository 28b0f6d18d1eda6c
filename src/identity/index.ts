export { type AccessRow, AccessPolicy, type RoleCode, type Scope } from './domain/access-policy.js';
export { type Actor, clientIdOf, systemActor } from './domain/actor.js';
export { type ScopeColumns, type ScopeSql, scopeSql } from './domain/scope.js';
export { Audit, type AuditEntry } from './audit.js';
export { BootstrapService } from './bootstrap.service.js';
export { DemoAccounts } from './demo-accounts.js';
export { canonical, Idempotent } from './idempotency.js';
export { CurrentActor } from './current-actor.js';
export { IdentityModule, loadAccessPolicy } from './identity.module.js';
