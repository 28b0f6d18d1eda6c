import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { addMonths, Clock, type Month, monthOf, yearOf } from '../common/time/index.js';
import { type Actor, scopeSql } from '../identity/index.js';
import { growthPercent, sharePercent } from './domain/growth.js';

/** By what a row of the table is told apart, beside scheme and year. */
export type YearDimension = 'scope' | 'county' | 'level' | 'category';

/** One row: the cost and fund payment of a scheme's year in one part of the pool. */
export interface YearRow {
  readonly scheme: string;
  readonly year: number;
  /** `whole-city`, `city-level`; an area code; a level; a clearing category. */
  readonly key: string;
  /** Name of the county; null for other keys. */
  readonly name: string | null;
  readonly bills: number;
  readonly totalCost: Fen;
  /** Percent against the same months of the year before; null without a year before. */
  readonly totalGrowth: string | null;
  readonly fund: Fen;
  readonly fundGrowth: string | null;
  /** In-scope part of the total cost, percent. */
  readonly inScopeShare: string | null;
  /** Part of the in-scope cost that funds paid, percent. */
  readonly fundShare: string | null;
}

export interface YearTable {
  /** Last month whose settlements are counted, by year: December, or the last month that is over. */
  readonly through: Month;
  /** Newest month that is settled and closed, by scheme; null = none. */
  readonly closedThrough: readonly { readonly scheme: string; readonly month: Month | null }[];
  readonly rows: Readonly<Record<YearDimension, readonly YearRow[]>>;
}

interface SumRow {
  readonly scheme: string;
  readonly year: number;
  readonly dimension: YearDimension;
  readonly key: string;
  readonly name: string | null;
  readonly bills: bigint;
  readonly total: bigint;
  readonly inscp: bigint;
  readonly fund: bigint;
}

// One pass over the months of both years; each dimension is one grouping set of it.
const sums = (scope: string): string => `
  SELECT c.scheme, extract(year FROM c.month)::int AS year,
    CASE WHEN grouping(c.area_code) = 0 THEN 'county' WHEN grouping(c.level) = 0 THEN 'level'
         WHEN grouping(c.category) = 0 THEN 'category' ELSE 'scope' END AS dimension,
    coalesce(c.area_code, c.level, c.category, CASE WHEN c.city_level THEN 'city-level' ELSE 'whole-city' END) AS key,
    (SELECT a.name FROM area a WHERE a.code = c.area_code) AS name,
    sum(c.bills)::bigint AS bills, sum(c.total_fen)::bigint AS total, sum(c.inscp_fen)::bigint AS inscp,
    sum(c.fund_fen)::bigint AS fund
  FROM report_month_cost c
  WHERE c.month >= make_date($1 - 1, 1, 1) AND c.month < make_date($1 + 1, 1, 1)
    AND extract(month FROM c.month) <= $2 AND ${scope}
  GROUP BY GROUPING SETS ((c.scheme, year), (c.scheme, year, c.city_level), (c.scheme, year, c.area_code),
    (c.scheme, year, c.level), (c.scheme, year, c.category))
  HAVING grouping(c.city_level) = 1 OR c.city_level
  ORDER BY c.scheme, year, dimension, key`;

/** The year table (年度费用与基金支出表): by scheme, city level and whole city, with growth, and its breakdowns. */
@Injectable()
export class YearTables {
  constructor(private readonly clock: Clock) {}

  /**
   * The table of a year within the actor's scope. A year that is not over is counted through the last month that is over
   * and compared with the same months of the year before, so that growth is growth and not a shorter year.
   */
  async table(tx: Tx, actor: Actor, year: number): Promise<YearTable> {
    const scope = scopeSql(actor, { pool: 'c.pool_area', area: 'c.area_code', provider: 'c.provider_id' }, 3);
    const through = this.through(year);
    const rows = await tx.query<SumRow>(sums(scope.sql), [year, Number(through.slice(5)), ...scope.params]);
    const closed = await tx.query<{ scheme: string; month: string | null }>(
      `SELECT s.scheme, to_char(max(m.month), 'YYYY-MM') AS month FROM (VALUES ('310'), ('390')) AS s (scheme)
         LEFT JOIN payment_month m ON m.pool_area = $1 AND m.scheme = s.scheme AND m.state = 'closed'
           AND extract(year FROM m.month) = $2
        GROUP BY s.scheme ORDER BY s.scheme`,
      [actor.poolArea, year],
    );
    const before = new Map(rows.filter((row) => row.year === year - 1).map((row) => [keyOf(row), row]));
    const shown = rows.filter((row) => row.year === year);
    const of = (dimension: YearDimension): YearRow[] =>
      shown.filter((row) => row.dimension === dimension).map((row) => rowOf(row, before.get(keyOf(row))));
    return {
      through,
      closedThrough: closed.map(({ scheme, month }) => ({ scheme, month: month as Month | null })),
      rows: { scope: of('scope'), county: of('county'), level: of('level'), category: of('category') },
    };
  }

  private through(year: number): Month {
    const last = addMonths(monthOf(this.clock.today()), -1);
    if (yearOf(last) > year) return `${String(year)}-12` as Month;
    return yearOf(last) === year ? last : (`${String(year)}-01` as Month);
  }
}

function keyOf(row: SumRow): string {
  return `${row.scheme} ${row.dimension} ${row.key}`;
}

function rowOf(row: SumRow, before: SumRow | undefined): YearRow {
  return {
    scheme: row.scheme,
    year: row.year,
    key: row.key,
    name: row.name,
    bills: Number(row.bills),
    totalCost: fen(row.total),
    totalGrowth: growthPercent(fen(row.total), fen(before?.total ?? 0n)),
    fund: fen(row.fund),
    fundGrowth: growthPercent(fen(row.fund), fen(before?.fund ?? 0n)),
    inScopeShare: sharePercent(fen(row.inscp), fen(row.total)),
    fundShare: sharePercent(fen(row.fund), fen(row.inscp)),
  };
}
