import { describe, expect, it } from '@jest/globals';
import { fen, multiplyRate, rate, sumFen } from '../../common/money/index.js';
import { incomeFor, pastIncome, SOURCES, splitIncome, splitMonths } from './funds.js';

describe('income of the demonstration', () => {
  it.each(['310', '390'] as const)('of scheme %s is split to the fen, by source and by month', (scheme) => {
    const income = fen(123_456_789_01n);
    const parts = splitIncome(scheme, income);
    expect(sumFen(parts.map((part) => part.amount))).toBe(income);
    for (const { source, amount } of parts) {
      const months = splitMonths(source, amount);
      expect(months).toHaveLength(12);
      expect(sumFen(months)).toBe(amount);
    }
  });

  it.each(['310', '390'] as const)('of scheme %s names shares that are the whole', (scheme) => {
    expect(SOURCES[scheme].reduce((sum, source) => sum + source.share, 0)).toBe(1000);
  });

  it.each([
    ['310', 2011, 104_00n],
    ['310', 2024, 139_00n],
    ['390', 2011, 102_00n],
    ['390', 2024, 122_00n],
  ] as const)('of scheme %s in %d was %d fen a hundred yuan paid', (scheme, year, income) => {
    expect(pastIncome(scheme, year, fen(100_00n))).toBe(income);
  });

  it.each(['310', '390'] as const)('of scheme %s grows without a step', (scheme) => {
    for (let year = 2012; year <= 2024; year += 1) {
      const grown = pastIncome(scheme, year, fen(100_00n)) - pastIncome(scheme, year - 1, fen(100_00n));
      expect(grown).toBeGreaterThan(0n);
      expect(grown).toBeLessThan(3_00n);
    }
  });

  it('is so much that the wanted amount is left, and less than a hundred yuan more', () => {
    const leftOf = (income: ReturnType<typeof fen>): ReturnType<typeof fen> =>
      fen(multiplyRate(fen(income - multiplyRate(income, rate('0.05'))), rate('0.87')) - 6_300_00n * 70n);
    const wanted = fen(9_876_543_21n);
    const left = leftOf(incomeFor(wanted, leftOf));
    expect(left >= wanted && left < wanted + 100_00n).toBe(true);
  });
});
