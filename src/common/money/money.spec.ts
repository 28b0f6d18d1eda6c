import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, type Fen, fen, multiplyRate, parseYuan, rate, rateText, ratio, sumFen, yuanText } from './index.js';

const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((value) => fen(value));

describe('yuan text', () => {
  it.each([
    ['7595.62', 759562n],
    ['0.05', 5n],
    ['100', 10000n],
    ['4.5', 450n],
    ['-0.01', -1n],
    ['0.00', 0n],
  ])('%s is %s fen', (text, expected) => {
    expect(parseYuan(text)).toBe(expected);
  });

  it.each(['', '1e3', '1.005', '１００', ' 1', '1,000.00', 'NaN', '+1', '.5', '9'.repeat(16)])('refuses %p', (text) => {
    expect(() => parseYuan(text)).toThrow(expect.objectContaining({ code: 'money.not-an-amount' }));
  });

  it('comes back unchanged for every amount', () => {
    fc.assert(fc.property(amounts, (amount) => parseYuan(yuanText(amount)) === amount));
  });

  it('refuses a number that lost its fen to a float', () => {
    expect(() => fen(0.1)).toThrow(RangeError);
    expect(() => fen(2 ** 53)).toThrow(RangeError);
  });
});

describe('multiplyRate rounds half away from zero, once', () => {
  it.each([
    ['85.85', '0.1', '8.59'], // B8: 8.585 yuan
    ['4.52', '0.05', '0.23'], // B3: 0.226 yuan
    ['0.30', '0.05', '0.02'], // 0.015 yuan
    ['-85.85', '0.1', '-8.59'],
    ['6020.51', '0.85', '5117.43'], // B7
    ['36.99', '1', '36.99'],
  ])('%s × %s = %s', (amount, by, expected) => {
    expect(yuanText(multiplyRate(parseYuan(amount), rate(by)))).toBe(expected);
  });

  it('is odd: the negative of an amount gives the negative result, so a reversal cancels to the fen', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 0n, max: 10000n }), (amount, permyriad) => {
        const by = ratio(permyriad, 10000n);
        return multiplyRate(fen(-amount), by) === -multiplyRate(amount, by);
      }),
    );
  });

  it('writes a rate without going through a float', () => {
    expect(rateText(ratio(1062n, 1000n), 3)).toBe('1.062');
    expect(rateText(ratio(2n, 3n), 4)).toBe('0.6667');
    expect(rateText(rate('-0.5'), 0)).toBe('-1');
  });
});

describe('allocate (largest remainder)', () => {
  it.each<[bigint, bigint[], bigint[]]>([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [1n, [1n, 1n], [1n, 0n]],
    [0n, [3n, 4n], [0n, 0n]],
    [10n, [0n, 1n], [0n, 10n]],
    [1000n, [5n, 3n, 2n], [500n, 300n, 200n]],
  ])('%s over %s is %s', (total, weights, expected) => {
    expect(allocate(fen(total), weights)).toEqual(expected);
  });

  it('loses and makes no fen, and no part is off its exact share by a whole fen', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), weights, (total, parts) => {
        const sum = parts.reduce((a, b) => a + b, 0n);
        fc.pre(sum > 0n);
        const split: Fen[] = allocate(fen(total), parts);
        expect(sumFen(split)).toBe(total);
        split.forEach((part, index) => {
          const error = part * sum - total * (parts[index] ?? 0n);
          expect(error < sum && error > -sum).toBe(true);
        });
      }),
      { numRuns: 10_000 },
    );
  });

  it('refuses a negative total, a negative weight and weights that are all zero', () => {
    expect(() => allocate(fen(-1), [1n])).toThrow(RangeError);
    expect(() => allocate(fen(1), [-1n, 2n])).toThrow(RangeError);
    expect(() => allocate(fen(1), [0n, 0n])).toThrow(RangeError);
  });
});
