import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { TraceLine } from '../domain/trace.js';

const SCOPE = { area: 'i.area_code', provider: 'l.provider_id' };

/** Amounts of a sheet by their name outside, and the column they are stored in. */
const AMOUNTS: Readonly<Record<string, string>> = {
  accepted: 'accepted_fen',
  suspended: 'suspended_fen',
  rescue: 'rescue_fen',
  asBilled: 'as_billed_fen',
  account: 'account_fen',
  budgeted: 'budgeted_fen',
  quota: 'quota_fen',
  cumulativeQuota: 'cumulative_quota_fen',
  eligible: 'eligible_fen',
  deposit: 'deposit_fen',
  held: 'held_fen',
  deduction: 'deduction_fen',
  adjustment: 'adjustment_fen',
  carryIn: 'carry_in_fen',
  recovered: 'recovered_fen',
  pay: 'pay_fen',
  carryOut: 'carry_out_fen',
  prepayment: 'prepayment_fen',
  lastMonthAccepted: 'last_month_accepted_fen',
  ytdAccepted: 'ytd_accepted_fen',
  ytdBudgeted: 'ytd_budgeted_fen',
  ytdEligible: 'ytd_eligible_fen',
  ytdPay: 'ytd_pay_fen',
};

const TOTALS = ['accepted', 'deduction', 'deposit', 'held', 'carryIn', 'recovered', 'adjustment', 'pay'];

type Json = Readonly<Record<string, unknown>>;

const HEAD = `
  m.id, m.scheme, to_char(m.month, 'YYYY-MM') AS month, m.state, m.round, m.attempt, m.created_at AS "createdAt",
  m.started_by AS "startedBy", m.submitted_by_name AS "submittedBy", m.closed_on AS "closedOn", m.closed_by AS "closedBy",
  m.policy_version AS "policyVersion", b.version AS "budgetVersion", m.snapshot_hash AS "snapshotHash", t.*
  FROM payment_month m JOIN payment_budget b ON b.pool_area = m.pool_area AND b.id = m.budget_id`;

function totalsOf(scope: string): string {
  const sums = TOTALS.map((name) => `sum(l.${AMOUNTS[name] ?? name}) AS "${name}"`).join(', ');
  return `CROSS JOIN LATERAL (SELECT count(*)::int AS providers, ${sums} FROM payment_month_line l
    JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
    WHERE l.pool_area = m.pool_area AND l.month_id = m.id AND ${scope}) AS t`;
}

interface HeadRow extends Record<string, unknown> {
  readonly id: string;
  readonly scheme: string;
  readonly month: string;
  readonly providers: number;
}

export interface MonthFilter {
  readonly scheme?: string | undefined;
  readonly year?: number | undefined;
  readonly state?: string | undefined;
}

/** Month settlements with the totals of what the actor may see, newest first; a provider sees those that it is in. */
export async function viewMonths(
  tx: Tx,
  actor: Actor,
  filter: MonthFilter,
  page: PageQuery,
): Promise<{ key: readonly string[]; shown: Json }[]> {
  const scope = scopeSql(actor, SCOPE, 9);
  const [month, scheme] = page.after ?? [];
  const rows = await tx.query<HeadRow>(
    `SELECT ${HEAD} ${totalsOf(scope.sql)}
     WHERE m.pool_area = $1 AND ($2::text IS NULL OR m.scheme = $2) AND ($3::int IS NULL OR EXTRACT(year FROM m.month) = $3)
       AND ($4::text IS NULL OR m.state = $4)
       AND ($5::date IS NULL OR m.month < $5 OR (m.month = $5 AND m.scheme > $6)) AND ($7 OR t.providers > 0)
     ORDER BY m.month DESC, m.scheme LIMIT $8`,
    [
      actor.poolArea,
      filter.scheme ?? null,
      filter.year ?? null,
      filter.state ?? null,
      month === undefined ? null : `${month}-01`,
      scheme ?? null,
      actor.providerId === null,
      page.limit + 1,
      ...scope.params,
    ],
  );
  return rows.map((row) => ({ key: [row.month, row.scheme], shown: headJson(row) }));
}

