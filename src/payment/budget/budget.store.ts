import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { fen, type Fen, yuanText } from '../../common/money/index.js';
import { firstDay, type LocalDate, monthsOfYear } from '../../common/time/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { BudgetState } from '../domain/lifecycle.js';
import type { Text, TraceLine } from '../domain/trace.js';
import type { Level, Scheme } from '../domain/types.js';
import type { Available } from './domain/available.js';
import type { BudgetFacts, ComposedLine } from './domain/compose.js';

/** The head of one version of a budget. */
export interface BudgetHead {
  readonly id: string;
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
  readonly createdBy: string;
  readonly createdByName: string;
  readonly publishedOn: LocalDate | null;
  readonly inForceFrom: LocalDate | null;
  readonly approvedByName: string | null;
}

/** One provider's line as stored. */
export interface BudgetLine {
  readonly providerId: string;
  readonly groupCode: string;
  readonly base: Fen;
  readonly byGroupAverage: boolean;
  readonly weight: Fen;
  readonly formula: Fen;
  readonly negotiated: Fen | null;
  readonly negotiatedReason: string | null;
  readonly amount: Fen;
  readonly facts: BudgetFacts;
  readonly trace: readonly TraceLine[];
  /** Twelve months, January first. */
  readonly quotas: readonly Fen[];
}

export interface StoredSetAside {
  readonly code: string;
  readonly name: Text;
  readonly amount: Fen;
}

const HEAD = `
  SELECT id, scheme, year::int AS year, version, state, round, reason, base_id AS "baseId", income_fen AS income,
    reserve_fen AS reserve, set_aside_fen AS "setAside", available_fen AS available, policy_version AS "policyVersion",
    created_by AS "createdBy", created_by_name AS "createdByName", published_on AS "publishedOn",
    in_force_from AS "inForceFrom", approved_by_name AS "approvedByName"
  FROM payment_budget`;

/** Versions of budgets, the newest first. */
export function listBudgets(
  tx: Tx,
  poolArea: string,
  filter: { readonly scheme?: string | undefined; readonly year?: number | undefined },
): Promise<BudgetHead[]> {
  return tx.query<BudgetHead>(
    `${HEAD} WHERE pool_area = $1 AND ($2::text IS NULL OR scheme = $2) AND ($3::int IS NULL OR year = $3)
     ORDER BY year DESC, scheme, version DESC LIMIT 200`,
    [poolArea, filter.scheme ?? null, filter.year ?? null],
  );
}

/** One version by id. Error `payment.budget-not-found`. `lock` keeps others from changing it meanwhile. */
export async function getBudget(tx: Tx, poolArea: string, id: string, lock = false): Promise<BudgetHead> {
  const head = await tx.maybe<BudgetHead>(`${HEAD} WHERE pool_area = $1 AND id = $2 ${lock ? 'FOR UPDATE' : ''}`, [
    poolArea,
    id,
  ]);
  if (head === undefined) throw new DomainError(paymentErrors['budget-not-found']);
  return head;
}

/** Set-asides of a version. */
export function setAsidesOf(tx: Tx, poolArea: string, id: string): Promise<StoredSetAside[]> {
  return tx.query<StoredSetAside>(
    `SELECT code, jsonb_build_object('zh', name_zh, 'en', name_en) AS name, amount_fen AS amount
     FROM payment_budget_set_aside WHERE pool_area = $1 AND budget_id = $2 ORDER BY code`,
    [poolArea, id],
  );
}

interface LineRow extends Omit<BudgetLine, 'facts' | 'quotas'> {
  readonly facts: FrozenFacts;
  readonly quotas: readonly bigint[];
}

/** Lines of a version with their months, in the order of providers. */
export async function linesOf(tx: Tx, poolArea: string, id: string): Promise<BudgetLine[]> {
  const rows = await tx.query<LineRow>(
    `SELECT l.provider_id AS "providerId", l.group_code AS "groupCode", l.base_fen AS base,
       l.by_group_average AS "byGroupAverage", l.weight_fen AS weight, l.formula_fen AS formula,
       l.negotiated_fen AS negotiated, l.negotiated_reason AS "negotiatedReason", l.amount_fen AS amount, l.facts, l.trace,
       (SELECT array_agg(q.quota_fen ORDER BY q.month) FROM payment_budget_quota q
        WHERE q.pool_area = l.pool_area AND q.budget_id = l.budget_id AND q.provider_id = l.provider_id) AS quotas
     FROM payment_budget_line l WHERE l.pool_area = $1 AND l.budget_id = $2 ORDER BY l.provider_id`,
    [poolArea, id],
  );
  return rows.map((row) => ({
    ...row,
    facts: thaw(row.providerId, row.facts),
    quotas: row.quotas.map((quota) => fen(quota)),
  }));
}

