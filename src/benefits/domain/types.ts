import type { Fen, Rate } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';

/** Insurance scheme (险种): 310 employee (职工), 390 urban-rural resident (城乡居民). */
export type Scheme = '310' | '390';

/** What the person is in the scheme (参保身份). */
export type InsuredType = 'employed' | 'retired' | 'adult' | 'student' | 'newborn';

/** Clearing category (清算类别) of the visit: outpatient 普通门诊, chronic 门诊慢特病, inpatient 住院, pharmacy 药店购药. */
export type Category = 'outpatient' | 'chronic' | 'inpatient' | 'pharmacy';

/** Level of the provider (医院等级): tertiary 三级, secondary 二级, primary 一级及以下. A pharmacy counts as primary. */
export type Level = 'tertiary' | 'secondary' | 'primary';

/** Where the care was given: in the pool area (统筹区内), outside with filing (已备案异地), outside without filing (未备案异地). */
export type Place = 'in-pool' | 'out-filed' | 'out-unfiled';

/** Referral (转诊): none = one was needed and is missing; not-needed; referred; emergency (急诊抢救, excepted from every cut). */
export type Referral = 'none' | 'referred' | 'emergency' | 'not-needed';

/** Catalogue class (目录等级): A 甲, B 乙, C 丙; none = not in the catalogue. */
export type CatalogueClass = 'A' | 'B' | 'C' | 'none';

/** What the reviewer allowed of a line. A field left out is not decided; an approved quantity of "0" means nothing is allowed. */
export interface ApprovedLine {
  /** Yuan, decimal text, up to 4 decimals. */
  readonly unitPrice?: string;
  /** Decimal text, up to 4 decimals. */
  readonly quantity?: string;
}

/** One line of a bill, with the facts of the catalogue already looked up by the caller. */
export interface BenefitLine {
  readonly lineNo: number;
  readonly itemCode: string;
  readonly class: CatalogueClass;
  /** A restricted item (限制用药/项目) used without the hospital's approval: own-pay. */
  readonly restrictedUnapproved?: boolean;
  /** What the hospital billed for the line, ≥ 0. */
  readonly amount: Fen;
  /** Decimal text, up to 4 decimals, ≥ 0. */
  readonly quantity: string;
  /** Yuan, decimal text, up to 4 decimals, ≥ 0. */
  readonly unitPrice: string;
  /** Ceiling of the unit price (医保支付标准/限价) for the provider's price level; left out = no ceiling. */
  readonly ceiling?: Fen;
  /** Share that the person pays first of a class B item (乙类先行自付比例), 0 … 1. */
  readonly selfpayRate: Rate;
  /** Special tag of the catalogue, e.g. 'special-drug' (特药), 'two-disease' (两病用药), 'consultation' (诊查费). Chooses the line's plan. */
  readonly tag?: string;
  /** `false`: the patient did not sign for what lies outside the scheme; a policy may make the hospital bear it. Left out = signed. */
  readonly consent?: boolean;
  /** The reviewer's decision on the line, if one was taken before the settlement. */
  readonly approved?: ApprovedLine;
}

/** The admission from which the patient was sent on for the same illness (同一疾病转院), for the deductible. */
export interface ReferredFrom {
  readonly level: Level;
  /** Deductible charged by the earlier admission. */
  readonly deductible: Fen;
}

/**
 * What a person has used up in a year of a scheme (年度累计). All amounts ≥ 0; start of the year = `emptyAccumulators()`.
 * One row per person × scheme × year.
 */
export interface Accumulators {
  /** Admissions settled in the year. */
  readonly admissions: number;
  /** Inpatient deductible charged (起付线累计). */
  readonly deductiblePaid: Fen;
  /** In-scope amount counted towards the inpatient tiers (政策范围内累计). */
  readonly inscp: Fen;
  /** Pool payments counted towards the annual ceiling (统筹支付累计). */
  readonly poolPaid: Fen;
  /** Personal burden counted for the catastrophic insurance, before it paid (大病合规自付累计). */
  readonly burden: Fen;
  /** Resident catastrophic insurance paid (居民大病). */
  readonly catastrophicPaid: Fen;
  /** Employee large-amount subsidy paid (职工大额). */
  readonly largePaid: Fen;
  /** Civil-servant subsidy paid (公务员补助). */
  readonly civilServantPaid: Fen;
  /** Employer supplement paid (企业补充). */
  readonly employerPaid: Fen;
  /** Medical assistance paid (医疗救助). */
  readonly assistancePaid: Fen;
  /** Pooled outpatient paid (普通门诊统筹). */
  readonly outpatientPaid: Fen;
  /** In-scope outpatient amount (门诊政策范围内累计). */
  readonly outpatientInscp: Fen;
  /** Outpatient deductible charged (门诊起付线累计). */
  readonly outpatientDeductible: Fen;
  /**
   * Fund paid by plan with its own ceiling: key = disease code of a chronic filing or code of the plan ('special-drug' …);
   * `<key>#deductible` holds the deductible of such a plan, `<key>#inscp` its in-scope amount where its tiers are measured by
   * that. Missing key = 0.
   */
  readonly chronicPaid: Readonly<Record<string, Fen>>;
}

