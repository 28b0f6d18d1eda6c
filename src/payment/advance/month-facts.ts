import { createHash } from 'node:crypto';
import type { Tx } from '../../common/db/index.js';
import { fen, type Fen, rateText } from '../../common/money/index.js';
import { canonicalJson, type Json } from '../../common/policy/index.js';
import { addMonths, firstDay, lastDay, type LocalDate, type Month, yearOf } from '../../common/time/index.js';
import type { AgreementTerms, Institution, Providers } from '../../providers/index.js';
import type { BudgetPolicy, PaymentPolicy } from '../domain/policy.js';
import { type AcceptedCell, type Category, type Fund, FUNDS, type Level, type Scheme } from '../domain/types.js';

/** One fund × category of a provider's month; amounts are fen as decimal text, as they stand in the frozen facts. */
export interface CellFacts {
  readonly fund: Fund;
  readonly category: Category;
  readonly accepted: string;
  readonly suspended: string;
  readonly rescue: string;
  readonly special: string;
  readonly ytdAccepted: string;
}

/** Everything one provider's sheet is computed from, as it is frozen in `payment_month_input`. Amounts are fen as text. */
export interface MonthFacts {
  readonly name: string;
  readonly level: Level;
  readonly agreementNo: string | null;
  /** ρ of the agreement, else of the policy. */
  readonly depositRate: string;
  readonly settlements: number;
  readonly cells: readonly CellFacts[];
  readonly account: string;
  readonly deductions: readonly { readonly id: string; readonly amount: string }[];
  readonly quota: string;
  readonly cumulativeQuota: string;
  /** null = no budget line. */
  readonly annualBudget: string | null;
  readonly priorAverage: string;
  readonly carryIn: string;
  readonly recoverable: string;
  readonly lastMonthAccepted: string;
  /** Sums of the closed months of this year before this month. */
  readonly before: {
    readonly accepted: string;
    readonly budgeted: string;
    readonly eligible: string;
    readonly pay: string;
  };
}

export interface MonthKey {
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly month: Month;
}

/** The facts of a provider with its id; sorted by id, which is also the order of units and of the hash. */
export interface ProviderMonthFacts {
  readonly providerId: string;
  readonly facts: MonthFacts;
}

// One pass over the month's settlements, then one row per fund. A reversal stands where its original stood: the day of
// the original decides whether the service lay in a suspended span. Special drugs are told apart inside the basic pool.
const ACCEPTED = `
  WITH billed AS (
    SELECT s.provider_id, s.category, s.kind, s.acct_pay_fen, s.hifp_fen, s.cvlserv_fen, s.hifes_fen, s.hifmi_fen,
      s.hifob_fen, s.maf_fen, s.oth_fen,
      CASE WHEN s.special_fen >= 0 THEN least(s.special_fen, s.hifp_fen) ELSE greatest(s.special_fen, s.hifp_fen) END
        AS special_fen,
      CASE WHEN x.institution_id IS NULL THEN 'normal' WHEN s.emergency THEN 'rescue' ELSE 'suspended' END AS span
    FROM settlement AS s
    LEFT JOIN settlement AS o ON o.pool_area = s.pool_area AND o.person_id = s.person_id AND o.id = s.reverses_id
    LEFT JOIN agreement_suspension AS x ON x.pool_area = s.pool_area AND x.institution_id = s.provider_id
      AND x.span @> coalesce(o.settled_on, s.settled_on)
    WHERE s.pool_area = $1 AND s.scheme = $2 AND s.settle_month = $3
  ), summed AS (
    SELECT provider_id, category, span, sum(CASE kind WHEN 'settlement' THEN 1 ELSE -1 END) AS bills,
      sum(acct_pay_fen) AS acct, sum(special_fen) AS special, sum(hifp_fen) AS hifp, sum(cvlserv_fen) AS cvlserv,
      sum(hifes_fen) AS hifes, sum(hifmi_fen) AS hifmi, sum(hifob_fen) AS hifob, sum(maf_fen) AS maf, sum(oth_fen) AS oth
    FROM billed GROUP BY provider_id, category, span
  )
  SELECT provider_id AS "providerId", category, f.fund, sum(f.amount)::text AS accepted,
    coalesce(sum(f.amount) FILTER (WHERE span = 'suspended'), 0)::text AS suspended,
    coalesce(sum(f.amount) FILTER (WHERE span = 'rescue'), 0)::text AS rescue,
    coalesce(sum(f.special) FILTER (WHERE span <> 'suspended'), 0)::text AS special,
    sum(f.bills)::int AS bills, sum(f.acct)::text AS acct
  FROM summed CROSS JOIN LATERAL (VALUES
    ('hifp', hifp, special, bills, acct), ('cvlserv', cvlserv, 0, 0, 0), ('hifes', hifes, 0, 0, 0),
    ('hifmi', hifmi, 0, 0, 0), ('hifob', hifob, 0, 0, 0), ('maf', maf, 0, 0, 0), ('oth', oth, 0, 0, 0))
    AS f (fund, amount, special, bills, acct)
  GROUP BY provider_id, category, f.fund`;

