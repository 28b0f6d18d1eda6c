import { fen, type Fen, type Rate, ZERO_FEN } from '../../../common/money/index.js';
import type { ClearingPolicy } from '../../domain/policy.js';
import type { Level } from '../../domain/types.js';
import { type DepositResult, settleDeposit } from './assessment.js';
import { type BandPart, bandTotal, cutIntoBands } from './bands.js';
import { dualControl, type DualControlResult, type InpatientFacts } from './dual-control.js';
import { type QualityFacts, qualityFailures, type QualityFailure } from './quality.js';

/** Everything that the annual clearing of one provider is computed from. Amounts of the whole year. */
export interface ClearingInput {
  readonly providerId: string;
  readonly level: Level;
  /** Accepted fund amount under the budget, suspended services not included. */
  readonly budgeted: Fen;
  /** Accepted and paid as billed: other funds and categories, special drugs. */
  readonly asBilled: Fen;
  /** Accepted in suspended spans: refused. */
  readonly suspended: Fen;
  /** Personal account payments, passed on in full. */
  readonly account: Fen;
  readonly deductions: Fen;
  /** Final adjusted budget B. */
  readonly budget: Fen;
  readonly quality: QualityFacts;
  readonly inpatient: InpatientFacts;
  /** Ordered to the provider in the year's months, receivables collected included, prepayments not. */
  readonly paid: Fen;
  /** Working-capital prepayments, recovered in full here. */
  readonly prepaid: Fen;
  /** Quality deposit withheld in the year's months. */
  readonly depositHeld: Fen;
}

/** The clearing of one provider before it shares in the forfeits of others. */
export interface ClearingResult {
  readonly accepted: Fen;
  /** Decided deductions and suspended services. */
  readonly refused: Fen;
  /** A: accepted under the budget less deductions. */
  readonly a: Fen;
  readonly use: 'over' | 'under' | 'exact';
  readonly bands: readonly BandPart[];
  readonly extra: Fen;
  readonly saving: Fen;
  readonly qualityFailures: readonly QualityFailure[];
  readonly retained: Fen;
  readonly dual: DualControlResult | null;
  readonly penalty: Fen;
  readonly borne: Fen;
  /** What the fund owes for the year: of A by bands and penalties, and what is paid as billed. */
  readonly payable: Fen;
  readonly deposit: DepositResult | null;
}

/**
 * Annual clearing of one provider under the global budget (payment.md §4).
 * Law: accepted + retained = payable + borne + refused, exactly.
 * The deposit is the provider's own money and has a law of its own: held = returned + forfeited.
 */
export function clearProvider(input: ClearingInput, policy: ClearingPolicy): ClearingResult {
  const accepted = fen(input.budgeted + input.asBilled + input.suspended);
  const a = fen(input.budgeted - input.deductions);
  const over = a > input.budget ? fen(a - input.budget) : ZERO_FEN;
  const saving = a < input.budget && a >= 0n ? fen(input.budget - a) : ZERO_FEN;
  const bands = cutIntoBands(over > 0n ? over : saving, input.budget, over > 0n ? policy.overspend : policy.saving);
  const failures = saving > 0n ? qualityFailures(input.quality, policy.quality) : [];
  const extra = over > 0n ? bandTotal(bands) : ZERO_FEN;
  const retained = saving > 0n && failures.length === 0 ? bandTotal(bands) : ZERO_FEN;
  const dual = dualControl(input.inpatient, input.level, policy.dualControl, a);
  const penalty = dual?.penalty ?? ZERO_FEN;
  const borneOverspend = fen(over - extra);
  return {
    accepted,
    refused: fen(input.deductions + input.suspended),
    a,
    use: over > 0n ? 'over' : saving > 0n ? 'under' : 'exact',
    bands,
    extra,
    saving,
    qualityFailures: failures,
    retained,
    dual,
    penalty,
    borne: fen(borneOverspend + penalty),
    payable: fen(a - borneOverspend + retained - penalty + input.asBilled),
    deposit:
      input.quality.score === null ? null : settleDeposit(input.depositHeld, input.quality.score, policy.assessment),
  };
}

/** What is left to pay (> 0) or to recover (< 0) when everything of the year is set against each other. */
export interface Settlement {
  readonly depositReturned: Fen;
  readonly poolShare: Fen;
  readonly balance: Fen;
}

/**
 * balance = payable + account − deposit held − paid − prepaid + deposit returned + share of forfeits.
 * A provider that was not assessed keeps its deposit where it is; the clearing cannot be submitted before it was.
 */
export function settleBalance(input: ClearingInput, result: ClearingResult, poolShare: Fen): Settlement {
  const depositReturned = result.deposit?.returned ?? ZERO_FEN;
  const balance = fen(
    result.payable + input.account - input.depositHeld - input.paid - input.prepaid + depositReturned + poolShare,
  );
  return { depositReturned, poolShare, balance };
}

/** Budget use u = A ÷ B as an exact rate; null without a budget. Never clamped. */
export function budgetUse(a: Fen, budget: Fen): Rate | null {
  return budget > 0n ? { numerator: a, denominator: budget } : null;
}
