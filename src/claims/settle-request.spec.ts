import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLocalDate } from '../common/time/index.js';
import { billOf, MAX_LINES, readBillBody } from './settle-request.js';

const TODAY = parseLocalDate('2026-10-20');
const PROVIDER = '00000000-0000-7000-8000-000000000001';
const line = (over: object = {}): object => ({
  ...{ lineNo: 1, itemCode: 'X1', quantity: '2', unitPrice: '12.5', amount: '25.00' },
  ...over,
});
const body = (over: object = {}): object => ({
  ...{ billNo: 'B1', personId: PROVIDER, category: 'outpatient', admittedOn: '2026-10-19', lines: [line()] },
  ...over,
});
const read = (over: object = {}): ReturnType<typeof billOf> => billOf(readBillBody(body(over)), PROVIDER, TODAY);

describe('a bill over the wire', () => {
  it('is discharged on the day of admission and settled today unless it says otherwise', () => {
    expect(read()).toMatchObject({
      ...{ dischargedOn: '2026-10-19', settledOn: '2026-10-20', settleMonth: '2026-10', referral: 'not-needed' },
      lines: [{ amount: 2500n, quantity: '2', unitPrice: '12.5', feeDate: '2026-10-19' }],
    });
  });

  it.each([
    ['4.52', '0.05', '0.23'], // 0.226 → 0.23, half-up once
    ['1', '8.585', '8.59'],
    ['0.3333', '3.0000', '1.00'],
    ['1.50', '2.0000', '3.00'],
  ])('%s × %s is %s, and the texts lose their trailing zeros', (quantity, unitPrice, amount) => {
    const [first] = read({ lines: [line({ quantity, unitPrice, amount })] }).lines;
    expect([first?.quantity, first?.unitPrice]).toEqual([String(Number(quantity)), String(Number(unitPrice))]);
  });

  it.each<[string, object, string]>([
    ['a number for money', { lines: [line({ amount: 25 })] }, 'http.invalid'],
    ['three decimals', { lines: [line({ amount: '25.001' })] }, 'http.invalid'],
    ['a negative amount', { lines: [line({ amount: '-25.00' })] }, 'http.invalid'],
    ['an exponent', { lines: [line({ quantity: '2e0' })] }, 'http.invalid'],
    ['an extra member', { lines: [line({ fund: '1.00' })] }, 'http.invalid'],
    ['a fen too much', { lines: [line({ amount: '25.01' })] }, 'claims.line-faults'],
    ['a settlement before the discharge', { settledOn: '2026-10-18' }, 'claims.settled-on-out-of-range'],
    [
      'a settlement older than a year',
      { admittedOn: '2025-09-01', settledOn: '2025-09-30' },
      'claims.settled-on-out-of-range',
    ],
    ['too many lines', { lines: Array.from({ length: MAX_LINES + 1 }, () => line()) }, 'claims.too-many-lines'],
  ])('is refused for %s', (_, over, code) => {
    expect(() => read(over)).toThrow(expect.objectContaining({ code }));
  });

  it('never takes an amount that differs from quantity × price by a fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 9_999_999 }), (count, cents) => {
        const yuan = (fen: number): string => `${String(Math.floor(fen / 100))}.${String(fen % 100).padStart(2, '0')}`;
        const exact = { quantity: String(count), unitPrice: yuan(cents), amount: yuan(count * cents) };
        fc.pre(count * cents < 99_999_999_999);
        expect(read({ lines: [line(exact)] }).lines[0]?.amount).toBe(BigInt(count * cents));
        const off = line({ ...exact, amount: yuan(count * cents + 1) });
        expect(() => read({ lines: [off] })).toThrow(expect.objectContaining({ code: 'claims.line-faults' }));
      }),
    );
  });
});
