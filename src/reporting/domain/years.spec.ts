import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen } from '../../common/money/index.js';
import { parseMonth } from '../../common/time/index.js';
import { type YearFigures, type YearMoney, yearsOf } from './years.js';

const money = (income: number | null, total: number, fund: number): YearMoney => ({
  ...{ income: income === null ? null : fen(income), total: fen(total), fund: fen(fund) },
});

function figures(year: number, over: Partial<YearFigures> = {}): YearFigures {
  const whole = money(1_200_00, 2_000_00, 1_000_00);
  return { scheme: '310', year, part: 'whole-city', heads: 100, bills: 10, whole, early: whole, ...over };
}

describe('the years one below the other', () => {
  it('grow against the whole year before, heads against its end', () => {
    const [now, before] = yearsOf(
      [figures(2024), figures(2025, { heads: 110, whole: money(1_260_00, 2_300_00, 900_00) })],
      { from: 2024, through: parseMonth('2025-12') },
    );
    expect(now).toMatchObject({
      ...{ year: 2025, months: 12, headsGrowth: '10.00', incomeGrowth: '5.00', totalGrowth: '15.00' },
      ...{ fundGrowth: '-10.00', surplus: 360_00n, costPerHead: 20_91n },
    });
    expect(before).toMatchObject({ year: 2024, headsGrowth: null, incomeGrowth: null, totalGrowth: null });
  });

  it('compare a year of ten months with ten months', () => {
    const before = figures(2025, {
      whole: money(1_200_00, 2_400_00, 1_200_00),
      early: money(900_00, 2_000_00, 1_000_00),
    });
    const now = figures(2026, { whole: money(990_00, 2_100_00, 1_050_00) });
    const [row] = yearsOf([before, now], { from: 2026, through: parseMonth('2026-10') });
    expect(row).toMatchObject({ months: 10, incomeGrowth: '10.00', totalGrowth: '5.00', fundGrowth: '5.00' });
  });

  it.each([
    ['where income cannot be told, nor can what is left of it', { whole: money(null, 5, 3) }, { surplus: null }],
    ['more paid than received is a deficit', { whole: money(100, 300, 150) }, { surplus: -50n }],
    ['without insured there is nothing per head', { heads: 0 }, { costPerHead: null, headsGrowth: null }],
  ])('%s', (_, over, expected) => {
    expect(yearsOf([figures(2025, over)], { from: 2025, through: parseMonth('2025-12') })).toEqual([
      expect.objectContaining(expected),
    ]);
  });

  it('the order of what is read does not matter; the year before the first is compared with, not shown', () => {
    const schemes = fc.constantFrom('310', '390');
    const parts = fc.constantFrom('whole-city' as const, 'city-level' as const);
    const row = fc.record({ scheme: schemes, part: parts, year: fc.integer({ min: 2010, max: 2026 }) });
    const keys = fc.uniqueArray(row, { selector: (one) => JSON.stringify(one), minLength: 1 });
    fc.assert(
      fc.property(keys, fc.integer(), (rows, seed) => {
        const all = rows.map((one, index) => figures(one.year, { ...one, heads: index + 1 }));
        const turned = [...all.slice(seed % all.length), ...all.slice(0, seed % all.length)];
        const asked = { from: 2012, through: parseMonth('2026-10') };
        const shown = yearsOf(all, asked);
        expect(yearsOf(turned, asked)).toEqual(shown);
        expect(shown.map(({ year }) => year).filter((year) => year < 2012)).toEqual([]);
        expect(shown).toHaveLength(all.filter(({ year }) => year >= 2012).length);
        for (const one of shown) {
          const hasBefore = all.some((a) => a.scheme === one.scheme && a.part === one.part && a.year === one.year - 1);
          expect(one.totalGrowth === null).toBe(!hasBefore);
        }
      }),
    );
  });
});