/** One month settlement with the sheets that the actor may see, exceptions first. Error `payment.month-not-found`. */
export async function viewMonth(tx: Tx, actor: Actor, id: string): Promise<Json> {
  const scope = scopeSql(actor, SCOPE, 3);
  const head = await tx.maybe<HeadRow>(`SELECT ${HEAD} ${totalsOf(scope.sql)} WHERE m.pool_area = $1 AND m.id = $2`, [
    actor.poolArea,
    id,
    ...scope.params,
  ]);
  if (head === undefined || (actor.providerId !== null && head.providers === 0)) {
    throw new DomainError(paymentErrors['month-not-found']);
  }
  return { ...headJson(head), lines: await viewLines(tx, actor, id) };
}

/** One sheet with its cells, adjustments and trace. Errors `payment.month-not-found`, `payment.month-line-not-found`. */
export async function viewSheet(tx: Tx, actor: Actor, id: string, providerId: string): Promise<Json> {
  const [line] = await viewLines(tx, actor, id, providerId);
  if (line === undefined) throw new DomainError(paymentErrors['month-line-not-found']);
  const key = [actor.poolArea, id, providerId];
  const { trace } = await tx.one<{ trace: readonly TraceLine[] }>(
    'SELECT trace FROM payment_month_line WHERE pool_area = $1 AND month_id = $2 AND provider_id = $3',
    key,
  );
  const cells = await tx.query<Record<string, Fen> & { fund: string; category: string }>(
    `SELECT fund, category, accepted_fen AS accepted, suspended_fen AS suspended, as_billed_fen AS "asBilled",
       eligible_fen AS eligible, withheld_fen AS withheld, ytd_accepted_fen AS "ytdAccepted"
     FROM payment_month_cell WHERE pool_area = $1 AND month_id = $2 AND provider_id = $3 ORDER BY fund, category`,
    key,
  );
  const adjustments = await tx.query<{ amount: Fen }>(
    `SELECT id, amount_fen AS amount, reason, document, corrects_month_id AS "correctsMonthId",
       created_by_name AS "createdBy", created_at AS "createdAt"
     FROM payment_adjustment WHERE pool_area = $1 AND month_id = $2 AND provider_id = $3 ORDER BY id`,
    key,
  );
  const versions = await tx.one<{ policyVersion: string; budgetVersion: number; budgetId: string }>(
    `SELECT m.policy_version AS "policyVersion", b.version AS "budgetVersion", b.id AS "budgetId"
     FROM payment_month m JOIN payment_budget b ON b.pool_area = m.pool_area AND b.id = m.budget_id
     WHERE m.pool_area = $1 AND m.id = $2`,
    [actor.poolArea, id],
  );
  return {
    ...line,
    ...versions,
    trace,
    cells: cells.map(moneyAsText),
    adjustments: adjustments.map(moneyAsText),
  };
}

async function viewLines(tx: Tx, actor: Actor, id: string, providerId?: string): Promise<Json[]> {
  const scope = scopeSql(actor, SCOPE, 4);
  const amounts = Object.entries(AMOUNTS).map(([name, column]) => `l.${column} AS "${name}"`);
  const rows = await tx.query(
    `SELECT l.provider_id AS "providerId", i.name AS "providerName", i.level, l.mode, l.settlements, ${amounts.join(', ')},
       (n.facts ->> 'annualBudget')::bigint AS "annualBudget", n.facts ->> 'agreementNo' AS "agreementNo", l.exceptions
     FROM payment_month_line l
     JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
     JOIN payment_month_input n ON n.pool_area = l.pool_area AND n.month_id = l.month_id AND n.provider_id = l.provider_id
     WHERE l.pool_area = $1 AND l.month_id = $2 AND ($3::uuid IS NULL OR l.provider_id = $3) AND ${scope.sql}
     ORDER BY cardinality(l.exceptions) = 0, l.accepted_fen DESC, l.provider_id`,
    [actor.poolArea, id, providerId ?? null, ...scope.params],
  );
  return rows.map(moneyAsText);
}

function headJson(row: HeadRow): Json {
  const totals: Record<string, unknown> = { providers: row.providers };
  const head: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (TOTALS.includes(name)) totals[name] = yuanText(BigInt((value as string | bigint | null) ?? 0) as Fen);
    else if (name !== 'providers') head[name] = value;
  }
  return { ...head, totals: row.providers === 0 ? null : totals };
}

/** Every bigint of a row as yuan text: in these rows an int8 is always an amount in fen. */
export function moneyAsText(row: object): Json {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'bigint' ? yuanText(value as Fen) : value,
    ]),
  );
}
