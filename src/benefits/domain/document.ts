import type { Category, FundCode, InsuredType, Level, Place, Referral, Scheme } from './types.js';

/**
 * The shape of a benefit policy file (待遇政策文件), as docs/policy-guide.md explains it to a policy officer.
 * Money is yuan (1200 or "1200.50"); a ratio is 0.85 or "85%"; a day is YYYY-MM-DD; spans are half-open.
 */
export interface PolicyDocument {
  readonly kind: 'benefits';
  readonly id: string;
  readonly region: string;
  readonly scheme: Scheme;
  readonly validFrom: string;
  /** First day on which the policy is no longer in force; left out = until further notice. */
  readonly validTo?: string;
  readonly title: Words;
  readonly sources: readonly { readonly name: string; readonly article?: string; readonly note?: string }[];
  readonly lines: LinesDocument;
  readonly outOfArea?: readonly OutOfAreaDocument[];
  readonly plans: Readonly<Record<string, PlanDocument>>;
  readonly ceiling?: { readonly annual: Yuan; readonly clause: string };
  readonly largeAmount?: LargeAmountDocument;
  readonly catastrophic?: CatastrophicDocument;
  readonly supplements?: readonly SupplementDocument[];
  readonly assistance?: readonly AssistanceDocument[];
  readonly account?: AccountDocument;
  readonly eligibility: EligibilityDocument;
}

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export type Yuan = number | string;
export type Ratio = number | string;
/** What of a bill a person still has to pay, from inside the scheme to outside. */
export type Piece = 'inscope' | 'preselfpay' | 'overlimit' | 'ownpay';

export interface LinesDocument {
  readonly clause: string;
  /** Parts that the hospital bears instead of the person. */
  readonly hospitalBears?: {
    readonly overLimitWithoutConsent?: boolean;
    readonly ownPayWithoutConsent?: boolean;
    readonly refusedByReview?: boolean;
  };
}

export interface OutOfAreaDocument {
  readonly from?: string;
  readonly to?: string;
  readonly places: readonly Place[];
  readonly referrals?: readonly Referral[];
  readonly categories?: readonly Category[];
  readonly levels?: readonly Level[];
  /** share-first: a share of the in-scope amount is paid first; ratio-cut: points off every ratio; refuse: no benefit. */
  readonly style: 'share-first' | 'ratio-cut' | 'refuse';
  /** Share or points, by the style. */
  readonly value?: Ratio;
  readonly exceptEmergency?: boolean;
  readonly exceptMarks?: readonly string[];
  readonly clause: string;
}

/** Whom or what a rule is for; every condition that is given must hold, and one entry of a list is enough. */
export interface Who {
  readonly insuredTypes?: readonly InsuredType[];
  readonly marks?: readonly string[];
  readonly minAge?: number;
}

export interface PlanDocument {
  readonly name: Words;
  readonly for: Who & {
    readonly categories?: readonly Category[];
    readonly tags?: readonly string[];
    readonly chronicCodes?: readonly string[];
    readonly levels?: readonly Level[];
  };
  /** Whose yearly figures the plan uses: inpatient, outpatient, by chronic disease, or its own. */
  readonly accumulator: 'inpatient' | 'outpatient' | 'disease' | 'own';
  readonly deductible?: DeductibleDocument;
  readonly tiers?: TiersDocument;
  readonly bonuses?: readonly (Who & {
    readonly points: Ratio;
    readonly levels?: readonly Level[];
    readonly clause: string;
  })[];
  readonly perVisitLimit?: Yuan;
  readonly annualLimit?: Yuan | Readonly<Record<string, Yuan>>;
  /** Its payments use up the pool's annual ceiling (default yes). */
  readonly countsTowardsCeiling?: boolean;
  /** What is left to the person counts for the catastrophic insurance (default yes). */
  readonly countsTowardsCatastrophic?: boolean;
  /** Settled independently of every payment method (独立核算). */
  readonly independent?: boolean;
  readonly clause: string;
}

export type LevelYuan = Readonly<Record<Level, Yuan>>;

export interface DeductibleDocument {
  /** per-admission 按次; cumulative 年度累计补差; shared: what the bill's main plan has not used up. */
  readonly kind: 'per-admission' | 'cumulative' | 'shared';
  readonly amounts?: Readonly<Partial<Record<Place, LevelYuan>>>;
  /** Share by the ordinal of the admission; the last one goes on for all later ones. */
  readonly admissionShares?: readonly Ratio[];
  readonly annualCap?: Yuan;
  readonly referral?: { readonly up: 'difference' | 'full' | 'none'; readonly down: 'difference' | 'full' | 'none' };
  readonly reliefs?: readonly (Who & { readonly share: Ratio; readonly clause: string })[];
  readonly clause: string;
}

export interface TiersDocument {
  /** What the bands are measured on. */
  readonly by: 'bill-inscope' | 'cumulative-inscope' | 'cumulative-paid';
  /** The deductible lies inside the first band (default yes). */
  readonly deductibleInsideBands?: boolean;
  readonly bands: readonly { readonly upTo?: Yuan; readonly ratio: Ratio | Readonly<Record<Level, Ratio>> }[];
  readonly clause: string;
}

export interface LargeAmountDocument {
  readonly bands: readonly { readonly upTo?: Yuan; readonly ratio: Ratio }[];
  readonly annualCap?: Yuan;
  readonly cutApplies?: boolean;
  readonly clause: string;
}

export interface CatastrophicDocument {
  readonly fund?: FundCode;
  readonly counts: readonly Piece[];
  readonly threshold: Yuan;
  /** burden: bands are marks on the cumulative burden; excess: bands begin at the threshold. */
  readonly bandsOn: 'burden' | 'excess';
  readonly bands: readonly { readonly upTo?: Yuan; readonly ratio: Ratio }[];
  readonly annualCap?: Yuan;
  readonly special?: readonly (Who & {
    readonly thresholdShare?: Ratio;
    readonly points?: Ratio;
    readonly noCap?: boolean;
    readonly clause: string;
  })[];
  readonly clause: string;
}

export interface SupplementDocument {
  readonly fund: 'cvlserv' | 'hifes';
  readonly for: Who & { readonly categories?: readonly Category[] };
  readonly base: readonly ('inscope' | 'preselfpay')[];
  readonly ratio: Ratio;
  readonly annualCap?: Yuan;
  readonly clause: string;
}

export interface AssistanceDocument {
  readonly for: Who & { readonly categories?: readonly Category[] };
  readonly ratio: Ratio;
  readonly annualCap?: Yuan;
  readonly clause: string;
}

export interface AccountDocument {
  readonly covers: readonly Piece[];
  readonly categories?: readonly Category[];
  readonly clause: string;
}

export interface EligibilityDocument {
  readonly newbornGraceDays: number;
  /** Emergency rescue is paid although the provider's agreement is suspended. */
  readonly emergencyDespiteSuspension: boolean;
  readonly physicianRequired: readonly Category[];
  readonly clause: string;
}
