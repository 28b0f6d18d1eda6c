import { type Fen, fen, ZERO_FEN } from '../../../common/money/index.js';
import type { PaymentPolicy } from '../../domain/policy.js';
import type { TraceLine } from '../../domain/trace.js';
import type { Level } from '../../domain/types.js';
import { type AllocatedProvider, allocateBudget, allocateOrEvenly, type BudgetCandidate } from './allocation.js';
import { monthlyQuotas } from './quotas.js';
import { traceBudgetLine } from './trace.js';

/** What is known of a provider when a budget is drafted; frozen with the draft. */
export interface BudgetFacts {
  readonly providerId: string;
  readonly name: string;
  readonly level: Level;
  /** Beds. */
  readonly units: bigint;
  /** Accepted under the budget: last year, the year before, … */
  readonly history: readonly Fen[];
  /** Last year's twelve months, January first; empty when a month is missing. */
  readonly seasonality: readonly Fen[];
}

/** One provider's part of a budget. */
export interface ComposedLine {
  readonly facts: BudgetFacts;
  readonly allocated: AllocatedProvider;
  readonly negotiated: Fen | null;
  readonly quotas: readonly Fen[];
  readonly trace: readonly TraceLine[];
}

/**
 * Composes the lines of a budget from frozen facts: allocation, months and trace (payment.md §2). Providers of a level
 * without a group are left out. Law: Σ amounts = available; Σ quotas of a line = its amount.
 * Errors: `payment.budget-nothing-to-allocate`, `payment.budget-negotiated-exceeds`.
 */
export function composeBudget(
  available: Fen,
  year: number,
  facts: readonly BudgetFacts[],
  negotiated: ReadonlyMap<string, Fen>,
  policy: PaymentPolicy,
): ComposedLine[] {
  const known = new Map(facts.map((row) => [row.providerId, row]));
  const candidates = facts.flatMap((row) => candidateOf(row, negotiated, policy));
  const { budget } = policy;
  const allocation = allocateBudget(available, budget.groups, budget.historyWeights, candidates);
  const totals = new Map(allocation.groups.map((group) => [group.code, group.total]));
  const byId = new Map(candidates.map((candidate) => [candidate.providerId, candidate]));
  return allocation.providers.flatMap((allocated) => {
    const row = known.get(allocated.providerId);
    const candidate = byId.get(allocated.providerId);
    if (row === undefined || candidate === undefined) return [];
    const seasonality = budget.seasonality === 'last-year' ? row.seasonality : [];
    return [
      {
        facts: row,
        allocated,
        negotiated: candidate.negotiated,
        quotas: monthlyQuotas(allocated.amount, seasonality),
        trace: traceBudgetLine(candidate, allocated, totals.get(allocated.group) ?? ZERO_FEN, year, policy),
      },
    ];
  });
}

/**
 * Spreads a changed annual amount over the months of an adjustment: months before `firstOpen` (0 = January) keep their
 * quota, the rest is shared among the others in proportion to what they had.
 * @returns twelve quotas that sum to `annual`, or undefined when the months that are over already hold more than that
 */
export function adjustQuotas(annual: Fen, before: readonly Fen[], firstOpen: number): Fen[] | undefined {
  const kept = before.slice(0, firstOpen);
  const rest = kept.reduce((left, quota) => left - quota, annual as bigint);
  const open = before.slice(firstOpen);
  if (rest < 0n || (open.length === 0 && rest !== 0n)) return undefined;
  return open.length === 0 ? kept : [...kept, ...allocateOrEvenly(fen(rest), open)];
}

function candidateOf(row: BudgetFacts, negotiated: ReadonlyMap<string, Fen>, policy: PaymentPolicy): BudgetCandidate[] {
  const group = policy.budget.groups.find((candidate) => candidate.levels.includes(row.level));
  if (group === undefined) return [];
  return [
    {
      providerId: row.providerId,
      group: group.code,
      history: row.history,
      units: row.units,
      growth: policy.budget.growth,
      coefficients: group.coefficients.map((coefficient) => coefficient.value),
      negotiated: negotiated.get(row.providerId) ?? null,
    },
  ];
}