/** Everything the engine needs to know about a bill. No clock, no look-ups: equal inputs and policy give equal results. */
export interface BenefitInput {
  readonly scheme: Scheme;
  readonly insuredType: InsuredType;
  /** Marks in force on the day of visit: 'tekun', 'dibao', 'poor', 'civil-servant', 'employer-supplement', 'veteran', 'family-doctor' … */
  readonly identityMarks: readonly string[];
  /** Completed years on the day of visit. */
  readonly ageYears: number;
  readonly category: Category;
  readonly level: Level;
  /** Price level of the provider; the caller has already chosen the lines' ceilings by it. */
  readonly priceLevel: string;
  /** Day of the visit; for inpatient care the day of discharge. Chooses the dated rules. */
  readonly visitDate: LocalDate;
  readonly place: Place;
  readonly referral: Referral;
  /** The earlier admission when the patient was referred on for the same illness. */
  readonly referredFrom?: ReferredFrom;
  readonly diagnosisCode?: string;
  /** Filed chronic or special disease (门诊慢特病备案病种) that this visit treats. */
  readonly chronicCode?: string;
  /** Which admission of the year this is, from 1; left out = accumulators.admissions + 1. */
  readonly admissionOrdinal?: number;
  readonly lines: readonly BenefitLine[];
  readonly accumulators: Accumulators;
  /** Balance of the person's own account (个人账户); 0 for residents. */
  readonly accountBalance: Fen;
}

/** How one line was split. total = fulamtOwnpay + overlmtSelfpay + preselfpay + inscp. */
export interface LineSplit {
  readonly lineNo: number;
  readonly total: Fen;
  /** Outside the scheme altogether (全自费). */
  readonly fulamtOwnpay: Fen;
  /** Above the price ceiling (超限价自费). */
  readonly overlmtSelfpay: Fen;
  /** Paid first by the person (先行自付): class B share and the extra share of out-of-area care. */
  readonly preselfpay: Fen;
  /** In scope of the policy (符合政策范围). */
  readonly inscp: Fen;
  /** Part of fulamtOwnpay + overlmtSelfpay that the hospital bears. */
  readonly hospital: Fen;
  /** Code of the plan that the line's in-scope amount went to, e.g. 'inpatient', 'special-drug'. */
  readonly plan: string;
}

/** Sums of the lines. total = fulamtOwnpay + overlmtSelfpay + preselfpay + inscp. */
export interface BillTotals {
  readonly total: Fen;
  readonly fulamtOwnpay: Fen;
  readonly overlmtSelfpay: Fen;
  readonly preselfpay: Fen;
  readonly inscp: Fen;
}

/** Payments by fund. */
export interface Funds {
  /** Basic pool (统筹基金). */
  readonly hifp: Fen;
  /** Civil-servant subsidy (公务员医疗补助). */
  readonly cvlserv: Fen;
  /** Employer supplement (企业补充医疗保险). */
  readonly hifes: Fen;
  /** Resident catastrophic insurance (居民大病保险). */
  readonly hifmi: Fen;
  /** Employee large-amount subsidy (职工大额医疗费用补助). */
  readonly hifob: Fen;
  /** Medical assistance (医疗救助). */
  readonly maf: Fen;
  /** Other (其他). */
  readonly oth: Fen;
}

export type FundCode = keyof Funds;

/** One step of the calculation, in order. `code` names the sentence that `explain` says for it. */
export interface TraceStep {
  readonly code: TraceCode;
  /** What the ratio was applied to, or what was compared. */
  readonly base: Fen;
  /** Decimal text of the exact ratio, e.g. "0.85"; null when the step has none. */
  readonly ratio: string | null;
  readonly amount: Fen;
  /** Article of the policy that the step applied. */
  readonly clause: string;
  /** Further facts for the sentence; money as yuan text, counts as numbers. */
  readonly params: Readonly<Record<string, string | number>>;
}

export type TraceCode =
  | 'lines'
  | 'refused-by-review'
  | 'hospital-bears'
  | 'out-of-area-share'
  | 'out-of-area-cut'
  | 'emergency-exception'
  | 'deductible'
  | 'deductible-outpatient'
  | 'tier'
  | 'per-visit-limit'
  | 'plan-limit'
  | 'pool-ceiling'
  | 'large-amount'
  | 'catastrophic-burden'
  | 'catastrophic-tier'
  | 'catastrophic-cap'
  | 'civil-servant'
  | 'employer-supplement'
  | 'assistance'
  | 'independent'
  | 'account'
  | 'cash';

/**
 * What a bill (or the reversal of one) moves. Identities, exact to the fen:
 * total = fulamtOwnpay + overlmtSelfpay + preselfpay + inscp; total = fundPaySum + psnPart + hospPart;
 * psnPart = acctPay + cashPay; fundPaySum = Σ funds. A reversal is the same numbers negated.
 */
export interface BenefitAmounts {
  readonly lines: readonly LineSplit[];
  readonly totals: BillTotals;
  readonly funds: Funds;
  readonly fundPaySum: Fen;
  readonly psnPart: Fen;
  readonly hospPart: Fen;
  readonly acctPay: Fen;
  readonly cashPay: Fen;
  /** Deductible charged by this bill, inpatient and outpatient together. */
  readonly deductible: Fen;
  /** Part of fundPaySum for special drugs and items settled independently (独立核算), outside every payment method. */
  readonly special: Fen;
  /** What the bill adds to the accumulators; a reversal gives exactly this back. */
  readonly delta: Accumulators;
  readonly trace: readonly TraceStep[];
  /** `id@hash` of the policy that was applied. */
  readonly policyVersion: string;
}

/** Result of a settlement: the amounts and the accumulators after it. */
export interface BenefitResult extends BenefitAmounts {
  /** accumulators of the input + delta. */
  readonly after: Accumulators;
}
