import { DomainError } from '../../common/errors/index.js';
import { type Fen, yuanText, ZERO_FEN } from '../../common/money/index.js';
import { boundedRatio, type BandWalked, walkBands } from './bands.js';
import { type Bill, payFrom, step } from './bill.js';
import { chargeDeductible } from './deductible.js';
import { benefitErrors } from './errors.js';
import { type PlanYear, yearOfPlan } from './plan-year.js';
import type { Band, BenefitPolicy, Plan, TierRule } from './policy.js';
import type { BenefitInput } from './types.js';
import { admits, isFor } from './who.js';

/**
 * Deductible and pooled tiers (统筹支付). The in-scope amount goes to plans: the bill's main plan, or the plan of a line's tag
 * (special drugs, two-disease drugs, consultation fee …). The main plan is paid first, then tagged plans in the policy's order.
 * Error `benefits.no-plan` when the policy has nothing for this kind of visit.
 */
export function payFromPool(bill: Bill): void {
  const baskets = fillBaskets(bill);
  let shared = ZERO_FEN;
  for (const [index, [plan, inscp]] of baskets.entries()) {
    const { charged, left } = chargeDeductible(bill, plan, inscp, shared);
    // The main plan comes first and may leave a part of its deductible to the plans that share it.
    if (index === 0 || plan.deductible?.kind === 'shared') shared = left;
    payPlan(bill, plan, inscp, charged);
  }
  if (bill.input.category === 'inpatient') bill.delta.admissions = 1;
}

/** The main plan of a bill: the first untagged plan of the policy that fits it. */
export function mainPlan(input: BenefitInput, policy: BenefitPolicy): Plan | undefined {
  return policy.plans.find((plan) => plan.tags === null && planFits(plan, input));
}

function planFits(plan: Plan, input: BenefitInput): boolean {
  if (!admits(plan.categories, input.category) || !admits(plan.levels, input.level)) return false;
  if (plan.chronicCodes !== null && (input.chronicCode === undefined || !plan.chronicCodes.has(input.chronicCode))) {
    return false;
  }
  return isFor(plan.who, input);
}

/** In-scope amount by plan, main plan first. Each line goes to exactly one plan. */
function fillBaskets(bill: Bill): [Plan, Fen][] {
  const { input, policy } = bill;
  const main = mainPlan(input, policy);
  if (main === undefined) {
    throw new DomainError(benefitErrors['no-plan'], {
      policy: policy.id,
      category: input.category,
      chronicCode: input.chronicCode ?? '–',
    });
  }
  const amounts = new Map<Plan, bigint>([[main, 0n]]);
  for (const [index, line] of bill.lines.entries()) {
    const tag = input.lines[index]?.tag;
    const tagged =
      tag === undefined
        ? undefined
        : policy.plans.find((plan) => plan.tags?.has(tag) === true && planFits(plan, input));
    const plan = tagged ?? main;
    line.plan = plan.code;
    amounts.set(plan, (amounts.get(plan) ?? 0n) + line.inscp);
  }
  if (amounts.size === 1) return [[main, bill.totals.inscp]];
  const order = policy.plans.filter((plan) => plan !== main && amounts.has(plan));
  return [main, ...order].map((plan) => [plan, (amounts.get(plan) ?? 0n) as Fen]);
}

/** Pays one plan's amount after the deductible through its tiers, up to the limits of visit, plan and pool. */
function payPlan(bill: Bill, plan: Plan, inscp: Fen, charged: Fen): void {
  const payable = (inscp - charged) as Fen;
  const year = yearOfPlan(bill, plan);
  let paid = ZERO_FEN;
  if (payable > 0n && plan.tiers !== null) {
    const limits = limitsOf(bill, plan, year);
    const walked = walkTiers(bill, plan, plan.tiers, { payable, charged, limit: limits.least, year });
    paid = walked.paid;
    traceTiers(bill, plan, plan.tiers, walked);
    closeAtLimit(bill, plan, walked, limits);
  }
  year.add(inscp, paid);
  if (plan.countsTowardsCeiling) bill.delta.poolPaid = (bill.delta.poolPaid + paid) as Fen;
  payFrom(bill, 'hifp', paid, ['inscope']);
  if (plan.countsTowardsCatastrophic) bill.counted = (bill.counted + inscp - paid) as Fen;
  if (plan.independent && paid > 0n) {
    bill.special = (bill.special + paid) as Fen;
    step(bill, 'independent', { base: inscp, amount: paid }, plan.clause, { plan: plan.name.zh, planEn: plan.name.en });
  }
}