interface AcceptedSums {
  readonly providerId: string;
  readonly category: Category;
  readonly fund: Fund;
  readonly accepted: string;
  readonly suspended: string;
  readonly rescue: string;
  readonly special: string;
  readonly bills: number;
  readonly acct: string;
}

// What the closed months of the year and the month before left behind, per provider.
const BEFORE = `
  SELECT l.provider_id AS "providerId",
    sum(l.accepted_fen) FILTER (WHERE m.month >= $4)::text AS accepted,
    sum(l.budgeted_fen) FILTER (WHERE m.month >= $4)::text AS budgeted,
    sum(l.eligible_fen) FILTER (WHERE m.month >= $4)::text AS eligible,
    sum(l.pay_fen) FILTER (WHERE m.month >= $4)::text AS pay,
    sum(l.accepted_fen) FILTER (WHERE m.month = $5)::text AS last,
    sum(l.carry_out_fen) FILTER (WHERE m.month = $5)::text AS carry
  FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
  WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month < $3 AND m.month >= least($4::date, $5::date)
  GROUP BY l.provider_id`;

interface YtdSums {
  readonly providerId: string;
  readonly category: Category;
  readonly fund: Fund;
  readonly accepted: string;
}

interface BeforeSums {
  readonly providerId: string;
  readonly accepted: string | null;
  readonly budgeted: string | null;
  readonly eligible: string | null;
  readonly pay: string | null;
  readonly last: string | null;
  readonly carry: string | null;
}

const BEFORE_CELLS = `
  SELECT c.provider_id AS "providerId", c.fund, c.category, sum(c.accepted_fen)::text AS accepted
  FROM payment_month m JOIN payment_month_cell c ON c.pool_area = m.pool_area AND c.month_id = m.id
  WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month >= $3 AND m.month < $4
  GROUP BY c.provider_id, c.fund, c.category`;

const QUOTAS = `
  SELECT l.provider_id AS "providerId", l.amount_fen::text AS annual,
    coalesce(sum(q.quota_fen) FILTER (WHERE q.month = $3), 0)::text AS quota,
    coalesce(sum(q.quota_fen) FILTER (WHERE q.month <= $3), 0)::text AS cumulative
  FROM payment_budget_line l
  LEFT JOIN payment_budget_quota q ON q.pool_area = l.pool_area AND q.budget_id = l.budget_id
    AND q.provider_id = l.provider_id
  WHERE l.pool_area = $1 AND l.budget_id = $2 GROUP BY l.provider_id, l.amount_fen`;

// Last year's average: closed months here, or what was recorded of the time before this system.
const PRIOR = `
  SELECT provider_id AS "providerId", (sum(amount) / 12)::bigint::text AS average FROM (
    SELECT l.provider_id, l.budgeted_fen AS amount
    FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
    WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month >= $3 AND m.month < $4
    UNION ALL
    SELECT provider_id, budgeted_fen FROM payment_history
    WHERE pool_area = $1 AND scheme = $2 AND month >= $3 AND month < $4
  ) AS y GROUP BY provider_id`;

const DEDUCTIONS = `
  SELECT id, provider_id AS "providerId", amount_fen::text AS amount FROM payment_deduction
  WHERE pool_area = $1 AND scheme = $2 AND state = 'decided' AND month <= $3 ORDER BY id`;

