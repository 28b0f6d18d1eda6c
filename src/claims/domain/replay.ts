import type { Accumulators, BenefitInput, BenefitLine, Place, Referral } from '../../benefits/index.js';
import { fen, type Rate, rate } from '../../common/money/index.js';
import type { SettledLine, Settlement } from './types.js';

/** What `factsOf` stored of a line beyond its columns. */
interface LineRemark {
  readonly restrictedUnapproved?: boolean;
  readonly consent?: boolean;
  readonly ceiling?: string;
  readonly tag?: string;
  readonly selfpay?: readonly [string, string];
}

/** The `facts` column of a visit. */
export interface StoredFacts {
  readonly marks: readonly string[];
  readonly age: number;
  readonly priceLevel: string;
  readonly place: Place;
  readonly referral: Referral;
  readonly chronicCode?: string;
  readonly accountBefore: string;
  readonly lines?: Readonly<Record<string, LineRemark>>;
}

/**
 * The engine's input of a settlement that is stored, on accumulators of the caller's choice: with those that stood before
 * it the engine gives the stored result again; with others it answers what the bill would have been.
 */
export function replayInput(
  settlement: Settlement,
  lines: readonly SettledLine[],
  facts: StoredFacts,
  mainDiagnosis: string | null,
  accumulators: Accumulators,
): BenefitInput {
  return {
    scheme: settlement.scheme,
    insuredType: settlement.insuredType,
    identityMarks: facts.marks,
    ageYears: facts.age,
    category: settlement.category,
    level: settlement.level,
    priceLevel: facts.priceLevel,
    visitDate: settlement.dischargedOn,
    place: facts.place,
    referral: facts.referral,
    ...(mainDiagnosis === null ? {} : { diagnosisCode: mainDiagnosis }),
    ...(facts.chronicCode === undefined ? {} : { chronicCode: facts.chronicCode }),
    lines: lines.map((line) => benefitLine(line, facts.lines?.[String(line.lineNo)] ?? {})),
    accumulators,
    accountBalance: fen(BigInt(facts.accountBefore)),
  };
}

function benefitLine(line: SettledLine, remark: LineRemark): BenefitLine {
  return {
    lineNo: line.lineNo,
    itemCode: line.itemCode,
    class: line.class,
    amount: line.amount,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    selfpayRate: selfpayOf(line, remark),
    ...(remark.ceiling === undefined ? {} : { ceiling: fen(BigInt(remark.ceiling)) }),
    ...(remark.tag === undefined ? {} : { tag: remark.tag }),
    ...(remark.restrictedUnapproved === undefined ? {} : { restrictedUnapproved: remark.restrictedUnapproved }),
    ...(remark.consent === undefined ? {} : { consent: remark.consent }),
  };
}

function selfpayOf(line: SettledLine, remark: LineRemark): Rate {
  if (remark.selfpay !== undefined) {
    const [numerator, denominator] = remark.selfpay;
    return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
  }
  return rate(line.class === 'C' || line.class === 'none' ? '1' : '0');
}
