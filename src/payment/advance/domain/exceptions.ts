import { fen, type Fen, ratio } from '../../../common/money/index.js';
import type { AdvancePolicy } from '../../domain/policy.js';
import { compareRates, minus } from '../../domain/rates.js';

/** Why a sheet is shown first. */
export type MonthException =
  'month-on-month' | 'over-progress' | 'suspended' | 'missing-agreement' | 'missing-budget' | 'carried' | 'adjusted';

export interface ExceptionFacts {
  readonly accepted: Fen;
  readonly lastMonthAccepted: Fen;
  /** Accepted under the budget from January to this month. */
  readonly ytdBudgeted: Fen;
  /** Budget of the whole year; null = the provider has none. */
  readonly annualBudget: Fen | null;
  /** Month of the year, 1 … 12: time progress is month ÷ 12. */
  readonly monthOfYear: number;
  readonly suspended: Fen;
  readonly rescue: Fen;
  readonly hasAgreement: boolean;
  readonly carryOut: Fen;
  readonly adjusted: Fen;
}

/**
 * The exceptions of one sheet, in the order in which they are shown (experience.md J1): a change of more than the policy's
 * share against last month, budget use ahead of the time progress, suspension, missing agreement or budget.
 */
export function monthExceptions(facts: ExceptionFacts, policy: AdvancePolicy): MonthException[] {
  const found: MonthException[] = [];
  if (!facts.hasAgreement) found.push('missing-agreement');
  if (facts.suspended !== 0n || facts.rescue !== 0n) found.push('suspended');
  if (facts.annualBudget === null && facts.ytdBudgeted !== 0n) found.push('missing-budget');
  if (isOverProgress(facts, policy)) found.push('over-progress');
  if (isJump(facts, policy)) found.push('month-on-month');
  if (facts.carryOut > 0n) found.push('carried');
  if (facts.adjusted !== 0n) found.push('adjusted');
  return found;
}

function isOverProgress(facts: ExceptionFacts, policy: AdvancePolicy): boolean {
  if (facts.annualBudget === null || facts.annualBudget <= 0n) return false;
  const used = ratio(facts.ytdBudgeted, facts.annualBudget);
  const time = ratio(BigInt(facts.monthOfYear), 12n);
  return compareRates(minus(used, time), policy.progressAlert) > 0;
}

function isJump(facts: ExceptionFacts, policy: AdvancePolicy): boolean {
  if (facts.lastMonthAccepted <= 0n) return facts.accepted > 0n && facts.lastMonthAccepted < 0n;
  const difference = fen(facts.accepted - facts.lastMonthAccepted);
  const magnitude = difference < 0n ? -difference : difference;
  return compareRates(ratio(magnitude, facts.lastMonthAccepted), policy.monthOnMonthAlert) > 0;
}
