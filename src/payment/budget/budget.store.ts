import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { type Fen, fen, sumFen } from '../../common/money/index.js';
import { firstDay, type LocalDate, monthsOfYear } from '../../common/time/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { BudgetState } from '../domain/lifecycle.js';
import type { TraceLine } from '../domain/trace.js';
import type { Scheme } from '../domain/types.js';
import type { BudgetFacts, BudgetParticipant, BudgetPlan } from './budget-plan.js';

/** A budget version as stored. */
export interface BudgetHead {
  readonly id: string;
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly year: number;
  readonly version: number;
  readonly state: BudgetState;
  readonly round: number;
  readonly reason: string;
  readonly baseId: string | null;
  readonly income: Fen;
  readonly reserve: Fen;
  readonly setAside: Fen;
  readonly available: Fen;
  readonly policyVersion: string;
  readonly createdByName: string;
  readonly publishedOn: LocalDate | null;
  readonly inForceFrom: LocalDate | null;
  readonly approvedByName: string | null;
}

/** One provider's line of a budget. */
export interface BudgetLine {
  readonly providerId: string;
  readonly name: string;
  readonly group: string;
  readonly base: Fen;
  readonly byGroupAverage: boolean;
  readonly weight: Fen;
  readonly formula: Fen;
  readonly negotiated: Fen | null;
  readonly negotiatedReason: string | null;
  readonly amount: Fen;
  readonly trace: readonly TraceLine[];
  readonly quotas: readonly Fen[];
}

const SELECT = `
  SELECT b.id, b.pool_area AS "poolArea", b.scheme, b.year::int AS year, b.version, b.state, b.round, b.reason,
    b.base_id AS "baseId", b.income_fen AS income, b.reserve_fen AS reserve, b.set_aside_fen AS "setAside",
    b.available_fen AS available, b.policy_version AS "policyVersion", b.created_by_name AS "createdByName",
    b.published_on AS "publishedOn", b.in_force_from AS "inForceFrom", b.approved_by_name AS "approvedByName"
  FROM payment_budget b`;

/** A budget by id. Error `payment.budget-not-found`. */
export async function getBudget(tx: Tx, poolArea: string, id: string, lock = false): Promise<BudgetHead> {
  const head = await tx.maybe<BudgetHead>(
    `${SELECT} WHERE b.pool_area = $1 AND b.id = $2 ${lock ? 'FOR UPDATE OF b' : ''}`,
    [poolArea, id],
  );
  if (head === undefined) throw new DomainError(paymentErrors['budget-not-found']);
  return head;
}

/** Budget versions of a pool, newest year first, newest version first, one page. */
export function listBudgets(
  tx: Tx,
  poolArea: string,
  filter: { readonly scheme?: string | undefined; readonly year?: number | undefined },
  page: PageQuery,
): Promise<BudgetHead[]> {
  const [year, scheme, version] = page.after ?? [];
  return tx.query<BudgetHead>(
    `${SELECT} WHERE b.pool_area = $1 AND ($2::text IS NULL OR b.scheme = $2) AND ($3::int IS NULL OR b.year = $3)
       AND ($4::int IS NULL OR (-b.year, b.scheme, -b.version) > (-$4::int, $5::text, -$6::int))
     ORDER BY b.year DESC, b.scheme, b.version DESC LIMIT $7`,
    [
      poolArea,
      filter.scheme ?? null,
      filter.year ?? null,
      year ?? null,
      scheme ?? null,
      version ?? null,
      page.limit + 1,
    ],
  );
}

/** The lines of a budget by group and amount, each with its twelve quotas. */
export async function budgetLines(tx: Tx, poolArea: string, budgetId: string): Promise<BudgetLine[]> {
  const rows = await tx.query<Omit<BudgetLine, 'quotas'> & { readonly quotas: readonly string[] | null }>(
    `SELECT l.provider_id AS "providerId", l.facts ->> 'name' AS name, l.group_code AS group, l.base_fen AS base,
       l.by_group_average AS "byGroupAverage", l.weight_fen AS weight, l.formula_fen AS formula,
       l.negotiated_fen AS negotiated, l.negotiated_reason AS "negotiatedReason", l.amount_fen AS amount, l.trace,
       (SELECT array_agg(q.quota_fen::text ORDER BY q.month) FROM payment_budget_quota q
        WHERE q.pool_area = l.pool_area AND q.budget_id = l.budget_id AND q.provider_id = l.provider_id) AS quotas
     FROM payment_budget_line l WHERE l.pool_area = $1 AND l.budget_id = $2
     ORDER BY l.group_code DESC, l.amount_fen DESC, l.provider_id`,
    [poolArea, budgetId],
  );
  return rows.map((row) => ({ ...row, quotas: (row.quotas ?? []).map((quota) => fen(BigInt(quota))) }));
}

/** The named set-asides of a budget. */
export function budgetSetAsides(
  tx: Tx,
  poolArea: string,
  budgetId: string,
): Promise<{ code: string; zh: string; en: string; amount: Fen }[]> {
  return tx.query(
    `SELECT code, name_zh AS zh, name_en AS en, amount_fen AS amount FROM payment_budget_set_aside
     WHERE pool_area = $1 AND budget_id = $2 ORDER BY amount_fen DESC, code`,
    [poolArea, budgetId],
  );
}

