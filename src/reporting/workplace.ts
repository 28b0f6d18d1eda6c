import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { Clock, firstDay, type LocalDate, monthOf } from '../common/time/index.js';
import { type Actor, scopeSql } from '../identity/index.js';
import { LedgerBalances } from '../ledger/index.js';

/** Something that waits for the actor. */
export interface Todo {
  readonly kind: string;
  readonly id: string;
  readonly scheme: string | null;
  /** Month, year or number, as it is spoken of. */
  readonly period: string;
  readonly state: string;
  readonly amount: Fen | null;
  readonly since: Date | null;
}

/** A provider that uses its budget too fast, or a job that failed. */
export interface Warning {
  readonly code: string;
  readonly scheme: string | null;
  readonly subject: string;
  readonly used: Fen | null;
  readonly budget: Fen | null;
}

export interface KeyFigure {
  readonly code: string;
  readonly scheme: string | null;
  readonly amount: Fen | null;
  readonly count: number | null;
}

export interface Workplace {
  readonly closedMonths: readonly { readonly scheme: string; readonly month: string | null }[];
  readonly todo: readonly Todo[];
  readonly figures: readonly KeyFigure[];
  readonly warnings: readonly Warning[];
}

const MAX_TODO = 50;
const MAX_WARNINGS = 20;

/** Which state of what waits for whom: the permission of the next step, and the states it starts from. */
const WAITING: readonly { permission: string; kind: string; states: readonly string[] }[] = [
  { permission: 'payment.month.prepare', kind: 'month-settlement', states: ['trial', 'returned'] },
  { permission: 'payment.month.review', kind: 'month-settlement', states: ['submitted'] },
  { permission: 'payment.month.approve', kind: 'month-settlement', states: ['reviewed', 'approved'] },
  { permission: 'payment.clearing.prepare', kind: 'clearing', states: ['trial', 'returned'] },
  { permission: 'payment.clearing.review', kind: 'clearing', states: ['submitted'] },
  { permission: 'payment.clearing.approve', kind: 'clearing', states: ['reviewed', 'approved'] },
  { permission: 'payment.budget.prepare', kind: 'budget', states: ['draft', 'published', 'negotiated'] },
  { permission: 'payment.budget.approve', kind: 'budget', states: ['submitted'] },
  { permission: 'payment.order.review', kind: 'payment-order', states: ['prepared'] },
  { permission: 'payment.order.approve', kind: 'payment-order', states: ['reviewed', 'approved'] },
  { permission: 'payment.order.send', kind: 'payment-order', states: ['signed-off', 'sent', 'returned'] },
  { permission: 'payment.deduction.decide', kind: 'deduction', states: ['proposed'] },
  { permission: 'payment.readmission.decide', kind: 'readmission', states: ['open'] },
];

const TODO = `
  SELECT w.kind, w.id, w.scheme, w.period, w.state, w.amount, w.since FROM (
    SELECT m.pool_area, 'month-settlement' AS kind, m.id, m.scheme, to_char(m.month, 'YYYY-MM') AS period, m.state,
      (SELECT sum(l.pay_fen) FROM payment_month_line l WHERE l.pool_area = m.pool_area AND l.month_id = m.id)::bigint AS amount,
      m.created_at AS since
    FROM payment_month m
    UNION ALL
    SELECT c.pool_area, 'clearing', c.id, c.scheme, c.year::text, c.state,
      (SELECT sum(l.payable_fen) FROM payment_clearing_line l
        WHERE l.pool_area = c.pool_area AND l.clearing_id = c.id)::bigint, c.created_at
    FROM payment_clearing c
    UNION ALL
    SELECT b.pool_area, 'budget', b.id, b.scheme, b.year::text, b.state, b.available_fen, b.created_at FROM payment_budget b
    UNION ALL
    SELECT o.pool_area, 'payment-order', o.id, o.scheme, o.order_no, o.state, o.amount_fen,
      o.prepared_on::timestamp AT TIME ZONE 'Asia/Shanghai' FROM payment_order o
    UNION ALL
    SELECT d.pool_area, 'deduction', d.id, d.scheme, to_char(d.month, 'YYYY-MM'), d.state, d.amount_fen, NULL
    FROM payment_deduction d
    UNION ALL
    SELECT r.pool_area, 'readmission', r.id, r.scheme, r.year::text, r.state, NULL, NULL FROM payment_readmission r
  ) AS w
  WHERE w.kind || ':' || w.state = ANY ($1) AND SCOPE
  ORDER BY array_position(ARRAY['month-settlement', 'clearing', 'budget', 'deduction', 'readmission', 'payment-order'], w.kind),
    w.period, w.scheme, w.id
  LIMIT ${String(MAX_TODO)}`;

