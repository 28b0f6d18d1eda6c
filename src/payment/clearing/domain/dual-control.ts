import {
  fen,
  type Fen,
  maxFen,
  minFen,
  multiplyRate,
  type Rate,
  ratio,
  ZERO_FEN,
} from '../../../common/money/index.js';
import type { DualControlPolicy } from '../../domain/policy.js';
import { compareRates, onePlus, roundToFen, times } from '../../domain/rates.js';
import type { Level } from '../../domain/types.js';

/** Inpatient facts of one provider and year. */
export interface InpatientFacts {
  /** Inpatient visits. */
  readonly visits: bigint;
  /** Distinct inpatients. */
  readonly persons: bigint;
  /** Readmissions that a reviewer judged reasonable: they leave the numerator of the ratio. */
  readonly reasonableReadmissions: bigint;
  readonly totalCost: Fen;
  /** Fund share of that cost; fund ÷ total is the actual fund ratio. */
  readonly fund: Fen;
}

export interface DualControlResult {
  /** Average cost C; null without visits. */
  readonly averageCost: Rate | null;
  /** Visit-to-person ratio R after readmission review; null without persons. */
  readonly visitRatio: Rate | null;
  readonly costLimit: Fen;
  readonly ratioLimit: Rate;
  readonly costExcess: Fen;
  readonly visitExcess: Fen;
  readonly uncapped: Fen;
  readonly cap: Fen;
  readonly penalty: Fen;
}

/**
 * Dual control of average cost and visit-to-person ratio (次均费用、人次人头比双控), payment.md §4.
 * excess₁ = (C − C*(1+t)) × visits × fund ratio; excess₂ = (visits − persons × R*(1+t)) × min(C, C*(1+t)) × fund ratio;
 * penalty = rate₁·excess₁ + rate₂·excess₂, at most cap × A. Each excess is rounded once.
 * @param a accepted less deductions of the year; a negative one caps the penalty at zero
 * @returns null when the policy has no target for the level or there were no inpatients
 */
export function dualControl(
  facts: InpatientFacts,
  level: Level,
  policy: DualControlPolicy,
  a: Fen,
): DualControlResult | null {
  const target = policy.targets[level];
  if (target === undefined || facts.visits <= 0n || facts.persons <= 0n || facts.totalCost <= 0n) return null;
  const tolerance = onePlus(policy.tolerance);
  const costLimit = multiplyRate(target.cost, tolerance);
  const ratioLimit = times(target.ratio, tolerance);
  const visits = facts.visits - facts.reasonableReadmissions;
  const visitRatio = ratio(visits, facts.persons);

  const overCost = facts.totalCost - costLimit * facts.visits;
  const costExcess = overCost > 0n ? roundToFen(overCost * facts.fund, facts.totalCost) : ZERO_FEN;
  const visitExcess =
    compareRates(visitRatio, ratioLimit) > 0 ? excessOfVisits(facts, visits, ratioLimit, costLimit) : ZERO_FEN;

  const uncapped = fen(multiplyRate(costExcess, policy.costRate) + multiplyRate(visitExcess, policy.ratioRate));
  const cap = maxFen(multiplyRate(a, policy.cap), ZERO_FEN);
  return {
    averageCost: ratio(facts.totalCost, facts.visits),
    visitRatio,
    costLimit,
    ratioLimit,
    costExcess,
    visitExcess,
    uncapped,
    cap,
    penalty: minFen(uncapped, cap),
  };
}

// (visits − persons·R) × min(C, limit) × fund/total, all fractions kept exact until one rounding.
function excessOfVisits(facts: InpatientFacts, visits: bigint, limit: Rate, costLimit: Fen): Fen {
  const excess = visits * limit.denominator - facts.persons * limit.numerator;
  const averageIsLower = facts.totalCost < costLimit * facts.visits;
  if (averageIsLower) return roundToFen(excess * facts.fund, limit.denominator * facts.visits);
  return roundToFen(excess * costLimit * facts.fund, limit.denominator * facts.totalCost);
}
