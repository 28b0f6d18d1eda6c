export { type Difference, type Finding, type Invariant } from './invariant.js';
export { ReconcileModule } from './reconcile.module.js';
export { INVARIANTS, Reconciliation, reportText } from './reconciliation.js';
