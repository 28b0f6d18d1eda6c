export { type Journal, type LedgerLine } from './domain/journal.js';
export { type AccountTotals, outOfBalance, trialBalanceOf } from './domain/trial-balance.js';
export { type BalanceFilter, LedgerBalances, type PartyBalance, type TrialBalanceRow } from './ledger-balances.js';
export { type ClosedPeriod, Ledger, type Poster, type Reversal } from './ledger.js';
export { LedgerModule } from './ledger.module.js';