const RECOVERABLE = `
  SELECT r.provider_id AS "providerId", (sum(r.amount_fen) - coalesce((
    SELECT sum(l.recovered_fen) FROM payment_month m JOIN payment_month_line l
      ON l.pool_area = m.pool_area AND l.month_id = m.id
    WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND l.provider_id = r.provider_id), 0))::text AS amount
  FROM payment_recoverable r WHERE r.pool_area = $1 AND r.scheme = $2 GROUP BY r.provider_id`;

const ADJUSTED = `
  SELECT DISTINCT a.provider_id AS "providerId" FROM payment_month m
  JOIN payment_adjustment a ON a.pool_area = m.pool_area AND a.month_id = m.id
  WHERE m.pool_area = $1 AND m.scheme = $2 AND m.month = $3`;

/**
 * Collects the facts of a month for every provider that has bills, a budget, deductions, something carried or something to
 * be recovered: ten set-based statements, whatever the number of bills.
 */
export async function collectMonthFacts(
  tx: Tx,
  providers: Providers,
  key: MonthKey,
  budgetId: string,
  policy: PaymentPolicy,
): Promise<ProviderMonthFacts[]> {
  const { poolArea, scheme, month } = key;
  const first = firstDay(month);
  const year = yearOf(month);
  const january = day(year, 1);
  const pool = [poolArea, scheme] as const;
  const accepted = await tx.query<AcceptedSums>(ACCEPTED, [...pool, first]);
  const before = await tx.query<BeforeSums>(BEFORE, [...pool, first, january, firstDay(addMonths(month, -1))]);
  const cells = await tx.query<YtdSums>(BEFORE_CELLS, [...pool, january, first]);
  const quotas = await tx.query<Quota>(QUOTAS, [poolArea, budgetId, first]);
  const prior = await tx.query<{ providerId: string; average: string }>(PRIOR, [...pool, day(year - 1, 1), january]);
  const deductions = await tx.query<Amount & { id: string }>(DEDUCTIONS, [...pool, first]);
  const recoverable = await tx.query<Amount>(RECOVERABLE, [...pool]);
  const adjusted = await tx.query<{ providerId: string }>(ADJUSTED, [...pool, first]);
  const ids = [
    ...new Set([
      ...[...accepted, ...quotas, ...deductions, ...adjusted].map((row) => row.providerId),
      ...before.filter((row) => isPositive(row.carry)).map((row) => row.providerId),
      ...recoverable.filter((row) => isPositive(row.amount)).map((row) => row.providerId),
    ]),
  ].sort();
  const sums: Sums = {
    institutions: keyed(await providers.list(tx, { poolArea, ids }), (row) => row.id),
    agreements: keyed(
      await providers.agreementsInForce(tx, poolArea, lastDay(month), ids),
      (agreement) => agreement.institutionId,
    ),
    accepted: grouped(accepted),
    before: keyed(before, (row) => row.providerId),
    cells: grouped(cells),
    quotas: keyed(quotas, (row) => row.providerId),
    prior: keyed(prior, (row) => row.providerId),
    deductions: grouped(deductions),
    recoverable: keyed(recoverable, (row) => row.providerId),
  };
  const depositRate = rateText(policy.advance.depositRate, 4);
  return ids.map((providerId) => ({ providerId, facts: factsOf(providerId, sums, depositRate) }));
}

/** Everything that was read, by provider. */
interface Sums {
  readonly institutions: ReadonlyMap<string, Institution>;
  readonly agreements: ReadonlyMap<string, AgreementTerms>;
  readonly accepted: ReadonlyMap<string, readonly AcceptedSums[]>;
  readonly before: ReadonlyMap<string, BeforeSums>;
  readonly cells: ReadonlyMap<string, readonly YtdSums[]>;
  readonly quotas: ReadonlyMap<string, Quota>;
  readonly prior: ReadonlyMap<string, { readonly average: string }>;
  readonly deductions: ReadonlyMap<string, readonly (Amount & { readonly id: string })[]>;
  readonly recoverable: ReadonlyMap<string, Amount>;
}

