import type { Tx } from '../../common/db/index.js';
import { fen, yuanText } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import { type TodoKind, waitingStates } from './domain/todo.js';
import type { ClosedMonthDto, KeyFigureDto, TodoDto, WarningDto } from './workplace.dto.js';

const MOST_TODOS = 30;
const MOST_WARNINGS = 20;

interface TodoRow extends Omit<TodoDto, 'amount' | 'since'> {
  readonly amount: bigint | null;
  readonly since: Date | null;
}

/** One statement per kind; each takes pool area $1, states $2 and a limit $3, newest first. */
const WAITING: Readonly<Record<TodoKind, string>> = {
  'month-settlement': `SELECT 'month-settlement' AS kind, m.id, m.scheme, to_char(m.month, 'YYYY-MM') AS period, m.state,
      (SELECT sum(l.pay_fen)::bigint FROM payment_month_line l WHERE l.pool_area = m.pool_area AND l.month_id = m.id) AS amount,
      m.created_at AS since
    FROM payment_month m WHERE m.pool_area = $1 AND m.state = ANY ($2) ORDER BY m.month DESC, m.scheme LIMIT $3`,
  clearing: `SELECT 'clearing' AS kind, c.id, c.scheme, c.year::text AS period, c.state, NULL::bigint AS amount,
      c.created_at AS since
    FROM payment_clearing c WHERE c.pool_area = $1 AND c.state = ANY ($2) ORDER BY c.year DESC, c.scheme LIMIT $3`,
  budget: `SELECT 'budget' AS kind, b.id, b.scheme, b.year::text AS period, b.state, b.available_fen AS amount,
      b.created_at AS since
    FROM payment_budget b WHERE b.pool_area = $1 AND b.state = ANY ($2) ORDER BY b.year DESC, b.scheme LIMIT $3`,
  'payment-order': `SELECT 'payment-order' AS kind, o.id, o.scheme, o.order_no AS period, o.state, o.amount_fen AS amount,
      o.prepared_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS since
    FROM payment_order o WHERE o.pool_area = $1 AND o.state = ANY ($2)
      AND NOT EXISTS (SELECT FROM payment_order n WHERE n.pool_area = o.pool_area AND n.source_kind = o.source_kind
        AND n.source_id = o.source_id AND n.provider_id = o.provider_id AND n.attempt > o.attempt)
    ORDER BY o.prepared_on, o.order_no LIMIT $3`,
  'discharge-import': `SELECT 'discharge-import' AS kind, i.id, NULL AS scheme, i.file_name AS period, 'error' AS state,
      NULL::bigint AS amount, i.created_at AS since
    FROM discharge_import i WHERE i.pool_area = $1 AND 'error' = ANY ($2) AND i.state = 'done'
      AND EXISTS (SELECT FROM discharge_import_row r WHERE r.pool_area = i.pool_area AND r.import_id = i.id AND r.state = 'error')
    ORDER BY i.created_at DESC LIMIT $3`,
  deduction: `SELECT 'deduction' AS kind, d.id, d.scheme, to_char(d.month, 'YYYY-MM') AS period, d.state, d.amount_fen AS amount,
      NULL::timestamptz AS since
    FROM payment_deduction d WHERE d.pool_area = $1 AND d.state = ANY ($2) ORDER BY d.month, d.id LIMIT $3`,
};

/** What waits for this person, by permission; bureau work is of the whole pool. */
export async function todosOf(tx: Tx, actor: Actor): Promise<TodoDto[]> {
  if (!actor.wholePool) return [];
  const rows: TodoRow[] = [];
  for (const [kind, states] of waitingStates(actor.permissions)) {
    rows.push(...(await tx.query<TodoRow>(WAITING[kind], [actor.poolArea, states, MOST_TODOS])));
  }
  return rows.slice(0, MOST_TODOS).map((row) => ({
    ...row,
    amount: row.amount === null ? null : yuanText(fen(row.amount)),
    since: row.since === null ? null : row.since.toISOString(),
  }));
}

/** The last closed month of each scheme. */
export function closedMonths(tx: Tx, poolArea: string): Promise<ClosedMonthDto[]> {
  return tx.query<ClosedMonthDto>(
    `SELECT s.scheme, to_char(max(m.month), 'YYYY-MM') AS month FROM (VALUES ('310'), ('390')) AS s (scheme)
     LEFT JOIN claims_month m ON m.pool_area = $1 AND m.scheme = s.scheme AND m.state = 'closed'
     GROUP BY s.scheme ORDER BY s.scheme`,
    [poolArea],
  );
}

