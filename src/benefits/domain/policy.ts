import type { Fen, Rate } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import type { EligibilityDocument, Piece, PolicyDocument, Words } from './document.js';
import type { Category, FundCode, InsuredType, Level, Place, Referral, Scheme } from './types.js';

/** Whom a rule is for, ready to test. Empty or null = everybody. */
export interface WhoRule {
  readonly insuredTypes: ReadonlySet<InsuredType> | null;
  readonly marks: ReadonlySet<string> | null;
  readonly minAge: number | null;
}

/** Every ratio of a compiled policy has the denominator 1 000 000, so that sums of points are sums of numerators. */
export const RATIO_UNIT = 1_000_000n;

/** A band: applies up to `upTo` (null = without end). */
export interface Band {
  readonly from: Fen;
  readonly upTo: Fen | null;
  readonly ratio: Readonly<Record<Level, bigint>>;
}

export interface DeductibleRule {
  readonly kind: 'per-admission' | 'cumulative' | 'shared';
  readonly amounts: Readonly<Record<Place, Readonly<Record<Level, Fen>>>> | null;
  readonly admissionShares: readonly Rate[];
  readonly annualCap: Fen | null;
  readonly up: 'difference' | 'full' | 'none';
  readonly down: 'difference' | 'full' | 'none';
  readonly reliefs: readonly { readonly who: WhoRule; readonly share: Rate; readonly clause: string }[];
  readonly clause: string;
}

export interface TierRule {
  readonly by: 'bill-inscope' | 'cumulative-inscope' | 'cumulative-paid';
  readonly deductibleInsideBands: boolean;
  readonly bands: readonly Band[];
  readonly clause: string;
}

export interface Plan {
  readonly code: string;
  readonly name: Words;
  readonly who: WhoRule;
  readonly categories: ReadonlySet<Category> | null;
  readonly tags: ReadonlySet<string> | null;
  readonly chronicCodes: ReadonlySet<string> | null;
  readonly levels: ReadonlySet<Level> | null;
  readonly accumulator: 'inpatient' | 'outpatient' | 'disease' | 'own';
  readonly deductible: DeductibleRule | null;
  readonly tiers: TierRule | null;
  readonly bonuses: readonly {
    readonly who: WhoRule;
    readonly levels: ReadonlySet<Level> | null;
    readonly points: bigint;
    readonly clause: string;
  }[];
  readonly perVisitLimit: Fen | null;
  readonly annualLimit: Fen | null;
  /** Annual limit by chronic disease code; a code that is missing has `annualLimit`. */
  readonly diseaseLimits: ReadonlyMap<string, Fen> | null;
  readonly countsTowardsCeiling: boolean;
  readonly countsTowardsCatastrophic: boolean;
  readonly independent: boolean;
  readonly clause: string;
}

export interface OutOfAreaRule {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly places: ReadonlySet<Place>;
  readonly referrals: ReadonlySet<Referral> | null;
  readonly categories: ReadonlySet<Category> | null;
  readonly levels: ReadonlySet<Level> | null;
  readonly style: 'share-first' | 'ratio-cut' | 'refuse';
  readonly value: bigint;
  readonly exceptEmergency: boolean;
  readonly exceptMarks: ReadonlySet<string> | null;
  readonly clause: string;
}

/** A band of a rule that does not know levels. */
export interface PlainBand {
  readonly from: Fen;
  readonly upTo: Fen | null;
  readonly ratio: bigint;
}

export interface CatastrophicRule {
  readonly fund: FundCode;
  readonly counts: ReadonlySet<Piece>;
  readonly threshold: Fen;
  readonly bandsOn: 'burden' | 'excess';
  readonly bands: readonly PlainBand[];
  readonly annualCap: Fen | null;
  readonly special: readonly {
    readonly who: WhoRule;
    readonly thresholdShare: Rate;
    readonly points: bigint;
    readonly noCap: boolean;
    readonly clause: string;
  }[];
  readonly clause: string;
}

export interface LargeAmountRule {
  readonly bands: readonly PlainBand[];
  readonly annualCap: Fen | null;
  readonly cutApplies: boolean;
  readonly clause: string;
}

export interface SupplementRule {
  readonly fund: 'cvlserv' | 'hifes';
  readonly who: WhoRule;
  readonly categories: ReadonlySet<Category> | null;
  readonly preselfpay: boolean;
  readonly inscope: boolean;
  readonly ratio: Rate;
  readonly annualCap: Fen | null;
  readonly clause: string;
}

export interface AssistanceRule {
  readonly who: WhoRule;
  readonly categories: ReadonlySet<Category> | null;
  readonly ratio: Rate;
  readonly annualCap: Fen | null;
  readonly clause: string;
}

/** A benefit policy in force for a span of days in a region and scheme: the document and its compiled rules. */
export interface BenefitPolicy {
  readonly id: string;
  /** `id@hash`; stored with every settlement that used it. */
  readonly version: string;
  readonly region: string;
  readonly scheme: Scheme;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  readonly title: Words;
  readonly document: PolicyDocument;
  readonly lines: {
    readonly clause: string;
    readonly overLimitWithoutConsent: boolean;
    readonly ownPayWithoutConsent: boolean;
    readonly refusedByReview: boolean;
  };
  readonly outOfArea: readonly OutOfAreaRule[];
  readonly plans: readonly Plan[];
  readonly ceiling: { readonly annual: Fen; readonly clause: string } | null;
  readonly largeAmount: LargeAmountRule | null;
  readonly catastrophic: CatastrophicRule | null;
  readonly supplements: readonly SupplementRule[];
  readonly assistance: readonly AssistanceRule[];
  readonly account: {
    readonly covers: ReadonlySet<Piece>;
    readonly categories: ReadonlySet<Category> | null;
    readonly clause: string;
  } | null;
  readonly eligibility: EligibilityDocument;
}
