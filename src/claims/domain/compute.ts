import type { BenefitAmounts, BenefitInput, BenefitLine, BenefitResult } from '../../benefits/index.js';
import { DomainError } from '../../common/errors/index.js';
import { rate } from '../../common/money/index.js';
import { ageOn, yearOf } from '../../common/time/index.js';
import { claimsErrors } from '../errors.js';
import type { EligibleFacts } from './eligibility.js';
import type { Bill, BillLine, ComputedBill, ItemFacts, SettledLine, Settlement, SettlementAmounts } from './types.js';

const NO_SELFPAY = rate('0');
const ALL_SELFPAY = rate('1');

/** Looks an item up on a day for a price level; undefined = not in the catalogue. */
export type ItemLookup = (code: string, line: BillLine) => ItemFacts | undefined;

/**
 * The engine's input from a bill and the facts of the day. Error `claims.unknown-items` names all lines whose code is not
 * in the catalogue; an item that is knowingly outside it must be marked and is own pay.
 */
export function benefitInput(bill: Bill, facts: EligibleFacts, lookup: ItemLookup): BenefitInput {
  const unknown: { line: number; itemCode: string }[] = [];
  const lines: BenefitLine[] = [];
  for (const line of bill.lines) {
    const item = itemOf(line, lookup);
    if (item === undefined) unknown.push({ line: line.lineNo, itemCode: line.itemCode });
    else lines.push(benefitLine(line, item));
  }
  if (unknown.length > 0) {
    throw new DomainError(claimsErrors['unknown-items'], {
      items: unknown.slice(0, 20).map(({ line, itemCode }) => `${String(line)}: ${itemCode}`),
      errors: unknown,
    });
  }
  return {
    scheme: facts.coverage.scheme,
    insuredType: facts.coverage.insuredType,
    identityMarks: facts.person.marks,
    ageYears: ageOn(facts.person.birthDate, bill.dischargedOn),
    category: bill.category,
    level: facts.provider.level,
    priceLevel: facts.provider.priceLevel,
    visitDate: bill.dischargedOn,
    place: 'in-pool',
    referral: bill.referral,
    ...(bill.mainDiagnosis === undefined ? {} : { diagnosisCode: bill.mainDiagnosis }),
    ...(bill.chronicCode === undefined ? {} : { chronicCode: bill.chronicCode }),
    lines,
    accumulators: facts.accumulators.values,
    accountBalance: facts.account.balance,
  };
}

function itemOf(line: BillLine, lookup: ItemLookup): ItemFacts | undefined {
  if (line.summary === true) return { class: 'A', selfpayRate: NO_SELFPAY };
  if (line.outsideCatalogue === true) return { class: 'none', selfpayRate: ALL_SELFPAY };
  return lookup(line.itemCode, line);
}

function benefitLine(line: BillLine, item: ItemFacts): BenefitLine {
  return {
    lineNo: line.lineNo,
    itemCode: line.itemCode,
    class: item.class,
    amount: line.amount,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    selfpayRate: item.selfpayRate,
    ...(item.ceiling === undefined ? {} : { ceiling: item.ceiling }),
    ...(item.tag === undefined ? {} : { tag: item.tag }),
    ...(line.restrictedUnapproved === undefined ? {} : { restrictedUnapproved: line.restrictedUnapproved }),
    ...(line.consent === undefined ? {} : { consent: line.consent }),
  };
}

/** Ids and circumstances that the pure part is given, because it may neither look at a clock nor draw a number. */
export interface Stamp {
  readonly settlementId: string;
  readonly visitId: string;
  readonly settledAt: Date;
  readonly postedBy: string;
}

/** Puts the engine's result into the form in which it is stored. */
export function computedBill(
  bill: Bill,
  facts: EligibleFacts,
  input: BenefitInput,
  result: BenefitResult,
  stamp: Stamp,
): ComputedBill {
  const settlement: Settlement = {
    id: stamp.settlementId,
    kind: 'settlement',
    reversesId: null,
    visitId: stamp.visitId,
    billNo: bill.billNo,
    personId: bill.personId,
    providerId: bill.providerId,
    providerArea: facts.provider.areaCode,
    areaCode: facts.person.areaCode,
    scheme: facts.coverage.scheme,
    insuredType: facts.coverage.insuredType,
    category: bill.category,
    level: facts.provider.level,
    admittedOn: bill.admittedOn,
    dischargedOn: bill.dischargedOn,
    settleMonth: bill.settleMonth,
    settledOn: bill.settledOn,
    settledAt: stamp.settledAt,
    benefitYear: yearOf(bill.dischargedOn),
    emergency: bill.referral === 'emergency',
    lineCount: bill.lines.length,
    amounts: amountsOf(result),
    policyVersion: result.policyVersion,
    delta: result.delta,
    trace: result.trace,
    source: bill.source,
    postedBy: stamp.postedBy,
  };
  return {
    bill,
    settlement,
    lines: settledLines(bill, input, result),
    after: result.after,
    accumulatorVersion: facts.accumulators.version,
    accountVersion: facts.account.version,
    facts: factsOf(input),
  };
}

/** The amounts of a settlement row from the engine's result. */
function amountsOf(result: BenefitAmounts): SettlementAmounts {
  return {
    ...result.totals,
    ...result.funds,
    deductible: result.deductible,
    fundPaySum: result.fundPaySum,
    special: result.special,
    psnPart: result.psnPart,
    hospPart: result.hospPart,
    acctPay: result.acctPay,
    cashPay: result.cashPay,
  };
}

function settledLines(bill: Bill, input: BenefitInput, result: BenefitAmounts): SettledLine[] {
  return bill.lines.map((line, index) => {
    const split = result.lines[index];
    const item = input.lines[index];
    if (split?.lineNo !== line.lineNo || item === undefined)
      throw new Error('the engine must answer every line in order');
    return {
      lineNo: line.lineNo,
      itemCode: line.itemCode,
      class: item.class,
      feeDate: line.feeDate,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      amount: split.total,
      fulamtOwnpay: split.fulamtOwnpay,
      overlmtSelfpay: split.overlmtSelfpay,
      preselfpay: split.preselfpay,
      inscp: split.inscp,
      hospital: split.hospital,
    };
  });
}

// What the settlement row has as columns is not repeated; lines that said more than their columns keep it here.
function factsOf(input: BenefitInput): Record<string, unknown> {
  const remarks = input.lines.flatMap((line) => {
    const remark = {
      ...(line.restrictedUnapproved === true ? { restrictedUnapproved: true } : {}),
      ...(line.consent === false ? { consent: false } : {}),
      ...(line.ceiling === undefined ? {} : { ceiling: line.ceiling.toString() }),
      ...(line.tag === undefined ? {} : { tag: line.tag }),
      ...(line.class === 'B'
        ? { selfpay: [line.selfpayRate.numerator.toString(), line.selfpayRate.denominator.toString()] }
        : {}),
    };
    return Object.keys(remark).length > 0 ? [[String(line.lineNo), remark] as const] : [];
  });
  return {
    marks: input.identityMarks,
    age: input.ageYears,
    priceLevel: input.priceLevel,
    place: input.place,
    referral: input.referral,
    ...(input.chronicCode === undefined ? {} : { chronicCode: input.chronicCode }),
    accountBefore: input.accountBalance.toString(),
    ...(remarks.length > 0 ? { lines: Object.fromEntries(remarks) } : {}),
  };
}
