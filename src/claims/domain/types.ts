import type {
  Accumulators,
  CatalogueClass,
  Category,
  EligibilityFacts,
  InsuredType,
  Level,
  Referral,
  Scheme,
  TraceStep,
} from '../../benefits/index.js';
import type { Fen, Rate } from '../../common/money/index.js';
import type { LocalDate, Month } from '../../common/time/index.js';

/** Where a bill came from. */
export type BillSource = 'rest' | 'import' | 'demo';

/** One line of a bill as the provider sent it. */
export interface BillLine {
  /** The provider's line number, unique within the bill, from 1. */
  readonly lineNo: number;
  readonly itemCode: string;
  /** Decimal text, up to 4 decimals. */
  readonly quantity: string;
  /** Yuan, decimal text, up to 4 decimals. */
  readonly unitPrice: string;
  readonly amount: Fen;
  readonly feeDate: LocalDate;
  /** A restricted item used without the hospital's approval. */
  readonly restrictedUnapproved?: boolean;
  /** `false`: the patient did not agree in writing to pay for what lies outside the scheme. */
  readonly consent?: boolean;
  /** An item that is knowingly outside the catalogue: all own pay. */
  readonly outsideCatalogue?: boolean;
  /** The whole bill in one line, in scope (import of files that have totals only). Never from a provider's request. */
  readonly summary?: boolean;
}

/** A bill to be settled. Days are business days; `dischargedOn` is the day of visit for outpatients. */
export interface Bill {
  readonly billNo: string;
  readonly personId: string;
  readonly providerId: string;
  readonly category: Category;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
  readonly settledOn: LocalDate;
  readonly settleMonth: Month;
  readonly referral: Referral;
  readonly chronicCode?: string | undefined;
  readonly physicianId?: string | undefined;
  readonly departmentCode?: string | undefined;
  readonly mainDiagnosis?: string | undefined;
  readonly otherDiagnoses?: readonly string[] | undefined;
  readonly mainProcedure?: string | undefined;
  readonly otherProcedures?: readonly string[] | undefined;
  readonly dischargeWay?: string | undefined;
  readonly lines: readonly BillLine[];
  readonly source: BillSource;
  /** The moment of settlement of a bill from the past; left out = now. */
  readonly settledAt?: Date | undefined;
}

/** A catalogue item as the engine needs it, for one price level. */
export interface ItemFacts {
  readonly class: CatalogueClass;
  readonly selfpayRate: Rate;
  readonly ceiling?: Fen | undefined;
  readonly tag?: string | undefined;
}

/** What the database says about a bill before it is settled; `null` = there is none. */
export interface BillFacts {
  readonly person: {
    readonly areaCode: string;
    readonly birthDate: LocalDate;
    readonly marks: readonly string[];
  } | null;
  readonly coverage: EligibilityFacts['coverage'];
  readonly provider: {
    readonly level: Level;
    readonly priceLevel: string;
    readonly areaCode: string;
    readonly state: string;
    /** The agreement that holds the day of visit. */
    readonly agreement: EligibilityFacts['agreement'];
    /** Reason of the suspension that covers the day of settlement. */
    readonly suspendedNow: string | null;
  } | null;
  /** The physician's privilege at the institution on the day; null = none. */
  readonly privilege: NonNullable<EligibilityFacts['privilege']> | null;
  /** Version 0 = no row yet. */
  readonly accumulators: { readonly version: number; readonly values: Accumulators };
  readonly account: { readonly version: number; readonly balance: Fen };
  readonly monthClosed: boolean;
  /** Live settlement of the same bill number. */
  readonly existingId: string | null;
  /** What the idempotency key was used for before. */
  readonly replay: { readonly bodyHash: string; readonly settlementId: string | null } | null;
}

/** The amounts of a settlement row, by their short names; a reversal carries them negated. */
export interface SettlementAmounts {
  readonly total: Fen;
  readonly fulamtOwnpay: Fen;
  readonly overlmtSelfpay: Fen;
  readonly preselfpay: Fen;
  readonly inscp: Fen;
  readonly deductible: Fen;
  readonly hifp: Fen;
  readonly cvlserv: Fen;
  readonly hifes: Fen;
  readonly hifmi: Fen;
  readonly hifob: Fen;
  readonly maf: Fen;
  readonly oth: Fen;
  readonly fundPaySum: Fen;
  readonly special: Fen;
  readonly psnPart: Fen;
  readonly hospPart: Fen;
  readonly acctPay: Fen;
  readonly cashPay: Fen;
}

/** One settled line. */
export interface SettledLine {
  readonly lineNo: number;
  readonly itemCode: string;
  readonly class: CatalogueClass;
  readonly feeDate: LocalDate;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: Fen;
  readonly fulamtOwnpay: Fen;
  readonly overlmtSelfpay: Fen;
  readonly preselfpay: Fen;
  readonly inscp: Fen;
  readonly hospital: Fen;
}

/** A settlement or reversal as it is stored. */
export interface Settlement {
  readonly id: string;
  readonly kind: 'settlement' | 'reversal';
  readonly reversesId: string | null;
  readonly visitId: string;
  readonly billNo: string;
  readonly personId: string;
  readonly providerId: string;
  readonly providerArea: string;
  readonly areaCode: string;
  readonly scheme: Scheme;
  readonly insuredType: InsuredType;
  readonly category: Category;
  readonly level: Level;
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
  readonly settleMonth: Month;
  readonly settledOn: LocalDate;
  readonly settledAt: Date;
  readonly benefitYear: number;
  readonly emergency: boolean;
  readonly lineCount: number;
  readonly amounts: SettlementAmounts;
  readonly policyVersion: string;
  readonly delta: Accumulators;
  readonly trace: readonly TraceStep[];
  readonly source: BillSource;
  readonly postedBy: string;
}

/** A bill after the engine: what will be written, and against which versions. */
export interface ComputedBill {
  readonly bill: Bill;
  readonly settlement: Settlement;
  readonly lines: readonly SettledLine[];
  readonly after: Accumulators;
  readonly accumulatorVersion: number;
  readonly accountVersion: number;
  /** Facts of the day that are not columns, so that the settlement can be replayed. */
  readonly facts: Readonly<Record<string, unknown>>;
}
