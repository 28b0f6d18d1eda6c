import type { Fen, Rate } from '../../common/money/index.js';
import type { Clauses, Text } from './trace.js';
import type { AdvanceMode, Category, Fund, Level, Scheme } from './types.js';

/** A marginal band (分段): applies only to the part of the amount up to `upTo` of the budget; null = beyond the last bound. */
export interface Band {
  readonly upTo: Rate | null;
  /** Overspend: share that the fund bears. Saving: share that the provider keeps. */
  readonly share: Rate;
}

/** Named set-aside (单列资金), taken off before the budget is allocated. */
export interface SetAsideRule {
  readonly code: string;
  readonly name: Text;
  /** A fixed amount, an amount per insured head, or a share of the income after reserve. */
  readonly basis:
    { readonly kind: 'amount' | 'per-head'; readonly amount: Fen } | { readonly kind: 'share'; readonly share: Rate };
}

/** A pool of providers that shares one part of the budget (分组). */
export interface BudgetGroup {
  readonly code: string;
  readonly name: Text;
  readonly levels: readonly Level[];
  /** Fixed share of what is available; null = in proportion to the weights of its providers. */
  readonly share: Rate | null;
  /** Factors on the weight of each provider of the group (等级、病例组合、新业务…). */
  readonly coefficients: readonly { readonly code: string; readonly name: Text; readonly value: Rate }[];
}

export interface BudgetPolicy {
  readonly reserveRate: Rate;
  /** w₁, w₂, w₃ … for last year, the year before … */
  readonly historyWeights: readonly Rate[];
  readonly growth: Rate;
  readonly groups: readonly BudgetGroup[];
  readonly setAsides: readonly SetAsideRule[];
  readonly seasonality: 'last-year' | 'even';
  /** What a provider without history is measured by. */
  readonly newProviderUnit: 'bed' | 'signed-person';
  /** Funds and categories under the budget; the rest is paid as billed. */
  readonly funds: readonly Fund[];
  readonly categories: readonly Category[];
}

export interface AdvancePolicy {
  readonly mode: AdvanceMode;
  /** α of `share-of-actual`. */
  readonly alpha: Rate;
  /** ρ where the agreement names none. */
  readonly depositRate: Rate;
  /** Day of the next month from which the trial is started by the schedule. */
  readonly startDay: number;
  /** A change against last month beyond this share is an exception. */
  readonly monthOnMonthAlert: Rate;
  /** Budget use ahead of the time progress by more than these points is an exception. */
  readonly progressAlert: Rate;
}

export interface QualityConditions {
  /** Inpatient visits may be down by at most this share against last year. */
  readonly maxVisitDrop: Rate;
  readonly maxComplaints: number;
  readonly minScore: Rate;
}

export interface DualControlPolicy {
  /** C* and R* by level. */
  readonly targets: Readonly<Partial<Record<Level, { readonly cost: Fen; readonly ratio: Rate }>>>;
  readonly tolerance: Rate;
  readonly costRate: Rate;
  readonly ratioRate: Rate;
  /** The penalty is at most this share of A. */
  readonly cap: Rate;
}

export interface AssessmentPolicy {
  /** From this score the whole deposit comes back. */
  readonly full: Rate;
  /** Below it the deposit is forfeited; between, it comes back in proportion score / full. */
  readonly pass: Rate;
  /** From this score a provider shares in the forfeits. */
  readonly sharesFrom: Rate;
}

export interface ClearingPolicy {
  readonly overspend: readonly Band[];
  readonly saving: readonly Band[];
  readonly quality: QualityConditions;
  readonly dualControl: DualControlPolicy;
  readonly assessment: AssessmentPolicy;
  readonly readmission: {
    readonly withinDays: number;
    /** Specialities whose every readmission is reviewed. */
    readonly specialities: readonly string[];
    /** And general hospitals with at most so many beds. */
    readonly maxBeds: number;
  };
}

/** The payment policy of one scheme in force on a day; every result stores `version`. */
export interface PaymentPolicy {
  readonly poolArea: string;
  readonly scheme: Scheme;
  /** id@hash of the file and date that it came from. */
  readonly version: string;
  readonly clauses: Clauses;
  readonly budget: BudgetPolicy;
  readonly advance: AdvancePolicy;
  readonly clearing: ClearingPolicy;
}

/** The clauses that every payment policy must name. */
export const REQUIRED_CLAUSES = [
  'budget.available',
  'budget.weights',
  'budget.allocation',
  'budget.quotas',
  'advance.mode',
  'advance.deposit',
  'advance.suspension',
  'advance.as-billed',
  'advance.offset',
  'advance.deductions',
  'clearing.overspend',
  'clearing.saving',
  'clearing.quality',
  'clearing.dual-control',
  'clearing.assessment',
  'clearing.result',
] as const;