interface StoredParticipant {
  readonly name: string;
  readonly group: string;
  readonly units: string;
  readonly history: readonly string[];
  readonly seasonality: readonly string[];
}

/** Facts of a budget together with what was negotiated, amounts and reasons by provider. */
export type NegotiatedFacts = BudgetFacts & {
  readonly negotiated: ReadonlyMap<string, Fen>;
  readonly reasons: ReadonlyMap<string, string>;
};

/** The facts that a budget was computed from, as they were when it was drafted. */
export async function storedFacts(tx: Tx, head: BudgetHead): Promise<NegotiatedFacts> {
  const rows = await tx.query<{
    providerId: string;
    facts: StoredParticipant & { readonly insured: string };
    negotiated: Fen | null;
    reason: string | null;
  }>(
    `SELECT provider_id AS "providerId", facts, negotiated_fen AS negotiated, negotiated_reason AS reason
     FROM payment_budget_line WHERE pool_area = $1 AND budget_id = $2 ORDER BY facts ->> 'order'`,
    [head.poolArea, head.id],
  );
  const agreed = rows.filter((row) => row.negotiated !== null);
  return {
    year: head.year,
    income: head.income,
    insured: BigInt(rows[0]?.facts.insured ?? '0'),
    participants: rows.map(({ providerId, facts }) => ({
      providerId,
      name: facts.name,
      group: facts.group,
      units: BigInt(facts.units),
      history: facts.history.map((amount) => fen(BigInt(amount))),
      seasonality: facts.seasonality.map(BigInt),
    })),
    negotiated: new Map(agreed.flatMap((row) => (row.negotiated === null ? [] : [[row.providerId, row.negotiated]]))),
    reasons: new Map(agreed.map((row) => [row.providerId, row.reason ?? ''])),
  };
}

/** Replaces the figures of a budget that is still being made. */
export async function writePlan(
  tx: Tx,
  key: { readonly poolArea: string; readonly budgetId: string },
  facts: BudgetFacts,
  plan: BudgetPlan,
  reasons: ReadonlyMap<string, string>,
): Promise<void> {
  const { poolArea, budgetId } = key;
  const { available } = plan;
  await tx.query('DELETE FROM payment_budget_line WHERE pool_area = $1 AND budget_id = $2', [poolArea, budgetId]);
  await tx.query('DELETE FROM payment_budget_set_aside WHERE pool_area = $1 AND budget_id = $2', [poolArea, budgetId]);
  await tx.query(
    `UPDATE payment_budget SET income_fen = $3, reserve_fen = $4, set_aside_fen = $5, available_fen = $6
     WHERE pool_area = $1 AND id = $2`,
    [
      poolArea,
      budgetId,
      available.income,
      available.reserve,
      sumFen(available.setAsides.map((row) => row.amount)),
      available.available,
    ],
  );
  await insertRows(
    tx,
    'payment_budget_set_aside',
    available.setAsides.map((row) => ({
      pool_area: poolArea,
      budget_id: budgetId,
      code: row.code,
      name_zh: row.name.zh,
      name_en: row.name.en,
      amount_fen: row.amount.toString(),
    })),
  );
  await insertRows(tx, 'payment_budget_line', lineRows(key, facts, plan, reasons));
  const months = monthsOfYear(facts.year);
  await insertRows(
    tx,
    'payment_budget_quota',
    plan.lines.flatMap(({ participant, quotas }) =>
      quotas.map((quota, index) => ({
        pool_area: poolArea,
        budget_id: budgetId,
        provider_id: participant.providerId,
        month: firstDay(months[index] ?? months[0] ?? ('' as never)),
        quota_fen: quota.toString(),
      })),
    ),
  );
}

function lineRows(
  { poolArea, budgetId }: { readonly poolArea: string; readonly budgetId: string },
  facts: BudgetFacts,
  plan: BudgetPlan,
  reasons: ReadonlyMap<string, string>,
): object[] {
  const orders = new Map(facts.participants.map((participant, index) => [participant.providerId, index]));
  return plan.lines.map(({ participant, allocated, trace }) => {
    const reason = reasons.get(participant.providerId);
    return {
      pool_area: poolArea,
      budget_id: budgetId,
      provider_id: participant.providerId,
      group_code: allocated.group,
      base_fen: allocated.base.toString(),
      by_group_average: allocated.byGroupAverage,
      weight_fen: allocated.weight.toString(),
      formula_fen: allocated.formula.toString(),
      negotiated_fen: reason === undefined ? null : allocated.amount.toString(),
      negotiated_reason: reason ?? null,
      amount_fen: allocated.amount.toString(),
      facts: storable(participant, orders.get(participant.providerId) ?? 0, facts.insured),
      trace,
    };
  });
}

type PlanTable = 'payment_budget_set_aside' | 'payment_budget_line' | 'payment_budget_quota';

async function insertRows(tx: Tx, table: PlanTable, rows: readonly object[]): Promise<void> {
  await tx.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ]);
}

// The order of the participants decides ties of the largest remainder, so it is kept with them.
function storable(participant: BudgetParticipant, order: number, insured: bigint): object {
  return {
    name: participant.name,
    group: participant.group,
    units: participant.units.toString(),
    history: participant.history.map(String),
    seasonality: participant.seasonality.map(String),
    order: String(order).padStart(6, '0'),
    insured: insured.toString(),
  };
}