function factsOf(providerId: string, sums: Sums, depositRate: string): MonthFacts {
  const institution = sums.institutions.get(providerId);
  const agreement = sums.agreements.get(providerId);
  const was = sums.before.get(providerId);
  const quota = sums.quotas.get(providerId);
  const rows = sums.accepted.get(providerId) ?? [];
  return {
    name: institution?.name ?? providerId,
    level: institution?.level ?? 'primary',
    agreementNo: agreement?.agreementNo ?? null,
    depositRate: agreement?.depositRate ?? depositRate,
    settlements: rows.reduce((count, row) => count + row.bills, 0),
    cells: mergeCells(rows, sums.cells.get(providerId) ?? []),
    account: rows.reduce((sum, row) => sum + BigInt(row.acct), 0n).toString(),
    deductions: (sums.deductions.get(providerId) ?? []).map(({ id, amount }) => ({ id, amount })),
    quota: quota?.quota ?? '0',
    cumulativeQuota: quota?.cumulative ?? '0',
    annualBudget: quota?.annual ?? null,
    priorAverage: sums.prior.get(providerId)?.average ?? '0',
    carryIn: was?.carry ?? '0',
    recoverable: sums.recoverable.get(providerId)?.amount ?? '0',
    lastMonthAccepted: was?.last ?? '0',
    before: {
      accepted: was?.accepted ?? '0',
      budgeted: was?.budgeted ?? '0',
      eligible: was?.eligible ?? '0',
      pay: was?.pay ?? '0',
    },
  };
}

/** SHA-256 over the facts of all providers: what the trial was computed from. */
export function hashFacts(rows: readonly { readonly providerId: string; readonly facts: object }[]): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${row.providerId} ${canonicalJson(row.facts as unknown as Json)}\n`);
  return hash.digest('hex');
}

/** The cells of the facts as the rules take them. */
export function acceptedCells(facts: MonthFacts, policy: BudgetPolicy): AcceptedCell[] {
  return facts.cells.map((cell) => ({
    fund: cell.fund,
    category: cell.category,
    accepted: amountOf(cell.accepted),
    suspended: amountOf(cell.suspended),
    special: amountOf(cell.special),
    underBudget: policy.funds.includes(cell.fund) && policy.categories.includes(cell.category),
  }));
}

/** Fen from the decimal text of frozen facts. */
export function amountOf(text: string): Fen {
  return fen(BigInt(text));
}

interface Quota {
  readonly providerId: string;
  readonly annual: string;
  readonly quota: string;
  readonly cumulative: string;
}

interface Amount {
  readonly providerId: string;
  readonly amount: string;
}

function mergeCells(rows: readonly AcceptedSums[], before: readonly YtdSums[]): CellFacts[] {
  const known = new Map(before.map((row) => [`${row.category} ${row.fund}`, row.accepted]));
  const now = new Map(rows.map((row) => [`${row.category} ${row.fund}`, row]));
  const categories = [...new Set([...rows, ...before].map((row) => row.category))].sort();
  return categories.flatMap((category) =>
    FUNDS.flatMap((fund) => {
      const row = now.get(`${category} ${fund}`);
      const ytd = BigInt(known.get(`${category} ${fund}`) ?? '0') + BigInt(row?.accepted ?? '0');
      const nothing = [row?.accepted, row?.suspended, row?.rescue, row?.special].every((a) => (a ?? '0') === '0');
      if (nothing && ytd === 0n) return [];
      return [
        {
          fund,
          category,
          accepted: row?.accepted ?? '0',
          suspended: row?.suspended ?? '0',
          rescue: row?.rescue ?? '0',
          special: row?.special ?? '0',
          ytdAccepted: ytd.toString(),
        },
      ];
    }),
  );
}

function grouped<T extends { readonly providerId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.providerId);
    if (group === undefined) groups.set(row.providerId, [row]);
    else group.push(row);
  }
  return groups;
}

function keyed<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function isPositive(amount: string | null): boolean {
  return amount !== null && BigInt(amount) > 0n;
}

function day(year: number, month: number): LocalDate {
  return `${String(year)}-${String(month).padStart(2, '0')}-01` as LocalDate;
}
