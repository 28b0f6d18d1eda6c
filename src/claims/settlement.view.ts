import { type Fen, yuanText } from '../common/money/index.js';
import type { SettledLine, Settlement, SettlementAmounts } from './domain/types.js';

const FUND_KEYS = ['hifp', 'cvlserv', 'hifes', 'hifmi', 'hifob', 'maf', 'oth'] as const;
const SUM_KEYS = [
  'total',
  'fulamtOwnpay',
  'overlmtSelfpay',
  'preselfpay',
  'inscp',
  'deductible',
  'fundPaySum',
  'special',
  'psnPart',
  'hospPart',
  'acctPay',
  'cashPay',
] as const satisfies readonly (keyof SettlementAmounts)[];

/** A settlement as JSON: money as yuan text, days as text. */
export function settlementView(settlement: Settlement): Record<string, unknown> {
  return {
    ...{ id: settlement.id, kind: settlement.kind, reversesId: settlement.reversesId, billNo: settlement.billNo },
    ...{ visitId: settlement.visitId, personId: settlement.personId, providerId: settlement.providerId },
    ...{ areaCode: settlement.areaCode, scheme: settlement.scheme, insuredType: settlement.insuredType },
    ...{ category: settlement.category, level: settlement.level, emergency: settlement.emergency },
    ...{ admittedOn: settlement.admittedOn, dischargedOn: settlement.dischargedOn },
    ...{
      month: settlement.settleMonth,
      settledOn: settlement.settledOn,
      settledAt: settlement.settledAt.toISOString(),
    },
    ...{ lineCount: settlement.lineCount, source: settlement.source, postedBy: settlement.postedBy },
    ...texts(settlement.amounts, SUM_KEYS),
    funds: texts(settlement.amounts, FUND_KEYS),
    policyVersion: settlement.policyVersion,
  };
}

/** A settled line as JSON. */
export function lineView(line: SettledLine): Record<string, unknown> {
  return {
    ...{ lineNo: line.lineNo, itemCode: line.itemCode, class: line.class, feeDate: line.feeDate },
    ...{ quantity: line.quantity, unitPrice: line.unitPrice },
    ...texts(line, ['amount', 'fulamtOwnpay', 'overlmtSelfpay', 'preselfpay', 'inscp', 'hospital']),
  };
}

/** The answer of settling: the settlement and its lines; the same for a replay, because both come through here. */
export function answerView(settlement: Settlement, lines: readonly SettledLine[]): Record<string, unknown> {
  return { ...settlementView(settlement), lines: lines.map(lineView) };
}

function texts<K extends string>(amounts: Readonly<Record<K, Fen>>, keys: readonly K[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, yuanText(amounts[key])]));
}
