import { describe, expect, it } from '@jest/globals';
import { fen } from '../../common/money/index.js';
import { growthPercent, sharePercent } from './growth.js';

describe('growth and shares', () => {
  it.each([
    ['2012 against 2011 of a published table, from unrounded figures', 1_040_000_000_00n, 764_000_000_00n, '36.13'],
    ['a fall', 95n, 100n, '-5.00'],
    ['half a hundredth rounds up', 100_005n, 100_000n, '0.01'],
    ['nothing before', 5n, 0n, null],
  ])('%s', (_, now, before, expected) => {
    expect(growthPercent(fen(now), fen(before))).toBe(expected);
  });

  it('a share over the whole is shown as it is', () => {
    expect(sharePercent(fen(1_062_000n), fen(1_000_000n))).toBe('106.20');
    expect(sharePercent(fen(1n), fen(0n))).toBeNull();
  });
});
