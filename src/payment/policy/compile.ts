import { DomainError } from '../../common/errors/index.js';
import { parseYuan, rate } from '../../common/money/index.js';
import { compareRates, minus, onePlus } from '../domain/rates.js';
import { paymentErrors } from '../domain/errors.js';
import type { Band, BudgetPolicy, ClearingPolicy, PaymentPolicy, SetAsideRule } from '../domain/policy.js';
import type { Clauses, Text } from '../domain/trace.js';
import type { AdvanceMode, Category, Fund, Level, Scheme } from '../domain/types.js';

interface BandDocument {
  readonly upTo: string | null;
  readonly share: string;
}

/** A scheme's rules as they stand in the files, after the schema has accepted them. */
export interface RulesDocument {
  readonly id: string;
  readonly region: string;
  readonly scheme: Scheme;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly title: Text;
  readonly clauses: Clauses;
  readonly budget: {
    readonly reserveRate: string;
    readonly historyWeights: readonly string[];
    readonly growth: string;
    readonly seasonality: 'last-year' | 'even';
    readonly newProviderUnit: 'bed' | 'signed-person';
    readonly funds: readonly Fund[];
    readonly categories: readonly Category[];
    readonly groups: readonly {
      readonly code: string;
      readonly name: Text;
      readonly levels: readonly Level[];
      readonly share: string | null;
      readonly coefficients: readonly { readonly code: string; readonly name: Text; readonly value: string }[];
    }[];
    readonly setAsides: readonly {
      readonly code: string;
      readonly name: Text;
      readonly basis: { readonly amount?: string; readonly perHead?: string; readonly share?: string };
    }[];
  };
  readonly advance: {
    readonly mode: AdvanceMode;
    readonly alpha: string;
    readonly depositRate: string;
    readonly startDay: number;
    readonly monthOnMonthAlert: string;
    readonly progressAlert: string;
  };
  readonly clearing: {
    readonly overspend: readonly BandDocument[];
    readonly saving: readonly BandDocument[];
    readonly quality: { readonly maxVisitDrop: string; readonly maxComplaints: number; readonly minScore: string };
    readonly dualControl: {
      readonly targets: Readonly<Partial<Record<Level, { readonly cost: string; readonly ratio: string }>>>;
      readonly tolerance: string;
      readonly costRate: string;
      readonly ratioRate: string;
      readonly cap: string;
    };
    readonly assessment: { readonly full: string; readonly pass: string; readonly sharesFrom: string };
    readonly readmission: ClearingPolicy['readmission'];
  };
}

/**
 * Turns a checked document into exact rates and amounts, and refuses what a schema cannot see: bands that do not rise, a
 * level in two groups, a deposit larger than what is held back. Error `payment.policy-invalid`.
 */
export function compilePaymentPolicy(document: RulesDocument, version: string): PaymentPolicy {
  const { advance } = document;
  const policy: PaymentPolicy = {
    poolArea: document.region,
    scheme: document.scheme,
    version,
    clauses: document.clauses,
    budget: compileBudget(document),
    advance: {
      mode: advance.mode,
      alpha: rate(advance.alpha),
      depositRate: rate(advance.depositRate),
      startDay: advance.startDay,
      monthOnMonthAlert: rate(advance.monthOnMonthAlert),
      progressAlert: rate(advance.progressAlert),
    },
    clearing: compileClearing(document.clearing),
  };
  requireGroups(policy.budget, document.id);
  const { alpha, depositRate, mode } = policy.advance;
  if (mode === 'share-of-actual' && compareRates(depositRate, minus(onePlus(rate('0')), alpha)) > 0) {
    invalid(document.id, 'advance.depositRate > 1 − alpha');
  }
  return policy;
}

/** Reads bands; also for a what-if, where they come from a request. */
export function compileBands(bands: readonly BandDocument[], where: string): Band[] {
  const compiled = bands.map((band) => ({
    upTo: band.upTo === null ? null : rate(band.upTo),
    share: rate(band.share),
  }));
  let before = rate('0');
  for (const [index, band] of compiled.entries()) {
    const isLast = index === compiled.length - 1;
    if (band.upTo === null ? !isLast : compareRates(band.upTo, before) <= 0)
      invalid(where, 'bands must rise, null last');
    before = band.upTo ?? before;
    if (compareRates(band.share, rate('1')) > 0) invalid(where, 'a share is at most 1');
  }
  return compiled;
}

function compileBudget({ budget }: RulesDocument): BudgetPolicy {
  return {
    reserveRate: rate(budget.reserveRate),
    historyWeights: budget.historyWeights.map(rate),
    growth: rate(budget.growth),
    seasonality: budget.seasonality,
    newProviderUnit: budget.newProviderUnit,
    funds: budget.funds,
    categories: budget.categories,
    groups: budget.groups.map((group) => ({
      code: group.code,
      name: group.name,
      levels: group.levels,
      share: group.share === null ? null : rate(group.share),
      coefficients: group.coefficients.map(({ code, name, value }) => ({ code, name, value: rate(value) })),
    })),
    setAsides: budget.setAsides.map(({ code, name, basis }) => ({ code, name, basis: compileBasis(basis) })),
  };
}

function compileBasis(basis: {
  readonly amount?: string;
  readonly perHead?: string;
  readonly share?: string;
}): SetAsideRule['basis'] {
  if (basis.perHead !== undefined) return { kind: 'per-head', amount: parseYuan(basis.perHead) };
  if (basis.amount !== undefined) return { kind: 'amount', amount: parseYuan(basis.amount) };
  return { kind: 'share', share: rate(basis.share ?? '0') };
}

function compileClearing(clearing: RulesDocument['clearing']): ClearingPolicy {
  const { quality, dualControl, assessment } = clearing;
  const targets: Partial<Record<Level, { cost: ReturnType<typeof parseYuan>; ratio: ReturnType<typeof rate> }>> = {};
  for (const level of ['tertiary', 'secondary', 'primary'] as const) {
    const target = dualControl.targets[level];
    if (target !== undefined) targets[level] = { cost: parseYuan(target.cost), ratio: rate(target.ratio) };
  }
  return {
    overspend: compileBands(clearing.overspend, 'clearing.overspend'),
    saving: compileBands(clearing.saving, 'clearing.saving'),
    quality: {
      maxVisitDrop: rate(quality.maxVisitDrop),
      maxComplaints: quality.maxComplaints,
      minScore: rate(quality.minScore),
    },
    dualControl: {
      targets,
      tolerance: rate(dualControl.tolerance),
      costRate: rate(dualControl.costRate),
      ratioRate: rate(dualControl.ratioRate),
      cap: rate(dualControl.cap),
    },
    assessment: {
      full: rate(assessment.full),
      pass: rate(assessment.pass),
      sharesFrom: rate(assessment.sharesFrom),
    },
    readmission: clearing.readmission,
  };
}

function requireGroups(budget: BudgetPolicy, file: string): void {
  const levels = budget.groups.flatMap((group) => group.levels);
  if (new Set(levels).size !== levels.length) invalid(file, 'a level stands in two budget groups');
  const fixed = budget.groups.flatMap((group) => (group.share === null ? [] : [group.share]));
  const sum = fixed.reduce((total, share) => minus(total, minus(rate('0'), share)), rate('0'));
  if (compareRates(sum, rate('1')) > 0) invalid(file, 'the fixed shares of the groups exceed 1');
}

function invalid(file: string, reason: string): never {
  throw new DomainError(paymentErrors['policy-invalid'], { reason: `${file}: ${reason}` });
}
