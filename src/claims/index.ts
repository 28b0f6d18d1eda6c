export {
  type AcceptedRow,
  type AccountCredit,
  Claims,
  type MonthKey,
  type Readmission,
  type YearFact,
} from './claims.js';
export type { BatchOutcome } from './batch-settlement.js';
export type { Bill, BillLine, BillSource } from './domain/types.js';
export { ClaimsModule } from './claims.module.js';
