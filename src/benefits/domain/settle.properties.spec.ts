import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bills } from '../../../test/support/benefit-arbitraries.js';
import { expectConservation } from '../../../test/support/conservation.js';
import { fen, type Fen } from '../../common/money/index.js';
import { BenefitPolicies } from '../benefit-policies.js';
import { addAccumulators } from './accumulators.js';
import { negate } from './reversal.js';
import { settle } from './settle.js';
import { traceFromJson, traceToJson } from './trace.js';
import type { Accumulators, BenefitInput, BenefitResult } from './types.js';

const policies = new BenefitPolicies('policy').list();
const RUNS_EACH = Math.ceil(100_000 / policies.length);

/** The parts of a result that must never be below zero for a settlement. */
function amounts(result: BenefitResult): bigint[] {
  const { totals, funds, lines, delta } = result;
  const { admissions, chronicPaid, ...year } = delta;
  return [
    ...Object.values(totals),
    ...Object.values(funds),
    ...Object.values(year),
    ...Object.values(chronicPaid),
    ...lines.flatMap((line) => [line.fulamtOwnpay, line.overlmtSelfpay, line.preselfpay, line.inscp, line.hospital]),
    ...[result.psnPart, result.hospPart, result.acctPay, result.cashPay, result.special, result.deductible],
    BigInt(admissions),
  ] as bigint[];
}

describe.each(policies.map((policy) => [policy.id, policy] as const))('any bill under %s', (_, policy) => {
  it(`loses no fen and makes none: the identities hold for ${String(RUNS_EACH)} random bills`, () => {
    fc.assert(
      fc.property(bills(policy), (bill) => {
        const result = settle(bill, policy);
        expectConservation(result);
        const lowest = amounts(result).reduce((a, b) => (a < b ? a : b), 0n);
        if (lowest < 0n) throw new Error(`an amount below zero: ${String(lowest)}`);
      }),
      { numRuns: RUNS_EACH, seed: 331_100 },
    );
  });

  it('never pays above a ceiling, nor above what is in scope', () => {
    fc.assert(
      fc.property(bills(policy), (bill) => {
        const { funds, totals, acctPay, after } = settle(bill, policy);
        expect(acctPay).toBeLessThanOrEqual(bill.accountBalance);
        expect(funds.hifp + funds.hifmi + funds.hifob + funds.maf).toBeLessThanOrEqual(totals.inscp);
        expect(funds.cvlserv + funds.hifes).toBeLessThanOrEqual(totals.inscp + totals.preselfpay);
        const before = bill.accumulators;
        within(before, after, 'poolPaid', policy.ceiling?.annual);
        within(before, after, 'largePaid', policy.largeAmount?.annualCap);
        within(before, after, 'civilServantPaid', fen(5_000_000));
      }),
      { numRuns: 600 },
    );
  });

  it('pays no less fund for more in scope, everything else equal', () => {
    fc.assert(
      fc.property(bills(policy), fc.integer({ min: 1, max: 5_000_000 }), (bill, more) => {
        const longer = { ...bill, lines: [...bill.lines, plainLine(bill.lines.length + 1, fen(more))] };
        expect(settle(longer, policy).fundPaySum).toBeGreaterThanOrEqual(settle(bill, policy).fundPaySum);
      }),
      { numRuns: 600 },
    );
  });

  it('gives back exactly what it used when it is reversed, whatever came between', () => {
    fc.assert(
      fc.property(bills(policy), bills(policy), (first, second) => {
        const one = settle(first, policy);
        const two = settle({ ...second, accumulators: one.after }, policy);
        const reversal = negate(one);
        expectConservation(reversal);
        expect(negate(reversal)).toEqual(withoutAfter(one));
        const afterBoth = addAccumulators(addAccumulators(two.after, reversal.delta), negate(two).delta);
        expect(afterBoth).toEqual(first.accumulators);
      }),
      { numRuns: 250 },
    );
  });

  it('carries the year forward: accumulators after = before + delta, and two bills add up in either order', () => {
    fc.assert(
      fc.property(bills(policy), bills(policy), (first, second) => {
        const one = settle(first, policy);
        const two = settle({ ...second, accumulators: one.after }, policy);
        expect(two.after).toEqual(addAccumulators(addAccumulators(first.accumulators, one.delta), two.delta));
        expect(two.after).toEqual(addAccumulators(addAccumulators(first.accumulators, two.delta), one.delta));
      }),
      { numRuns: 250 },
    );
  });

  it('is replayed to the last step: same input and version, same result', () => {
    fc.assert(
      fc.property(bills(policy), (bill) => {
        const result = settle(bill, policy);
        expect(settle(structuredClone(bill), policy)).toEqual(result);
        expect(traceFromJson(JSON.parse(JSON.stringify(traceToJson(result.trace))) as never)).toEqual(result.trace);
      }),
      { numRuns: 250 },
    );
  });
});

function within(
  before: Accumulators,
  after: Accumulators,
  field: 'poolPaid' | 'largePaid' | 'civilServantPaid',
  limit: Fen | null | undefined,
): void {
  if (limit === null || limit === undefined) return;
  expect(after[field]).toBeLessThanOrEqual(before[field] > limit ? before[field] : limit);
}

function plainLine(lineNo: number, amount: Fen): BenefitInput['lines'][number] {
  const rate = { numerator: 0n, denominator: 1n };
  return { lineNo, itemCode: 'more', class: 'A', amount, quantity: '1', unitPrice: '0', selfpayRate: rate };
}

function withoutAfter(result: BenefitResult): Record<string, unknown> {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== 'after'));
}
