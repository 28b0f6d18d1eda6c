import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import { moneyAsText } from '../advance/month.view.js';
import { paymentErrors } from '../domain/errors.js';

const SCOPE = { area: 'i.area_code', provider: 'l.provider_id' };
const TOTALS = ['accepted', 'budget', 'payable', 'paid', 'balance'];

const AMOUNTS: Readonly<Record<string, string>> = {
  accepted: 'accepted_fen',
  asBilled: 'as_billed_fen',
  account: 'account_fen',
  refused: 'refused_fen',
  budget: 'budget_fen',
  a: 'a_fen',
  extra: 'extra_fen',
  saving: 'saving_fen',
  retained: 'retained_fen',
  penalty: 'penalty_fen',
  borne: 'borne_fen',
  payable: 'payable_fen',
  paid: 'paid_fen',
  prepaid: 'prepaid_fen',
  depositHeld: 'deposit_held_fen',
  depositReturned: 'deposit_returned_fen',
  depositForfeited: 'deposit_forfeited_fen',
  poolShare: 'pool_share_fen',
  balance: 'balance_fen',
};

type Json = Readonly<Record<string, unknown>>;

const HEAD = `
  c.id, c.scheme, c.year::int AS year, c.state, c.round, c.attempt, c.created_at AS "createdAt", c.started_by AS "startedBy",
  c.submitted_by_name AS "submittedBy", c.closed_on AS "closedOn", c.closed_by AS "closedBy",
  c.policy_version AS "policyVersion", b.version AS "budgetVersion", c.snapshot_hash AS "snapshotHash",
  c.forfeits_fen AS forfeits, t.*
  FROM payment_clearing c JOIN payment_budget b ON b.pool_area = c.pool_area AND b.id = c.budget_id`;

function totalsOf(scope: string): string {
  const sums = TOTALS.map((name) => `sum(l.${AMOUNTS[name] ?? name}) AS "${name}"`).join(', ');
  return `CROSS JOIN LATERAL (SELECT count(*)::int AS providers, ${sums} FROM payment_clearing_line l
    JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
    WHERE l.pool_area = c.pool_area AND l.clearing_id = c.id AND ${scope}) AS t`;
}

interface HeadRow extends Record<string, unknown> {
  readonly scheme: string;
  readonly year: number;
  readonly providers: number;
}

/** Clearings with the totals of what the actor may see, newest first. */
export async function viewClearings(
  tx: Tx,
  actor: Actor,
  filter: { readonly scheme?: string | undefined; readonly year?: number | undefined },
  page: PageQuery,
): Promise<{ key: readonly string[]; shown: Json }[]> {
  const scope = scopeSql(actor, SCOPE, 8);
  const [year, scheme] = page.after ?? [];
  const rows = await tx.query<HeadRow>(
    `SELECT ${HEAD} ${totalsOf(scope.sql)}
     WHERE c.pool_area = $1 AND ($2::text IS NULL OR c.scheme = $2) AND ($3::int IS NULL OR c.year = $3)
       AND ($4::int IS NULL OR c.year < $4 OR (c.year = $4 AND c.scheme > $5)) AND ($6 OR t.providers > 0)
     ORDER BY c.year DESC, c.scheme LIMIT $7`,
    [
      actor.poolArea,
      filter.scheme ?? null,
      filter.year ?? null,
      year ?? null,
      scheme ?? null,
      actor.providerId === null,
      page.limit + 1,
      ...scope.params,
    ],
  );
  return rows.map((row) => ({ key: [String(row.year), row.scheme], shown: headJson(row) }));
}

/** One clearing with the lines that the actor may see, exceptions first. Error `payment.clearing-not-found`. */
export async function viewClearing(tx: Tx, actor: Actor, id: string): Promise<Json> {
  const scope = scopeSql(actor, SCOPE, 3);
  const head = await tx.maybe<HeadRow>(`SELECT ${HEAD} ${totalsOf(scope.sql)} WHERE c.pool_area = $1 AND c.id = $2`, [
    actor.poolArea,
    id,
    ...scope.params,
  ]);
  if (head === undefined || (actor.providerId !== null && head.providers === 0)) {
    throw new DomainError(paymentErrors['clearing-not-found']);
  }
  return { ...headJson(head), lines: await viewLines(tx, actor, id) };
}

/** One provider's clearing with its trace, band by band. Error `payment.clearing-line-not-found`. */
export async function viewClearingLine(tx: Tx, actor: Actor, id: string, providerId: string): Promise<Json> {
  const [line] = await viewLines(tx, actor, id, providerId);
  if (line === undefined) throw new DomainError(paymentErrors['clearing-line-not-found']);
  const { trace } = await tx.one<{ trace: unknown }>(
    'SELECT trace FROM payment_clearing_line WHERE pool_area = $1 AND clearing_id = $2 AND provider_id = $3',
    [actor.poolArea, id, providerId],
  );
  return { ...line, trace };
}

async function viewLines(tx: Tx, actor: Actor, id: string, providerId?: string): Promise<Json[]> {
  const scope = scopeSql(actor, SCOPE, 4);
  const amounts = Object.entries(AMOUNTS).map(([name, column]) => `l.${column} AS "${name}"`);
  const rows = await tx.query(
    `SELECT l.provider_id AS "providerId", i.name AS "providerName", i.level, ${amounts.join(', ')},
       l.quality_failures AS "qualityFailures", l.exceptions
     FROM payment_clearing_line l JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
     WHERE l.pool_area = $1 AND l.clearing_id = $2 AND ($3::uuid IS NULL OR l.provider_id = $3) AND ${scope.sql}
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
  return { ...moneyAsText(head), totals: row.providers === 0 ? null : totals };
}