/** Bills and fund payments of this month and year, of the institutions in scope. */
export async function spending(tx: Tx, actor: Actor, month: LocalDate, january: LocalDate): Promise<KeyFigureDto[]> {
  const scope = scopeSql(actor, { pool: 's.pool_area', area: 's.provider_area', provider: 's.provider_id' }, 3);
  const rows = await tx.query<{ scheme: string; bills: number; fundMonth: bigint; fundYear: bigint }>(
    `SELECT p.scheme, coalesce(sum(CASE s.kind WHEN 'settlement' THEN 1 WHEN 'reversal' THEN -1 END)
         FILTER (WHERE s.settle_month = $1), 0)::int AS bills,
       coalesce(sum(s.fund_pay_sum_fen) FILTER (WHERE s.settle_month = $1), 0)::bigint AS "fundMonth",
       coalesce(sum(s.fund_pay_sum_fen), 0)::bigint AS "fundYear"
     FROM (VALUES ('310'), ('390')) AS p (scheme)
     LEFT JOIN settlement s ON s.scheme = p.scheme AND s.settle_month >= $2 AND ${scope.sql}
     GROUP BY p.scheme ORDER BY p.scheme`,
    [month, january, ...scope.params],
  );
  return rows.flatMap(({ scheme, bills, fundMonth, fundYear }) => [
    { code: 'bills-month', scheme, amount: null, count: bills },
    { code: 'fund-month', scheme, amount: yuanText(fen(fundMonth)), count: null },
    { code: 'fund-year', scheme, amount: yuanText(fen(fundYear)), count: null },
  ]);
}

/** Insured persons by scheme and institutions with an agreement today. */
export async function heads(tx: Tx, actor: Actor, today: LocalDate): Promise<KeyFigureDto[]> {
  const persons = scopeSql(actor, { pool: 'p.pool_area', area: 'p.area_code' }, 2);
  const insured = await tx.query<{ scheme: string; count: number }>(
    `SELECT c.scheme, count(*)::int AS count FROM coverage c JOIN person p ON p.pool_area = c.pool_area AND p.id = c.person_id
     WHERE c.valid @> $1::date AND ${persons.sql} GROUP BY c.scheme ORDER BY c.scheme`,
    [today, ...persons.params],
  );
  const places = scopeSql(actor, { pool: 'i.pool_area', area: 'i.area_code', provider: 'i.id' }, 2);
  const { count } = await tx.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM institution i WHERE ${places.sql} AND EXISTS (SELECT FROM agreement g
       WHERE g.pool_area = i.pool_area AND g.institution_id = i.id AND g.state <> 'draft' AND g.valid @> $1::date)`,
    [today, ...places.params],
  );
  const insuredFigures = insured.map((row) => ({
    code: 'insured',
    scheme: row.scheme,
    amount: null,
    count: row.count,
  }));
  return [...insuredFigures, { code: 'providers', scheme: null, amount: null, count }];
}

interface UseRow {
  readonly scheme: string;
  readonly subject: string;
  readonly used: bigint;
  readonly budget: bigint;
  readonly months: number;
}

const MONTHS = 12n;
/** Points by which use may run ahead of the year before it is a warning. */
const AHEAD_POINTS = 5n;

/** Institutions whose use of the budget in force is over it or ahead of the months settled; worst first, never clamped. */
export async function budgetWarnings(tx: Tx, actor: Actor, year: number): Promise<WarningDto[]> {
  const scope = scopeSql(actor, { pool: 'b.pool_area', area: 'i.area_code', provider: 'l.provider_id' }, 2);
  const rows = await tx.query<UseRow>(
    `SELECT b.scheme, i.name AS subject, l.amount_fen AS budget, coalesce(sum(x.budgeted_fen), 0)::bigint AS used,
       count(m.id)::int AS months
     FROM payment_budget b
     JOIN payment_budget_line l ON l.pool_area = b.pool_area AND l.budget_id = b.id
     JOIN institution i ON i.pool_area = l.pool_area AND i.id = l.provider_id
     LEFT JOIN payment_month m ON m.pool_area = b.pool_area AND m.scheme = b.scheme AND m.state <> 'running'
       AND m.month >= make_date($1, 1, 1) AND m.month < make_date($1 + 1, 1, 1)
     LEFT JOIN payment_month_line x ON x.pool_area = m.pool_area AND x.month_id = m.id AND x.provider_id = l.provider_id
     WHERE b.year = $1 AND b.state = 'in-force' AND l.amount_fen > 0 AND ${scope.sql}
     GROUP BY b.scheme, i.name, l.amount_fen ORDER BY sum(x.budgeted_fen) / l.amount_fen DESC NULLS LAST LIMIT 200`,
    [year, ...scope.params],
  );
  const ahead = rows.filter(
    (row) => row.used * MONTHS * 100n > row.budget * (BigInt(row.months) * 100n + AHEAD_POINTS * MONTHS),
  );
  return ahead.slice(0, MOST_WARNINGS).map(({ scheme, subject, used, budget }) => ({
    code: used > budget ? 'over-budget' : 'over-progress',
    scheme,
    subject,
    used: yuanText(fen(used)),
    budget: yuanText(fen(budget)),
  }));
}

/** Jobs that stopped with an error. */
export async function failedJobs(tx: Tx, poolArea: string): Promise<WarningDto[]> {
  const rows = await tx.query<{ kind: string; period: string }>(
    `SELECT kind, period FROM job_run WHERE pool_area = $1 AND state = 'failed' ORDER BY created_at DESC LIMIT 10`,
    [poolArea],
  );
  return rows.map((row) => ({
    code: 'failed-job',
    scheme: null,
    subject: `${row.kind} ${row.period}`,
    used: null,
    budget: null,
  }));
}