/** A head that is written; the lines follow. */
export interface NewBudget {
  readonly id: string;
  readonly scheme: Scheme;
  readonly year: number;
  readonly version: number;
  readonly reason: string;
  readonly baseId: string | null;
  readonly available: Available;
  readonly policyVersion: string;
  readonly createdBy: string;
  readonly createdByName: string;
}

/** Writes the head and set-asides of a draft. */
export async function insertBudget(tx: Tx, poolArea: string, budget: NewBudget): Promise<void> {
  const { income, reserve, setAsides, available } = budget.available;
  await tx.query(
    `INSERT INTO payment_budget (pool_area, id, scheme, year, version, state, reason, base_id, income_fen, reserve_fen,
       set_aside_fen, available_fen, policy_version, created_by, created_by_name)
     VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      poolArea,
      budget.id,
      budget.scheme,
      budget.year,
      budget.version,
      budget.reason,
      budget.baseId,
      income,
      reserve,
      setAsides.reduce((sum, row) => sum + row.amount, 0n),
      available,
      budget.policyVersion,
      budget.createdBy,
      budget.createdByName,
    ],
  );
  await tx.query(
    `INSERT INTO payment_budget_set_aside (pool_area, budget_id, code, name_zh, name_en, amount_fen)
     SELECT $1, $2, u.* FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[]) AS u`,
    [
      poolArea,
      budget.id,
      setAsides.map((row) => row.code),
      setAsides.map((row) => row.name.zh),
      setAsides.map((row) => row.name.en),
      setAsides.map((row) => row.amount),
    ],
  );
}

/** A line as it is to be written: composed by the formula, or carried over and changed by an adjustment. */
export type WritableLine = ComposedLine & { readonly reason: string | null };

/** Replaces the lines and quotas of a draft, set-based. */
export async function replaceLines(
  tx: Tx,
  poolArea: string,
  budgetId: string,
  year: number,
  lines: readonly WritableLine[],
): Promise<void> {
  await tx.query('DELETE FROM payment_budget_line WHERE pool_area = $1 AND budget_id = $2', [poolArea, budgetId]);
  await tx.query(
    'INSERT INTO payment_budget_line SELECT * FROM jsonb_populate_recordset(NULL::payment_budget_line, $1::jsonb)',
    [
      JSON.stringify(
        lines.map((line) => ({
          pool_area: poolArea,
          budget_id: budgetId,
          provider_id: line.facts.providerId,
          group_code: line.allocated.group,
          base_fen: line.allocated.base.toString(),
          by_group_average: line.allocated.byGroupAverage,
          weight_fen: line.allocated.weight.toString(),
          formula_fen: line.allocated.formula.toString(),
          negotiated_fen: line.negotiated?.toString() ?? null,
          negotiated_reason: line.negotiated === null ? null : line.reason,
          amount_fen: line.allocated.amount.toString(),
          facts: freeze(line.facts),
          trace: line.trace,
        })),
      ),
    ],
  );
  const months = monthsOfYear(year).map(firstDay);
  const quotas = lines.flatMap((line) =>
    line.quotas.map((quota, index) => [line.facts.providerId, months[index], quota]),
  );
  await tx.query(
    `INSERT INTO payment_budget_quota (pool_area, budget_id, provider_id, month, quota_fen)
     SELECT $1, $2, u.* FROM unnest($3::uuid[], $4::date[], $5::bigint[]) AS u`,
    [poolArea, budgetId, ...[0, 1, 2].map((column) => quotas.map((row) => row[column]))],
  );
}

interface FrozenFacts {
  readonly name: string;
  readonly level: Level;
  readonly units: string;
  readonly history: readonly string[];
  readonly seasonality: readonly string[];
}

function freeze(facts: BudgetFacts): FrozenFacts {
  const { name, level, units, history, seasonality } = facts;
  return { name, level, units: units.toString(), history: history.map(String), seasonality: seasonality.map(String) };
}

function thaw(providerId: string, frozen: FrozenFacts): BudgetFacts {
  const amounts = (texts: readonly string[]): Fen[] => texts.map((text) => fen(BigInt(text)));
  return {
    providerId,
    name: frozen.name,
    level: frozen.level,
    units: BigInt(frozen.units),
    history: amounts(frozen.history),
    seasonality: amounts(frozen.seasonality),
  };
}

/** Figures of a version for the audit trail. */
export function auditFigures(head: BudgetHead): Record<string, unknown> {
  const { scheme, year, version } = head;
  return { scheme, year, version, available: yuanText(head.available) };
}
