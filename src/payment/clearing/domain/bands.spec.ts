import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, rate, sumFen, yuanText } from '../../../common/money/index.js';
import { bandTotal, cutIntoBands } from './bands.js';

const over = [
  { upTo: rate('0.02'), share: rate('0.50') },
  { upTo: rate('0.04'), share: rate('0.40') },
  { upTo: rate('0.06'), share: rate('0.30') },
  { upTo: rate('0.08'), share: rate('0.20') },
  { upTo: rate('0.10'), share: rate('0.10') },
  { upTo: null, share: rate('0') },
];
const saving = [
  { upTo: rate('0.02'), share: rate('0.50') },
  { upTo: rate('0.04'), share: rate('0.60') },
  { upTo: rate('0.06'), share: rate('0.70') },
  { upTo: rate('0.08'), share: rate('0.80') },
  { upTo: rate('0.10'), share: rate('0.90') },
  { upTo: null, share: rate('0.50') },
];

describe('marginal bands (payment.md §4): each band applies only to the part inside it', () => {
  it.each([
    ['overspend of 60 on 1000: 20×50 % + 20×40 % + 20×30 %', over, '60.00', '24.00'],
    ['overspend of 150: nothing beyond 10 %', over, '150.00', '30.00'],
    ['overspend of exactly 2 %', over, '20.00', '10.00'],
    ['one fen over the first band', over, '20.01', '10.00'],
    ['no overspend', over, '0.00', '0.00'],
    ['saving of 50: 20×50 % + 20×60 % + 10×70 %', saving, '50.00', '29.00'],
    ['saving of 120: beyond 10 % at 50 %', saving, '120.00', '80.00'],
  ])('%s', (_words, bands, amount, expected) => {
    const parts = cutIntoBands(parseYuan(amount), parseYuan('1000.00'), bands);
    expect(yuanText(bandTotal(parts))).toBe(expected);
  });

  it('bands nothing twice and leaves nothing out: the parts sum to the amount', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 13n });
    fc.assert(
      fc.property(amounts, amounts, (amount, budget) => {
        const parts = cutIntoBands(fen(amount), fen(budget), saving);
        expect(sumFen(parts.map((part) => part.part))).toBe(amount);
        for (const part of parts) expect(part.amount >= 0n && part.amount <= part.part).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
