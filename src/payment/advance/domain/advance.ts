import {
  fen,
  type Fen,
  maxFen,
  minFen,
  multiplyRate,
  type Rate,
  sumFen,
  ZERO_FEN,
} from '../../../common/money/index.js';
import type { AcceptedCell, AdvanceMode } from '../../domain/types.js';
import { type AdvanceCell, spreadOverCells } from './cells.js';

/** Everything that the advance of one provider × scheme × month is computed from. */
export interface AdvanceInput {
  readonly providerId: string;
  readonly mode: AdvanceMode;
  /** α of share-of-actual. */
  readonly alpha: Rate;
  /** ρ. */
  readonly depositRate: Rate;
  readonly cells: readonly AcceptedCell[];
  /** Personal account payments of the month: no budget, no deposit, passed on in full. */
  readonly account: Fen;
  /** D: deductions decided for this month, ≥ 0. */
  readonly deductions: Fen;
  /** Q. */
  readonly quota: Fen;
  readonly cumulativeQuota: Fen;
  readonly cumulativeEligibleBefore: Fen;
  /** Average month of last year, for prior-average. */
  readonly priorAverage: Fen;
  /** Carried from the month before because its pay would have been negative, ≥ 0. */
  readonly carryIn: Fen;
  /** Still to be collected from the clearing of an earlier year, ≥ 0. */
  readonly recoverable: Fen;
  /** Signed adjustments of the clerk, each with its reason. They move money in time: clearing settles against what was paid. */
  readonly adjustments: readonly Fen[];
}

/** Law: eligible + asBilled + account + adjusted + carryOut = deposit + held + deductions + carryIn + recovered + pay. */
export interface AdvanceResult {
  readonly accepted: Fen;
  readonly suspended: Fen;
  readonly asBilled: Fen;
  readonly account: Fen;
  /** F: accepted under the budget and not suspended. */
  readonly budgeted: Fen;
  /** E. */
  readonly eligible: Fen;
  /** Into the quality deposit. */
  readonly deposit: Fen;
  /** Withheld beyond the deposit (share-of-actual), owed until clearing. */
  readonly held: Fen;
  readonly deductions: Fen;
  readonly adjusted: Fen;
  readonly carryIn: Fen;
  readonly recovered: Fen;
  /** What the sums come to before it is known whether it can be paid; negative = carried. */
  readonly raw: Fen;
  readonly pay: Fen;
  readonly carryOut: Fen;
  /** The part of pay that is a working-capital prepayment, recovered in full at clearing. */
  readonly prepayment: Fen;
  readonly cells: readonly AdvanceCell[];
}

/** Monthly advance under a global budget in the four modes of payment.md §3. Pay is never negative: the rest is carried. */
export function computeAdvance(input: AdvanceInput): AdvanceResult {
  const accepted = sumFen(input.cells.map((cell) => cell.accepted));
  const suspended = sumFen(input.cells.map((cell) => cell.suspended));
  const asBilled = sumFen(input.cells.map(asBilledOf));
  const budgeted = fen(accepted - suspended - asBilled);
  const eligible = eligibleOf(input, budgeted);
  const { deposit, held } = withheldOf(input, eligible);
  const adjusted = sumFen(input.adjustments);
  const before = fen(
    eligible - deposit - held + asBilled + input.account - input.deductions + adjusted - input.carryIn,
  );
  const recovered = minFen(maxFen(before, ZERO_FEN), input.recoverable);
  const raw = fen(before - recovered);
  const pay = maxFen(raw, ZERO_FEN);
  const carryOut = fen(pay - raw);
  return {
    accepted,
    suspended,
    asBilled,
    account: input.account,
    budgeted,
    eligible,
    deposit,
    held,
    deductions: input.deductions,
    adjusted,
    carryIn: input.carryIn,
    recovered,
    raw,
    pay,
    carryOut,
    prepayment: input.mode === 'prior-average' ? minFen(pay, eligible) : ZERO_FEN,
    cells: spreadOverCells(input.cells, eligible, fen(deposit + held)),
  };
}

/** What of a cell is paid as billed: everything not suspended outside the budget, special drugs inside it. */
export function asBilledOf(cell: AcceptedCell): Fen {
  return cell.underBudget ? cell.special : fen(cell.accepted - cell.suspended);
}

function eligibleOf(input: AdvanceInput, budgeted: Fen): Fen {
  switch (input.mode) {
    case 'fixed':
      return input.quota;
    case 'share-of-actual':
      return budgeted;
    case 'actual-capped':
      return maxFen(minFen(budgeted, fen(input.cumulativeQuota - input.cumulativeEligibleBefore)), ZERO_FEN);
    case 'prior-average':
      return input.priorAverage;
  }
}

// Nothing is withheld of a month whose reversals exceed its bills: the whole of it is offset.
function withheldOf(input: AdvanceInput, eligible: Fen): { deposit: Fen; held: Fen } {
  if (eligible <= 0n || input.mode === 'prior-average') return { deposit: ZERO_FEN, held: ZERO_FEN };
  const byRate = multiplyRate(eligible, input.depositRate);
  if (input.mode !== 'share-of-actual') return { deposit: byRate, held: ZERO_FEN };
  const withheld = fen(eligible - multiplyRate(eligible, input.alpha));
  const deposit = minFen(byRate, withheld);
  return { deposit, held: fen(withheld - deposit) };
}
