import { yuanText } from '../common/money/index.js';
import type { SettledLine, Settlement, SettlementAmounts } from './domain/types.js';

/** A settlement as JSON: money as yuan text, days as text. Written out member by member: it is on the hot path. */
export function settlementView(settlement: Settlement): Record<string, unknown> {
  const { amounts } = settlement;
  return {
    id: settlement.id,
    kind: settlement.kind,
    reversesId: settlement.reversesId,
    billNo: settlement.billNo,
    visitId: settlement.visitId,
    personId: settlement.personId,
    providerId: settlement.providerId,
    areaCode: settlement.areaCode,
    scheme: settlement.scheme,
    insuredType: settlement.insuredType,
    category: settlement.category,
    level: settlement.level,
    emergency: settlement.emergency,
    admittedOn: settlement.admittedOn,
    dischargedOn: settlement.dischargedOn,
    month: settlement.settleMonth,
    settledOn: settlement.settledOn,
    settledAt: settlement.settledAt.toISOString(),
    lineCount: settlement.lineCount,
    source: settlement.source,
    postedBy: settlement.postedBy,
    total: yuanText(amounts.total),
    fulamtOwnpay: yuanText(amounts.fulamtOwnpay),
    overlmtSelfpay: yuanText(amounts.overlmtSelfpay),
    preselfpay: yuanText(amounts.preselfpay),
    inscp: yuanText(amounts.inscp),
    deductible: yuanText(amounts.deductible),
    fundPaySum: yuanText(amounts.fundPaySum),
    special: yuanText(amounts.special),
    psnPart: yuanText(amounts.psnPart),
    hospPart: yuanText(amounts.hospPart),
    acctPay: yuanText(amounts.acctPay),
    cashPay: yuanText(amounts.cashPay),
    funds: fundsView(amounts),
    policyVersion: settlement.policyVersion,
  };
}

function fundsView(amounts: SettlementAmounts): Record<string, string> {
  return {
    hifp: yuanText(amounts.hifp),
    cvlserv: yuanText(amounts.cvlserv),
    hifes: yuanText(amounts.hifes),
    hifmi: yuanText(amounts.hifmi),
    hifob: yuanText(amounts.hifob),
    maf: yuanText(amounts.maf),
    oth: yuanText(amounts.oth),
  };
}

/** A settled line as JSON. */
export function lineView(line: SettledLine): Record<string, unknown> {
  return {
    lineNo: line.lineNo,
    itemCode: line.itemCode,
    class: line.class,
    feeDate: line.feeDate,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    amount: yuanText(line.amount),
    fulamtOwnpay: yuanText(line.fulamtOwnpay),
    overlmtSelfpay: yuanText(line.overlmtSelfpay),
    preselfpay: yuanText(line.preselfpay),
    inscp: yuanText(line.inscp),
    hospital: yuanText(line.hospital),
  };
}

/** The answer of settling: the settlement and its lines; the same for a replay, because both come through here. */
export function answerView(settlement: Settlement, lines: readonly SettledLine[]): Record<string, unknown> {
  const view = settlementView(settlement);
  view['lines'] = lines.map(lineView);
  return view;
}
