import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { addMonths, Clock, lastDay, type LocalDate, type Month, monthOf, yearOf } from '../common/time/index.js';
import { type Actor, scopeSql } from '../identity/index.js';
import { reportingErrors } from './errors.js';
import { type YearFigures, yearsOf, type YearsRow } from './domain/years.js';

/** Which years; what is left out is without end on that side. */
export interface YearsRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Years {
  /** Last month that is counted: the last one that is over. */
  readonly through: Month;
  readonly rows: readonly YearsRow[];
}

const FIRST_YEAR = 2000;

// `early` are the months that the unfinished year has, too: what it is compared with.
const COSTS = `
  SELECT c.scheme, extract(year FROM c.month)::int AS year,
    CASE WHEN grouping(c.city_level) = 0 THEN 'city-level' ELSE 'whole-city' END AS part,
    sum(c.bills)::bigint AS bills, sum(c.total_fen)::bigint AS total, sum(c.fund_fen)::bigint AS fund,
    coalesce(sum(c.total_fen) FILTER (WHERE extract(month FROM c.month) <= $3), 0)::bigint AS "earlyTotal",
    coalesce(sum(c.fund_fen) FILTER (WHERE extract(month FROM c.month) <= $3), 0)::bigint AS "earlyFund"
  FROM report_month_cost c
  WHERE c.month >= make_date($1, 1, 1) AND c.month <= $2 AND SCOPE
  GROUP BY GROUPING SETS ((c.scheme, year), (c.scheme, year, c.city_level))
  HAVING grouping(c.city_level) = 1 OR c.city_level`;

// Coverages are counted by the year they begin and the year they end before the years are laid over them, so that the
// register is read once and not once a year. Somebody counts for a year who is covered on its last day that is counted.
const HEADS = `
  WITH span AS (
    SELECT c.scheme, substr(p.area_code, 5, 2) BETWEEN '01' AND '20' AS city, extract(year FROM lower(c.valid))::int AS since,
      CASE WHEN upper(c.valid) <= $2::date THEN extract(year FROM upper(c.valid))::int END AS until, count(*) AS heads
    FROM coverage c JOIN person p ON p.pool_area = c.pool_area AND p.id = c.person_id
    WHERE lower(c.valid) <= $2::date AND SCOPE
    GROUP BY 1, 2, 3, 4)
  SELECT s.scheme, y.year, CASE WHEN grouping(s.city) = 0 THEN 'city-level' ELSE 'whole-city' END AS part,
    sum(s.heads)::int AS heads
  FROM span s JOIN generate_series($1::int, extract(year FROM $2::date)::int) AS y (year)
    ON s.since <= y.year AND (s.until IS NULL OR s.until > y.year)
  GROUP BY GROUPING SETS ((s.scheme, y.year), (s.scheme, y.year, s.city))
  HAVING grouping(s.city) = 1 OR s.city`;

const INCOME = `
  SELECT i.scheme, extract(year FROM r.received_on)::int AS year, sum(r.amount_fen)::bigint AS income,
    coalesce(sum(r.amount_fen) FILTER (WHERE extract(month FROM r.received_on) <= $3), 0)::bigint AS "earlyIncome"
  FROM fund_receipt r JOIN fund_income i ON i.pool_area = r.pool_area AND i.id = r.income_id
  WHERE r.received_on >= make_date($1, 1, 1) AND r.received_on <= $2 AND SCOPE
  GROUP BY 1, 2`;

interface CostRow {
  readonly scheme: string;
  readonly year: number;
  readonly part: 'whole-city' | 'city-level';
  readonly bills: bigint;
  readonly total: bigint;
  readonly fund: bigint;
  readonly earlyTotal: bigint;
  readonly earlyFund: bigint;
}

type HeadRow = Pick<CostRow, 'scheme' | 'year' | 'part'> & { readonly heads: number };
type IncomeRow = Pick<CostRow, 'scheme' | 'year'> & { readonly income: bigint; readonly earlyIncome: bigint };

