import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  ageOn,
  businessDate,
  daysBetween,
  FixedClock,
  lastDay,
  monthOf,
  monthsOfYear,
  parseLocalDate,
  parseMonth,
} from './index.js';

describe('the business day of an instant (F18)', () => {
  it.each([
    ['2026-10-31T15:59:59.999Z', '2026-10-31'],
    ['2026-10-31T16:00:00.000Z', '2026-11-01'],
    ['2025-12-31T16:00:00.000Z', '2026-01-01'],
    ['1988-07-01T14:59:59.000Z', '1988-07-01'], // summer time was in force in China: +09
    ['1988-07-01T15:00:00.000Z', '1988-07-02'],
  ])('%s is %s in Asia/Shanghai', (instant, expected) => {
    expect(businessDate(new Date(instant))).toBe(expected);
  });

  it('is the same whatever the zone of the server', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York']) {
        process.env['TZ'] = zone;
        expect(monthOf(businessDate(new Date('2026-10-31T16:00:00Z')))).toBe('2026-11');
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('comes from the clock that was given', () => {
    expect(new FixedClock(new Date('2026-01-31T16:30:00Z')).today()).toBe('2026-02-01');
  });
});

describe('days and months', () => {
  it.each(['2026-02-30', '2025-02-29', '2026-13-01', '26-01-01', '2026-1-1', '2026-01-01T00:00', ''])(
    '%p is no day',
    (text) => {
      expect(() => parseLocalDate(text)).toThrow(expect.objectContaining({ code: 'time.not-a-date' }));
    },
  );

  it.each(['2026-00', '2026-13', '2026', '2026-1', '2026-10-01'])('%p is no month', (text) => {
    expect(() => parseMonth(text)).toThrow(expect.objectContaining({ code: 'time.not-a-month' }));
  });

  it.each([
    ['2024-02', '2024-02-29'],
    ['2026-02', '2026-02-28'],
    ['2026-12', '2026-12-31'],
  ])('%s ends on %s', (month, day) => {
    expect(lastDay(parseMonth(month))).toBe(day);
  });

  it('counts months over the turn of the year', () => {
    expect(addMonths(parseMonth('2026-11'), 3)).toBe('2027-02');
    expect(addMonths(parseMonth('2026-01'), -1)).toBe('2025-12');
    expect(monthsOfYear(2026)).toHaveLength(12);
  });

  it('adding days and counting them agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
        const from = parseLocalDate('2000-02-29');
        return daysBetween(from, addDays(from, days)) === days;
      }),
    );
  });
});

describe('age in completed years (周岁, F19)', () => {
  it.each([
    ['1960-11-22', '2026-11-21', 65],
    ['1960-11-22', '2026-11-22', 66],
    ['2004-02-29', '2026-02-28', 21],
    ['2004-02-29', '2026-03-01', 22],
    ['2026-11-22', '2026-11-22', 0],
  ])('born %s is on %s %i years old', (birth, on, age) => {
    expect(ageOn(parseLocalDate(birth), parseLocalDate(on))).toBe(age);
  });
});
