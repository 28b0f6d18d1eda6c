import { type Fen, type Rate, ratio, sumFen } from '../../../common/money/index.js';
import { type Month, yearOf } from '../../../common/time/index.js';

/** What was settled in one month under one key; reversals are netted in the month they happened. */
export interface MonthFigures {
  readonly scheme: string;
  /** What the table is cut by: scope, county code, level or category. */
  readonly key: string;
  readonly month: Month;
  readonly visits: number;
  readonly total: Fen;
  readonly fund: Fen;
  readonly account: Fen;
  readonly cash: Fen;
}

/** One line of the year table. */
export interface YearRow {
  readonly scheme: string;
  readonly key: string;
  readonly year: number;
  readonly visits: number;
  readonly total: Fen;
  readonly fund: Fen;
  readonly account: Fen;
  readonly cash: Fen;
  /** Growth against the year before; null when there is nothing to compare with. Never clamped. */
  readonly totalGrowth: Rate | null;
  readonly fundGrowth: Rate | null;
  /** A whole year against a whole year, or – in the year in progress – the months that are over against the same months. */
  readonly basis: 'full-year' | 'same-months';
  /** Last month of the comparison, null before January is over. */
  readonly comparedThrough: Month | null;
}

/**
 * The year table (年度总表): sums by scheme, key and year with growth. Growth of the year in progress compares only months
 * that are over with the same months of the year before; comparing ten months with twelve would show a fall that is none.
 * @param figures months in any order
 * @param current the month of today; it and later ones are not over
 */
export function yearTable(figures: readonly MonthFigures[], current: Month): YearRow[] {
  const groups = new Map<string, MonthFigures[]>();
  for (const row of figures) {
    const name = `${row.scheme}|${row.key}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()].flatMap((rows) => yearsOf(rows, current)).sort(byKey);
}

function yearsOf(rows: readonly MonthFigures[], current: Month): YearRow[] {
  const years = [...new Set(rows.map((row) => yearOf(row.month)))].sort((a, b) => a - b);
  return years.flatMap((year) => {
    const own = rows.filter((row) => yearOf(row.month) === year);
    const [first] = own;
    if (first === undefined) return [];
    const isOver = year < yearOf(current);
    const through = isOver ? `${String(year)}-12` : lastMonthOver(current);
    const compared = through === null ? [] : own.filter((row) => row.month <= through);
    const before =
      through === null
        ? []
        : rows.filter((row) => yearOf(row.month) === year - 1 && row.month.slice(5) <= through.slice(5));
    return [
      {
        scheme: first.scheme,
        key: first.key,
        year,
        visits: own.reduce((sum, row) => sum + row.visits, 0),
        total: sumOf(own, 'total'),
        fund: sumOf(own, 'fund'),
        account: sumOf(own, 'account'),
        cash: sumOf(own, 'cash'),
        totalGrowth: growth(sumOf(compared, 'total'), sumOf(before, 'total')),
        fundGrowth: growth(sumOf(compared, 'fund'), sumOf(before, 'fund')),
        basis: isOver ? ('full-year' as const) : ('same-months' as const),
        comparedThrough: through as Month | null,
      },
    ];
  });
}

function lastMonthOver(current: Month): string | null {
  const number = Number(current.slice(5)) - 1;
  return number === 0 ? null : `${current.slice(0, 5)}${String(number).padStart(2, '0')}`;
}

function sumOf(rows: readonly MonthFigures[], column: 'total' | 'fund' | 'account' | 'cash'): Fen {
  return sumFen(rows.map((row) => row[column]));
}

function growth(now: Fen, before: Fen): Rate | null {
  return before > 0n ? ratio(now - before, before) : null;
}

function byKey(a: YearRow, b: YearRow): number {
  return a.scheme.localeCompare(b.scheme, 'en') || a.key.localeCompare(b.key, 'en') || b.year - a.year;
}
