import type { BenefitAmounts } from '../../src/benefits/index.js';

/** Throws when a fen is lost or made: the three identities, for the bill and for each of its lines. */
export function expectConservation(result: BenefitAmounts): void {
  const { totals, funds } = result;
  const faults: string[] = [];
  const same = (name: string, a: bigint, b: bigint): void => {
    if (a !== b) faults.push(`${name}: ${String(a)} ≠ ${String(b)}`);
  };
  const parts = (of: { fulamtOwnpay: bigint; overlmtSelfpay: bigint; preselfpay: bigint; inscp: bigint }): bigint =>
    of.fulamtOwnpay + of.overlmtSelfpay + of.preselfpay + of.inscp;
  for (const line of result.lines) same(`line ${String(line.lineNo)}`, line.total, parts(line));
  for (const name of ['total', 'fulamtOwnpay', 'overlmtSelfpay', 'preselfpay', 'inscp'] as const) {
    same(
      `lines' ${name}`,
      totals[name],
      result.lines.reduce((sum, line) => sum + line[name], 0n),
    );
  }
  same('total = pieces', totals.total, parts(totals));
  same('total = fund + person + hospital', totals.total, result.fundPaySum + result.psnPart + result.hospPart);
  same('person = account + cash', result.psnPart, result.acctPay + result.cashPay);
  same(
    'fund = sum of funds',
    result.fundPaySum,
    Object.values(funds).reduce((sum: bigint, fund: bigint) => sum + fund, 0n),
  );
  if (faults.length > 0) throw new Error(faults.join('; '));
}
