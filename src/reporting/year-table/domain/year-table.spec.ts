import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, rateText, sumFen, yuanText } from '../../../common/money/index.js';
import { monthsOfYear, parseMonth } from '../../../common/time/index.js';
import { type MonthFigures, yearTable } from './year-table.js';

function month(text: string, total: string, fund = total): MonthFigures {
  return {
    scheme: '310',
    key: 'whole-city',
    month: parseMonth(text),
    visits: 1,
    total: parseYuan(total),
    fund: parseYuan(fund),
    account: parseYuan('0.00'),
    cash: parseYuan('0.00'),
  };
}

describe('年度总表', () => {
  it('compares a year that is over with the whole year before', () => {
    const rows = yearTable([month('2024-03', '764.00'), month('2025-07', '1040.00')], parseMonth('2026-02'));
    const [row] = rows.filter((candidate) => candidate.year === 2025);
    expect(row?.basis).toBe('full-year');
    expect(row?.totalGrowth && rateText(row.totalGrowth, 4)).toBe('0.3613');
  });

  it('compares the year in progress only over the months that are over', () => {
    const rows = yearTable(
      [
        month('2025-01', '100.00'),
        month('2025-02', '100.00'),
        month('2025-03', '900.00'),
        month('2026-01', '110.00'),
        month('2026-02', '110.00'),
        month('2026-03', '5.00'), // the month in progress
      ],
      parseMonth('2026-03'),
    );
    const [row] = rows.filter((candidate) => candidate.year === 2026);
    expect(row).toMatchObject({ basis: 'same-months', comparedThrough: '2026-02', total: parseYuan('225.00') });
    expect(row?.totalGrowth && rateText(row.totalGrowth, 2)).toBe('0.10');
  });

  it('says nothing about growth in January and without a year before', () => {
    const rows = yearTable([month('2025-01', '1.00'), month('2026-01', '2.00')], parseMonth('2026-01'));
    expect(rows.map((row) => [row.year, row.totalGrowth, row.comparedThrough])).toEqual([
      [2026, null, null],
      [2025, null, '2025-12'],
    ]);
  });

  it('loses no fen: the years sum to the months, whatever the order', () => {
    const months = [...monthsOfYear(2024), ...monthsOfYear(2025), ...monthsOfYear(2026)];
    const figures = fc.array(
      fc.record({ index: fc.nat({ max: 35 }), total: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(figures, (rows) => {
        const input = rows.map(({ index, total }) => ({
          ...month(months[index] ?? '2024-01', '0.00'),
          total: fen(total),
        }));
        const table = yearTable(input, parseMonth('2026-11'));
        const sum = sumFen(table.map((row) => row.total));
        expect(yuanText(sum)).toBe(yuanText(sumFen(input.map((row) => row.total))));
        expect(yearTable([...input].reverse(), parseMonth('2026-11'))).toEqual(table);
      }),
    );
  });
});