/** The years of the region one below the other (历年趋势): insured, income, cost and fund payments by scheme, with growth. */
@Injectable()
export class YearsReport {
  constructor(private readonly clock: Clock) {}

  /**
   * All years of the range that have bills or income, within the actor's scope. The year that is not over counts through
   * the last month that is, and grows against the same months of the year before.
   * @throws DomainError `reporting.years-reversed`
   */
  async years(tx: Tx, actor: Actor, range: YearsRange): Promise<Years> {
    const through = addMonths(monthOf(this.clock.today()), -1);
    const from = range.from ?? FIRST_YEAR;
    const to = Math.min(range.to ?? yearOf(through), yearOf(through));
    if (range.to !== undefined && from > range.to) throw new DomainError(reportingErrors['years-reversed']);
    const last = to === yearOf(through) ? through : (`${String(to)}-12` as Month);
    const asked = { first: from - 1, end: lastDay(last), early: Number(last.slice(5)) };
    const figures = await figuresOf(tx, actor, asked);
    return { through, rows: yearsOf(figures, { from, through: last }) };
  }
}

interface Asked {
  /** The year before the first one shown, which that one grows against. */
  readonly first: number;
  readonly end: LocalDate;
  /** How many months of a year the last one has. */
  readonly early: number;
}

async function figuresOf(tx: Tx, actor: Actor, { first, end, early }: Asked): Promise<YearFigures[]> {
  const cost = scopeSql(actor, { pool: 'c.pool_area', area: 'c.area_code', provider: 'c.provider_id' }, 4);
  const head = scopeSql(actor, { pool: 'p.pool_area', area: 'p.area_code' }, 3);
  const costs = await tx.query<CostRow>(COSTS.replace('SCOPE', cost.sql), [first, end, early, ...cost.params]);
  const heads = await tx.query<HeadRow>(HEADS.replace('SCOPE', head.sql), [first, end, ...head.params]);
  const incomes = await incomesOf(tx, actor, { first, end, early });
  const headsOf = new Map(heads.map((row) => [keyOf(row), row.heads]));
  const incomeOf = new Map(incomes?.map((row) => [keyOf({ ...row, part: 'whole-city' }), row]));
  const costOf = new Map(costs.map((row) => [keyOf(row), row]));
  return [...new Set([...costOf.keys(), ...incomeOf.keys()])].map((key) => {
    const [scheme = '', year = '', part = ''] = key.split(' ');
    const found = costOf.get(key);
    const income = incomeOf.get(key);
    // Income belongs to the fund of the whole pool and cannot be told by district.
    const told = (amount: bigint | undefined): Fen | null =>
      incomes === null || part !== 'whole-city' ? null : fen(amount ?? 0n);
    return {
      ...{ scheme, year: Number(year), part: part as CostRow['part'], heads: headsOf.get(key) ?? 0 },
      bills: Number(found?.bills ?? 0n),
      whole: { income: told(income?.income), total: fen(found?.total ?? 0n), fund: fen(found?.fund ?? 0n) },
      early: {
        income: told(income?.earlyIncome),
        total: fen(found?.earlyTotal ?? 0n),
        fund: fen(found?.earlyFund ?? 0n),
      },
    };
  });
}

/** Null for an actor who may not see the pool's income. */
async function incomesOf(tx: Tx, actor: Actor, { first, end, early }: Asked): Promise<IncomeRow[] | null> {
  if (!actor.wholePool || actor.providerId !== null || !actor.permissions.has('funding.read')) return null;
  const scope = scopeSql(actor, { pool: 'r.pool_area' }, 4);
  return tx.query<IncomeRow>(INCOME.replace('SCOPE', scope.sql), [first, end, early, ...scope.params]);
}

function keyOf({ scheme, year, part }: Pick<CostRow, 'scheme' | 'year' | 'part'>): string {
  return `${scheme} ${String(year)} ${part}`;
}
