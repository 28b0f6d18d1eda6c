import { describe, expect, it } from '@jest/globals';
import { parseLocalDate, parseMonth } from '../../common/time/index.js';
import { reversalMonths } from './booking.js';

describe('the month that takes a reversal', () => {
  it.each([
    ['of this month: this month, else the next', '2026-10', '2026-10-20', ['2026-10', '2026-11']],
    [
      'of an earlier month: that one while open, else the current',
      '2026-08',
      '2026-10-20',
      ['2026-08', '2026-10', '2026-11'],
    ],
    ['over the turn of the year', '2026-12', '2026-12-31', ['2026-12', '2027-01']],
    ['settled under a clock that ran ahead: never before the original', '2026-12', '2026-10-20', ['2026-12']],
  ])('%s', (_, original, today, months) => {
    expect(reversalMonths(parseMonth(original), parseLocalDate(today))).toEqual(months);
  });
});