interface TierWalk {
  readonly payable: Fen;
  readonly charged: Fen;
  readonly limit: Fen | null;
  readonly year: PlanYear;
}

function walkTiers(bill: Bill, plan: Plan, tiers: TierRule, walk: TierWalk): BandWalked {
  const { level } = bill.input;
  let bonus = 0n;
  for (const rule of plan.bonuses) {
    if (admits(rule.levels, level) && isFor(rule.who, bill.input)) bonus += rule.points;
  }
  return walkBands(tiers.bands, (band: Band) => boundedRatio(band.ratio[level], bonus, bill.cut), {
    amount: walk.payable,
    position: startOf(tiers, walk),
    measure: tiers.by === 'cumulative-paid' ? 'paid' : 'inscope',
    limit: walk.limit,
  });
}

/** Where on the tiers' measure the bill begins. A deductible inside the bands uses up the first of them. */
function startOf(tiers: TierRule, walk: TierWalk): Fen {
  if (tiers.by === 'cumulative-paid') return walk.year.paid();
  const inside = tiers.deductibleInsideBands ? walk.charged : 0n;
  if (tiers.by === 'bill-inscope') return inside as Fen;
  // The deductible of this bill is already in the year's figure; outside the bands none of it counts.
  const before = tiers.deductibleInsideBands
    ? walk.year.inscp()
    : walk.year.inscp() - walk.year.deductible() + walk.charged;
  return (before + inside) as Fen;
}

interface Limits {
  readonly perVisit: Fen | null;
  readonly plan: Fen | null;
  readonly ceiling: Fen | null;
  readonly least: Fen | null;
}

function limitsOf(bill: Bill, plan: Plan, year: PlanYear): Limits {
  const { policy, input } = bill;
  const yearly = plan.diseaseLimits?.get(input.chronicCode ?? '') ?? plan.annualLimit;
  const planLeft = yearly === null ? null : left(yearly, year.paid());
  const ceiling =
    policy.ceiling === null || !plan.countsTowardsCeiling
      ? null
      : left(policy.ceiling.annual, (input.accumulators.poolPaid + bill.delta.poolPaid) as Fen);
  let least: Fen | null = plan.perVisitLimit;
  for (const limit of [planLeft, ceiling]) {
    if (limit !== null && (least === null || limit < least)) least = limit;
  }
  return { perVisit: plan.perVisitLimit, plan: planLeft, ceiling, least };
}

function left(limit: Fen, used: Fen): Fen {
  return limit > used ? ((limit - used) as Fen) : ZERO_FEN;
}

function traceTiers(bill: Bill, plan: Plan, tiers: TierRule, walked: BandWalked): void {
  for (const part of walked.parts) {
    step(bill, 'tier', { base: part.base, ratio: part.ratio, amount: part.paid }, tiers.clause, {
      plan: plan.name.zh,
      planEn: plan.name.en,
      ...(part.upTo === null ? {} : { upTo: yuanText(part.upTo) }),
    });
  }
}

/** What lies beyond the pool's ceiling or above its last band goes on to the large-amount subsidy; beyond other limits it is personal. */
function closeAtLimit(bill: Bill, plan: Plan, walked: BandWalked, limits: Limits): void {
  if (walked.rest === 0n) return;
  const amounts = { base: walked.rest, amount: walked.paid };
  if (!walked.limitReached || (limits.ceiling !== null && limits.least === limits.ceiling)) {
    bill.overflow = (bill.overflow + walked.rest) as Fen;
    step(bill, 'pool-ceiling', amounts, bill.policy.ceiling?.clause ?? plan.clause);
  } else {
    const perVisit = limits.least === limits.perVisit;
    step(bill, perVisit ? 'per-visit-limit' : 'plan-limit', amounts, plan.clause, {
      plan: plan.name.zh,
      planEn: plan.name.en,
      limit: yuanText(limits.least ?? ZERO_FEN),
    });
  }
}
