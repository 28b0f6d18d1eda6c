import type { Fen } from '../../common/money/index.js';

/** Insurance scheme (险种): 310 employee, 390 urban-rural resident. Each has its own fund, budget and clearing. */
export type Scheme = '310' | '390';
export const SCHEMES: readonly Scheme[] = ['310', '390'];

/** Clearing category (清算类别). */
export type Category = 'outpatient' | 'chronic' | 'inpatient' | 'pharmacy';
export const CATEGORIES: readonly Category[] = ['outpatient', 'chronic', 'inpatient', 'pharmacy'];

/** Fund that bears a share of a bill: basic pool, civil servants, employer supplement, resident catastrophic, employee large amount, medical assistance, other. */
export type Fund = 'hifp' | 'cvlserv' | 'hifes' | 'hifmi' | 'hifob' | 'maf' | 'oth';
export const FUNDS: readonly Fund[] = ['hifp', 'cvlserv', 'hifes', 'hifmi', 'hifob', 'maf', 'oth'];

/** Monthly advance modes (月度预拨方式), payment.md §3. */
export type AdvanceMode = 'fixed' | 'share-of-actual' | 'actual-capped' | 'prior-average';
export const ADVANCE_MODES: readonly AdvanceMode[] = ['fixed', 'share-of-actual', 'actual-capped', 'prior-average'];

export type Level = 'tertiary' | 'secondary' | 'primary';

/** Fund amounts of one provider, fund and category in a month, reversals netted in the month they happen; may be negative. */
export interface AcceptedCell {
  readonly fund: Fund;
  readonly category: Category;
  /** Accepted fund amount (申报/纳入清算基金支付), everything included. */
  readonly accepted: Fen;
  /** The part of it for services in a suspended span of the agreement, rescue excepted: not advanced. */
  readonly suspended: Fen;
  /** The part of it billed outside every method (特药、独立核算), not suspended: paid as billed. */
  readonly special: Fen;
  /** Whether the cell is under the global budget; otherwise it is paid as billed. */
  readonly underBudget: boolean;
}
