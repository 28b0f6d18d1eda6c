import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../../common/db/index.js';
import { fen, type Rate, rateText, yuanText } from '../../common/money/index.js';
import { Clock, type LocalDate, monthOf } from '../../common/time/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import { type MonthFigures, type YearRow, yearTable } from './domain/year-table.js';
import type { Cut, YearRowDto, YearTableDto } from './year-table.dto.js';

const YEARS_SHOWN = 5;
const GROWTH_DECIMALS = 4;

/** Column of each cut; fixed texts, never input. */
const KEY: Readonly<Record<Exclude<Cut, 'scope'>, string>> = {
  county: 's.provider_area',
  level: 's.level',
  category: 's.category',
};

// GB/T 2260: the fifth and sixth digit 01–20 are districts of the city itself, 21–80 counties, 81–99 county-level cities.
const IS_CITY_LEVEL = `(s.provider_area = s.pool_area OR substr(s.provider_area, 5, 2) BETWEEN '01' AND '20')`;

interface FigureRow extends Omit<MonthFigures, 'month' | 'total' | 'fund' | 'account' | 'cash'> {
  readonly day: LocalDate;
  readonly cityLevel: boolean;
  readonly total: bigint;
  readonly fund: bigint;
  readonly account: bigint;
  readonly cash: bigint;
}

/** The year table of the region from its own bills; reads month partitions, one set-based statement. */
@Injectable()
export class YearTables {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Sums by scheme, cut and year with growth, of the institutions in the actor's scope. */
  async table(actor: Actor, by: Cut, from?: number): Promise<YearTableDto> {
    const today = this.clock.today();
    const first = from ?? Number(today.slice(0, 4)) - YEARS_SHOWN + 1;
    return this.transactions.read(async (tx) => {
      const figures = await figuresOf(tx, actor, by, first);
      const names = await namesOf(tx, by);
      const closed = await closedOf(tx, actor.poolArea);
      const rows = yearTable(figures, monthOf(today)).map((row) => shown(row, names, closed));
      return { asOf: this.clock.now().toISOString(), by, rows };
    });
  }
}

async function figuresOf(tx: Tx, actor: Actor, by: Cut, from: number): Promise<MonthFigures[]> {
  const scope = scopeSql(actor, { pool: 's.pool_area', area: 's.provider_area', provider: 's.provider_id' }, 2);
  const key = by === 'scope' ? `'whole-city'` : KEY[by];
  const rows = await tx.query<FigureRow>(
    `SELECT s.scheme, ${key} AS key, s.settle_month AS day, ${IS_CITY_LEVEL} AS "cityLevel",
       sum(CASE s.kind WHEN 'settlement' THEN 1 ELSE -1 END)::int AS visits, sum(s.total_fen)::bigint AS total,
       sum(s.fund_pay_sum_fen)::bigint AS fund, sum(s.acct_pay_fen)::bigint AS account,
       sum(s.cash_pay_fen)::bigint AS cash
     FROM settlement AS s WHERE s.settle_month >= make_date($1, 1, 1) AND ${scope.sql}
     GROUP BY s.scheme, 2, s.settle_month, 4`,
    [from, ...scope.params],
  );
  const figures = rows.flatMap((row) =>
    by === 'scope' && row.cityLevel ? [row, { ...row, key: 'city-level' }] : [row],
  );
  return figures.map(({ day, total, fund, account, cash, ...row }) => ({
    ...row,
    month: monthOf(day),
    total: fen(total),
    fund: fen(fund),
    account: fen(account),
    cash: fen(cash),
  }));
}

async function namesOf(tx: Tx, by: Cut): Promise<ReadonlyMap<string, string>> {
  if (by !== 'county') return new Map();
  const rows = await tx.query<{ code: string; name: string }>(`SELECT code, name FROM area WHERE level <> 'town'`);
  return new Map(rows.map((row) => [row.code, row.name]));
}

async function closedOf(tx: Tx, poolArea: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ scheme: string; year: number; months: number }>(
    `SELECT scheme, extract(year FROM month)::int AS year, count(*)::int AS months FROM claims_month
     WHERE pool_area = $1 AND state = 'closed' GROUP BY scheme, 2`,
    [poolArea],
  );
  return new Map(rows.map((row) => [`${row.scheme} ${String(row.year)}`, row.months]));
}

function shown(row: YearRow, names: ReadonlyMap<string, string>, closed: ReadonlyMap<string, number>): YearRowDto {
  return {
    scheme: row.scheme,
    key: row.key,
    name: names.get(row.key) ?? '',
    year: row.year,
    visits: row.visits,
    total: yuanText(row.total),
    fund: yuanText(row.fund),
    account: yuanText(row.account),
    cash: yuanText(row.cash),
    totalGrowth: growthText(row.totalGrowth),
    fundGrowth: growthText(row.fundGrowth),
    basis: row.basis,
    comparedThrough: row.comparedThrough,
    closedMonths: closed.get(`${row.scheme} ${String(row.year)}`) ?? 0,
  };
}

function growthText(growth: Rate | null): string | null {
  return growth === null ? null : rateText(growth, GROWTH_DECIMALS);
}
