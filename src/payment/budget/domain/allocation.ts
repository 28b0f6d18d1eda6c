import { allocate, fen, type Fen, multiplyRate, type Rate, sumFen, ZERO_FEN } from '../../../common/money/index.js';
import { DomainError } from '../../../common/errors/index.js';
import { roundToFen } from '../../domain/rates.js';
import { paymentErrors } from '../../domain/errors.js';

/** One provider that takes part in the allocation. */
export interface BudgetCandidate {
  readonly providerId: string;
  readonly group: string;
  /** Accepted amounts under the budget: last year, the year before, …; a missing year is 0. */
  readonly history: readonly Fen[];
  /** Beds or signed persons, for a provider without history. */
  readonly units: bigint;
  readonly growth: Rate;
  /** Level, assessment grade, case-mix index, new service… */
  readonly coefficients: readonly Rate[];
  /** A negotiated amount replaces the formula amount. */
  readonly negotiated: Fen | null;
}

/** One group of providers with a fixed share of what is available, or null = by the weights of its members. */
export interface GroupShare {
  readonly code: string;
  readonly share: Rate | null;
}

export interface AllocatedProvider {
  readonly providerId: string;
  readonly group: string;
  readonly base: Fen;
  /** The base is the group's average per bed or signed person, because there is no history. */
  readonly byGroupAverage: boolean;
  readonly weight: Fen;
  /** What the formula alone would give. */
  readonly formula: Fen;
  readonly amount: Fen;
}

export interface Allocation {
  readonly groups: readonly { readonly code: string; readonly total: Fen }[];
  readonly providers: readonly AllocatedProvider[];
}

/**
 * Allocates `available` over groups and their providers (payment.md §2): base = Σ wₖ·acceptedₖ, weight = base × growth ×
 * Π coefficients, largest remainder at both levels. Groups with a fixed share are taken by their shares, the others share
 * the rest by weight. Negotiated amounts replace formula amounts, the rest of the group is re-normalised.
 * Law: Σ amounts = available, to the fen.
 * Errors: `payment.budget-nothing-to-allocate`, `payment.budget-negotiated-exceeds`.
 */
export function allocateBudget(
  available: Fen,
  groups: readonly GroupShare[],
  historyWeights: readonly Rate[],
  candidates: readonly BudgetCandidate[],
): Allocation {
  if (available <= 0n || candidates.length === 0) {
    throw new DomainError(paymentErrors['budget-nothing-to-allocate']);
  }
  const weighed = groups
    .map((group) => ({
      group,
      members: weigh(
        candidates.filter((c) => c.group === group.code),
        historyWeights,
      ),
    }))
    .filter(({ members }) => members.length > 0);
  const totals = groupTotals(
    available,
    weighed.map(({ group, members }) => ({ share: group.share, weight: sumFen(members.map((m) => m.weight)) })),
  );
  return {
    groups: weighed.map(({ group }, index) => ({ code: group.code, total: totals[index] ?? ZERO_FEN })),
    providers: weighed.flatMap(({ group, members }, index) =>
      shareGroup(group.code, totals[index] ?? ZERO_FEN, members),
    ),
  };
}

interface Weighed {
  readonly candidate: BudgetCandidate;
  readonly base: Fen;
  readonly byGroupAverage: boolean;
  readonly weight: Fen;
}

/** base and weight of the members of one group; a member without history gets the group's average per unit. */
function weigh(members: readonly BudgetCandidate[], historyWeights: readonly Rate[]): Weighed[] {
  const bases = members.map((member) => weightedHistory(member.history, historyWeights));
  const known = members
    .map((member, index) => ({ units: member.units, base: bases[index] ?? ZERO_FEN }))
    .filter((m) => m.base > 0n);
  const knownBase = sumFen(known.map((m) => m.base));
  const knownUnits = known.reduce((sum, m) => sum + m.units, 0n);
  return members.map((candidate, index) => {
    const own = bases[index] ?? ZERO_FEN;
    const byGroupAverage = own <= 0n && knownUnits > 0n;
    const base = byGroupAverage ? roundToFen(knownBase * candidate.units, knownUnits) : own > 0n ? own : ZERO_FEN;
    const weight = [candidate.growth, ...candidate.coefficients].reduce((w, factor) => multiplyRate(w, factor), base);
    return { candidate, base, byGroupAverage, weight };
  });
}

function weightedHistory(history: readonly Fen[], weights: readonly Rate[]): Fen {
  return sumFen(weights.map((weight, index) => multiplyRate(history[index] ?? ZERO_FEN, weight)));
}

function groupTotals(available: Fen, groups: readonly { share: Rate | null; weight: Fen }[]): Fen[] {
  const fixed = groups.map((group) => (group.share === null ? null : multiplyRate(available, group.share)));
  const rest = fen(available - sumFen(fixed.filter((amount): amount is Fen => amount !== null)));
  if (fixed.every((amount) => amount !== null)) return allocateOrEvenly(available, fixed);
  if (rest < 0n) throw new DomainError(paymentErrors['budget-nothing-to-allocate']);
  const shares = allocateOrEvenly(
    rest,
    groups.filter((group) => group.share === null).map((group) => group.weight),
  );
  let next = 0;
  return fixed.map((amount) => amount ?? shares[next++] ?? ZERO_FEN);
}

function shareGroup(code: string, total: Fen, members: readonly Weighed[]): AllocatedProvider[] {
  const weights = members.map((member) => member.weight);
  const formula = allocateOrEvenly(total, weights);
  const negotiated = members.map((member) => member.candidate.negotiated);
  const taken = sumFen(negotiated.filter((amount): amount is Fen => amount !== null));
  const free = members.flatMap((_, index) => (negotiated[index] === null ? [index] : []));
  const rest = fen(total - taken);
  // With every amount negotiated there is nobody left to take the difference, so they must sum to the group's total.
  if (rest < 0n || (free.length === 0 && rest !== 0n)) {
    throw new DomainError(paymentErrors['budget-negotiated-exceeds'], { group: code });
  }
  const shares =
    free.length === 0
      ? []
      : allocateOrEvenly(
          rest,
          free.map((index) => weights[index] ?? ZERO_FEN),
        );
  return members.map((member, index) => ({
    providerId: member.candidate.providerId,
    group: code,
    base: member.base,
    byGroupAverage: member.byGroupAverage,
    weight: member.weight,
    formula: formula[index] ?? ZERO_FEN,
    amount: negotiated[index] ?? shares[free.indexOf(index)] ?? ZERO_FEN,
  }));
}

/** Largest remainder; evenly when no weight is positive. */
export function allocateOrEvenly(total: Fen, weights: readonly bigint[]): Fen[] {
  const positive = weights.some((weight) => weight > 0n);
  return allocate(total, positive ? weights.map((weight) => (weight > 0n ? weight : 0n)) : weights.map(() => 1n));
}
