import { type Fen, fen, rate, sumFen, ZERO_FEN } from '../../common/money/index.js';
import type { BudgetReference } from '../advance/sheet.js';
import type { PaymentPolicy } from '../domain/policy.js';
import { text } from '../domain/trace.js';
import { globalBudget } from '../methods/global-budget/domain/global-budget.js';
import { type ClearingFacts, clearingInput } from './clearing-facts.js';
import { shareForfeits } from './domain/assessment.js';
import { type ClearingInput, type ClearingResult, type Settlement, settleBalance } from './domain/clearing.js';

/** One provider's clearing, computed. */
export interface ComputedClearing {
  readonly providerId: string;
  readonly name: string;
  readonly input: ClearingInput;
  readonly result: ClearingResult;
  readonly settlement: Settlement;
  readonly exceptions: readonly string[];
}

/** All providers of a clearing, computed. */
export interface ComputedYear {
  readonly forfeits: Fen;
  readonly lines: readonly ComputedClearing[];
}

type Facts = readonly { readonly providerId: string; readonly facts: ClearingFacts }[];

/** One provider without its share of the forfeits, which is known only when all are computed. */
export function computeClearing(providerId: string, facts: ClearingFacts, policy: PaymentPolicy): ComputedClearing {
  const input = clearingInput(providerId, facts);
  const result = globalBudget.annual(input, policy.clearing);
  return {
    providerId,
    name: facts.name,
    input,
    result,
    settlement: settleBalance(input, result, ZERO_FEN),
    exceptions: exceptionsOf(facts, result),
  };
}

/** The shares of the forfeits pool by provider; Σ shares = Σ forfeits to the fen, or none when nobody is good enough. */
export function forfeitShares(
  rows: Facts,
  computed: readonly ComputedClearing[],
  policy: PaymentPolicy,
): { readonly forfeits: Fen; readonly shares: ReadonlyMap<string, Fen> } {
  const forfeits = sumFen(computed.map((line) => line.result.deposit?.forfeited ?? ZERO_FEN));
  const members = rows.flatMap(({ providerId, facts }) =>
    facts.score === null
      ? []
      : [
          {
            providerId,
            held: fen(BigInt(facts.depositHeld)),
            score: rate(facts.score),
            index: rate(facts.gradeIndex),
          },
        ],
  );
  const shares = shareForfeits(forfeits, members, policy.clearing.assessment);
  return { forfeits, shares: new Map(shares.map((share) => [share.providerId, share.amount])) };
}

/** A whole year at once, as a what-if needs it: the same computation as the run, writing nothing. */
export function computeYear(rows: Facts, policy: PaymentPolicy): ComputedYear {
  const first = rows.map(({ providerId, facts }) => computeClearing(providerId, facts, policy));
  const { forfeits, shares } = forfeitShares(rows, first, policy);
  const lines = first.map((line) => withShare(line, shares.get(line.providerId) ?? ZERO_FEN));
  return { forfeits, lines };
}

/** The line with its share of the forfeits. */
export function withShare(line: ComputedClearing, share: Fen): ComputedClearing {
  return { ...line, settlement: settleBalance(line.input, line.result, share) };
}

/** The row of `payment_clearing_line`, as `jsonb_populate_recordset` takes it. */
export function clearingRow(
  key: { readonly poolArea: string; readonly clearingId: string },
  line: ComputedClearing,
  budget: BudgetReference,
  policy: PaymentPolicy,
): Readonly<Record<string, unknown>> {
  const { input, result, settlement } = line;
  const amounts: Record<string, Fen> = {
    accepted_fen: result.accepted,
    as_billed_fen: input.asBilled,
    account_fen: input.account,
    refused_fen: result.refused,
    budget_fen: input.budget,
    a_fen: result.a,
    extra_fen: result.extra,
    saving_fen: result.saving,
    retained_fen: result.retained,
    penalty_fen: result.penalty,
    borne_fen: result.borne,
    payable_fen: result.payable,
    paid_fen: input.paid,
    prepaid_fen: input.prepaid,
    deposit_held_fen: input.depositHeld,
    deposit_returned_fen: settlement.depositReturned,
    deposit_forfeited_fen: result.deposit?.forfeited ?? ZERO_FEN,
    pool_share_fen: settlement.poolShare,
    balance_fen: settlement.balance,
  };
  const [year, version] = [String(budget.year), String(budget.version)];
  return {
    pool_area: key.poolArea,
    clearing_id: key.clearingId,
    provider_id: line.providerId,
    ...Object.fromEntries(Object.entries(amounts).map(([column, amount]) => [column, amount.toString()])),
    quality_failures: result.qualityFailures,
    exceptions: line.exceptions,
    trace: globalBudget.annualTrace(input, result, settlement, {
      clauses: policy.clauses,
      budgetLabel: text(`${year} 年预算第 ${version} 版`, `budget ${year} version ${version}`),
    }),
  };
}

function exceptionsOf(facts: ClearingFacts, result: ClearingResult): string[] {
  const found: string[] = [];
  if (facts.budget === null && result.a !== 0n) found.push('missing-budget');
  if (facts.score === null && (facts.depositHeld !== '0' || result.saving > 0n)) found.push('not-assessed');
  if (result.qualityFailures.length > 0) found.push('quality');
  if (result.penalty > 0n) found.push('dual-control');
  if (result.use === 'over') found.push('over-budget');
  return found;
}
