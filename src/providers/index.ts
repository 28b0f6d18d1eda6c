export { ProvidersModule } from './providers.module.js';
export { type AgreementTerms, Providers, type SuspendedSpan } from './providers.facade.js';
export { type ProviderRegister, ProviderRegisters } from './register.js';
export type { Institution, InstitutionLevel, InstitutionType } from './institutions.service.js';
export { maskAccount } from './domain/account.js';
