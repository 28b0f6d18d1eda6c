import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, yuanText } from '../../common/money/index.js';
import { amountFigures } from './amount-figures.js';

describe('amounts in figures on paper', () => {
  it.each([
    ['0.00', '0.00'],
    ['999.99', '999.99'],
    ['1000.00', '1,000.00'],
    ['-1000.00', '-1,000.00'],
    ['-123456.70', '-123,456.70'],
    ['1017004.00', '1,017,004.00'],
    ['123456789012.34', '123,456,789,012.34'],
  ])('%s is printed %s', (amount, expected) => {
    expect(amountFigures(parseYuan(amount))).toBe(expected);
  });

  it('loses nothing: without the commas it is the amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (amount) => {
        expect(amountFigures(fen(amount)).replaceAll(',', '')).toBe(yuanText(fen(amount)));
      }),
    );
  });
});