// The newest month that was computed says how far each provider is; over the whole year's budget comes first.
const WARNINGS = `
  SELECT CASE WHEN l.ytd_budgeted_fen > b.amount_fen THEN 'over-budget' ELSE 'over-progress' END AS code, m.scheme,
    i.name AS subject, l.ytd_budgeted_fen AS used, b.amount_fen AS budget
  FROM (SELECT DISTINCT ON (pool_area, scheme) * FROM payment_month
         WHERE state <> 'running' ORDER BY pool_area, scheme, month DESC) m
  JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
  JOIN payment_budget_line b ON b.pool_area = m.pool_area AND b.budget_id = m.budget_id AND b.provider_id = l.provider_id
  JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
  WHERE (l.ytd_budgeted_fen > b.amount_fen OR 'over-progress' = ANY (l.exceptions)) AND SCOPE
  ORDER BY code, l.ytd_budgeted_fen - b.amount_fen DESC, i.name
  LIMIT ${String(MAX_WARNINGS)}`;

const COSTS = `
  SELECT c.scheme, coalesce(sum(c.bills) FILTER (WHERE c.month = $1), 0)::int AS bills,
    coalesce(sum(c.fund_fen) FILTER (WHERE c.month = $1), 0)::bigint AS month, sum(c.fund_fen)::bigint AS year
  FROM report_month_cost c WHERE c.month >= date_trunc('year', $1::date) AND c.month <= $1 AND SCOPE
  GROUP BY c.scheme ORDER BY c.scheme`;

/** The workplace (工作台): what waits for the actor, what is in danger, the figures of the day – all within the scope. */
@Injectable()
export class Workplaces {
  constructor(
    private readonly balances: LedgerBalances,
    private readonly clock: Clock,
  ) {}

  async of(tx: Tx, actor: Actor): Promise<Workplace> {
    const month = firstDay(monthOf(this.clock.today()));
    return {
      closedMonths: await closedMonths(tx, actor),
      todo: await todo(tx, actor),
      figures: [
        ...(await this.costFigures(tx, actor, month)),
        ...(await registerFigures(tx, actor, this.clock.today())),
        ...(await this.moneyFigures(tx, actor)),
      ],
      warnings: [...(await warnings(tx, actor)), ...(await failedJobs(tx, actor))],
    };
  }

  private async costFigures(tx: Tx, actor: Actor, month: LocalDate): Promise<KeyFigure[]> {
    const scope = scopeSql(actor, { pool: 'c.pool_area', area: 'c.area_code', provider: 'c.provider_id' }, 2);
    const rows = await tx.query<{ scheme: string; bills: number; month: bigint; year: bigint }>(
      COSTS.replace('SCOPE', scope.sql),
      [month, ...scope.params],
    );
    return rows.flatMap(({ scheme, bills, ...sums }) => [
      { code: 'bills-month', scheme, amount: null, count: bills },
      { code: 'fund-month', scheme, amount: fen(sums.month), count: null },
      { code: 'fund-year', scheme, amount: fen(sums.year), count: null },
    ]);
  }

