import type { Fen } from '../../common/money/index.js';
import { negateAccumulators } from './accumulators.js';
import type { BenefitAmounts, BillTotals, Funds, LineSplit, TraceStep } from './types.js';

/**
 * The reversal of a settlement (冲销): the same numbers negated, lines, funds, accumulators and trace, whatever happened since.
 * Negating twice gives the settlement again.
 */
export function negate(result: BenefitAmounts): BenefitAmounts {
  return {
    lines: result.lines.map(negateLine),
    totals: negateTotals(result.totals),
    funds: negateFunds(result.funds),
    fundPaySum: minus(result.fundPaySum),
    psnPart: minus(result.psnPart),
    hospPart: minus(result.hospPart),
    acctPay: minus(result.acctPay),
    cashPay: minus(result.cashPay),
    deductible: minus(result.deductible),
    special: minus(result.special),
    delta: negateAccumulators(result.delta),
    trace: result.trace.map(negateStep),
    policyVersion: result.policyVersion,
  };
}

function negateLine(line: LineSplit): LineSplit {
  return {
    lineNo: line.lineNo,
    total: minus(line.total),
    fulamtOwnpay: minus(line.fulamtOwnpay),
    overlmtSelfpay: minus(line.overlmtSelfpay),
    preselfpay: minus(line.preselfpay),
    inscp: minus(line.inscp),
    hospital: minus(line.hospital),
    plan: line.plan,
  };
}

function negateTotals(totals: BillTotals): BillTotals {
  return {
    total: minus(totals.total),
    fulamtOwnpay: minus(totals.fulamtOwnpay),
    overlmtSelfpay: minus(totals.overlmtSelfpay),
    preselfpay: minus(totals.preselfpay),
    inscp: minus(totals.inscp),
  };
}

function negateFunds(funds: Funds): Funds {
  return {
    hifp: minus(funds.hifp),
    cvlserv: minus(funds.cvlserv),
    hifes: minus(funds.hifes),
    hifmi: minus(funds.hifmi),
    hifob: minus(funds.hifob),
    maf: minus(funds.maf),
    oth: minus(funds.oth),
  };
}

function negateStep(step: TraceStep): TraceStep {
  return { ...step, base: minus(step.base), amount: minus(step.amount) };
}

function minus(amount: Fen): Fen {
  return (0n - amount) as Fen;
}
