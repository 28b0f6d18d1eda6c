import { fen, type Fen, multiplyRate, ratio } from '../../common/money/index.js';
import type { Month } from '../../common/time/index.js';
import { growthPercent } from './growth.js';

/** Money of a year, or of its first months; income is null where it cannot be told. */
export interface YearMoney {
  readonly income: Fen | null;
  readonly total: Fen;
  readonly fund: Fen;
}

/** What is known of a scheme's year in one part of the pool. */
export interface YearFigures {
  readonly scheme: string;
  readonly year: number;
  readonly part: 'whole-city' | 'city-level';
  /** Insured on the last day that is counted. */
  readonly heads: number;
  readonly bills: number;
  readonly whole: YearMoney;
  /** The same months that the newest year has. */
  readonly early: YearMoney;
}

/** A year beside its growth. Growth is in percent with two decimals; null without anything to compare with. */
export interface YearsRow extends YearMoney {
  readonly scheme: string;
  readonly year: number;
  readonly part: 'whole-city' | 'city-level';
  /** How many months are counted: 12, or fewer of the year that is not over. */
  readonly months: number;
  readonly heads: number;
  /** Against the end of the year before. */
  readonly headsGrowth: string | null;
  readonly bills: number;
  readonly incomeGrowth: string | null;
  readonly totalGrowth: string | null;
  readonly fundGrowth: string | null;
  /** Income − fund payments; negative when more was paid than came in. */
  readonly surplus: Fen | null;
  /** Total cost per insured, half-up to the fen; null without insured. */
  readonly costPerHead: Fen | null;
}

/**
 * Rows by scheme, part and year, newest year first. `through` is the last month counted: a year that ends before December
 * grows against as many months of the year before, so that growth is growth and not a shorter year.
 */
export function yearsOf(
  figures: readonly YearFigures[],
  { from, through }: { readonly from: number; readonly through: Month },
): YearsRow[] {
  const [lastYear, months] = [Number(through.slice(0, 4)), Number(through.slice(5))];
  const byKey = new Map(figures.map((row) => [`${row.scheme} ${row.part} ${String(row.year)}`, row]));
  return figures
    .filter(({ year }) => year >= from)
    .map((row) => {
      const before = byKey.get(`${row.scheme} ${row.part} ${String(row.year - 1)}`);
      const counted = row.year === lastYear ? months : 12;
      return rowOf(row, before, counted);
    })
    .sort((a, b) => a.scheme.localeCompare(b.scheme) || b.part.localeCompare(a.part) || b.year - a.year);
}

function rowOf(row: YearFigures, before: YearFigures | undefined, months: number): YearsRow {
  const { income, total, fund } = row.whole;
  const than = months === 12 ? before?.whole : before?.early;
  const growth = (now: Fen | null, then: Fen | null | undefined): string | null =>
    now === null ? null : growthPercent(now, then ?? fen(0n));
  return {
    ...{ scheme: row.scheme, year: row.year, part: row.part, months, heads: row.heads, bills: row.bills },
    ...{ income, total, fund },
    headsGrowth: growthPercent(fen(BigInt(row.heads)), fen(BigInt(before?.heads ?? 0))),
    incomeGrowth: growth(income, than?.income),
    totalGrowth: growth(total, than?.total),
    fundGrowth: growth(fund, than?.fund),
    surplus: income === null ? null : fen(income - fund),
    costPerHead: row.heads === 0 ? null : multiplyRate(total, ratio(1n, BigInt(row.heads))),
  };
}