  /** What is on its way to providers; for the whole pool also what the fund has left. */
  private async moneyFigures(tx: Tx, actor: Actor): Promise<KeyFigure[]> {
    const scope = scopeSql(actor, { pool: 'o.pool_area', area: 'i.area_code', provider: 'o.provider_id' });
    const { count, amount } = await tx.one<{ count: number; amount: bigint }>(
      `SELECT count(*)::int AS count, coalesce(sum(o.amount_fen), 0)::bigint AS amount
         FROM payment_order o JOIN institution i ON i.pool_area = o.pool_area AND i.id = o.provider_id
        WHERE o.state IN ('prepared', 'reviewed', 'approved', 'signed-off', 'sent') AND ${scope.sql}`,
      scope.params,
    );
    const orders: KeyFigure = { code: 'orders-open', scheme: null, amount: fen(amount), count };
    if (!actor.permissions.has('ledger.read') || !actor.wholePool) return [orders];
    const rows = await this.balances.trialBalance(tx, { poolArea: actor.poolArea });
    const left = rows
      .filter(({ nature }) => nature === 'income' || nature === 'expense')
      .reduce((sum, row) => sum + row.credit - row.debit, 0n);
    return [orders, { code: 'balance', scheme: null, amount: fen(left), count: null }];
  }
}

async function todo(tx: Tx, actor: Actor): Promise<Todo[]> {
  const waiting = WAITING.filter(({ permission }) => actor.permissions.has(permission)).flatMap(({ kind, states }) =>
    states.map((state) => `${kind}:${state}`),
  );
  if (waiting.length === 0) return [];
  const scope = scopeSql(actor, { pool: 'w.pool_area' }, 2);
  return tx.query<Todo>(TODO.replace('SCOPE', scope.sql), [waiting, ...scope.params]);
}

async function closedMonths(tx: Tx, actor: Actor): Promise<Workplace['closedMonths']> {
  return tx.query(
    `SELECT s.scheme, to_char(max(m.month), 'YYYY-MM') AS month FROM (VALUES ('310'), ('390')) AS s (scheme)
       LEFT JOIN payment_month m ON m.pool_area = $1 AND m.scheme = s.scheme AND m.state = 'closed'
      GROUP BY s.scheme ORDER BY s.scheme`,
    [actor.poolArea],
  );
}

async function registerFigures(tx: Tx, actor: Actor, today: LocalDate): Promise<KeyFigure[]> {
  const people = scopeSql(actor, { pool: 'p.pool_area', area: 'p.area_code' }, 2);
  const insured = await tx.query<{ scheme: string; count: number }>(
    `SELECT c.scheme, count(*)::int AS count
       FROM coverage c JOIN person p ON p.pool_area = c.pool_area AND p.id = c.person_id
      WHERE c.valid @> $1::date AND ${people.sql} GROUP BY c.scheme ORDER BY c.scheme`,
    [today, ...people.params],
  );
  const providers = scopeSql(actor, { pool: 'i.pool_area', area: 'i.area_code', provider: 'i.id' });
  const { count } = await tx.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM institution i WHERE i.state = 'active' AND ${providers.sql}`,
    providers.params,
  );
  return [
    ...insured.map((row) => ({ code: 'insured', scheme: row.scheme, amount: null, count: row.count })),
    { code: 'providers', scheme: null, amount: null, count },
  ];
}

async function warnings(tx: Tx, actor: Actor): Promise<Warning[]> {
  const scope = scopeSql(actor, { pool: 'l.pool_area', area: 'i.area_code', provider: 'l.provider_id' });
  return tx.query<Warning>(WARNINGS.replace('SCOPE', scope.sql), scope.params);
}

async function failedJobs(tx: Tx, actor: Actor): Promise<Warning[]> {
  if (!actor.permissions.has('jobs.read')) return [];
  const scope = scopeSql(actor, { pool: 'j.pool_area' });
  const rows = await tx.query<{ subject: string }>(
    `SELECT j.kind || ' ' || j.period AS subject FROM job_run j WHERE j.state = 'failed' AND ${scope.sql}
      ORDER BY j.created_at DESC LIMIT ${String(MAX_WARNINGS)}`,
    scope.params,
  );
  return rows.map(({ subject }) => ({ code: 'failed-job', scheme: null, subject, used: null, budget: null }));
}
