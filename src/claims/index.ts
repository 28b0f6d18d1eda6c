export { type AccountCredit, Claims, type MonthKey, type Readmission, type YearFact } from './claims.js';
export type { BatchOutcome } from './batch-settlement.js';
export type { Bill, BillLine, BillSource } from './domain/types.js';
export { ClaimsModule } from './claims.module.js';
export { type ReversalAnswer, ReversalService } from './reversal.service.js';
export { type DischargeFile, DischargeImports } from './discharges/discharge-import.service.js';
export type { ImportRecord } from './discharges/discharge-import.store.js';
