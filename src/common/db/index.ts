export { applyPgTypes } from './pg-types.js';
export { Transactions } from './transactions.js';
export type { Row, Tx } from './tx.js';
export { constraintOf, isUniqueViolation, sqlState } from './pg-errors.js';
