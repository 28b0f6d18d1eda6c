import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { Fen } from '../../common/money/index.js';
import { firstDay, type LocalDate, type Month, monthOf } from '../../common/time/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { RunState } from '../domain/lifecycle.js';
import type { Scheme } from '../domain/types.js';
import type { BudgetReference, SheetRows } from './sheet.js';

/** A month settlement as stored. */
export interface MonthHead {
  readonly id: string;
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly month: Month;
  readonly state: RunState;
  readonly attempt: number;
  readonly round: number;
  readonly runId: string;
  readonly budget: BudgetReference;
  readonly policyVersion: string;
  readonly inputsHash: string | null;
  readonly snapshotHash: string | null;
  readonly submittedBy: string | null;
  readonly submittedByName: string | null;
  readonly closedOn: LocalDate | null;
}

interface HeadRow extends Omit<MonthHead, 'month' | 'budget'> {
  readonly monthDay: LocalDate;
  readonly budgetId: string;
  readonly budgetYear: number;
  readonly budgetVersion: number;
}

const SELECT = `
  SELECT m.id, m.pool_area AS "poolArea", m.scheme, m.month AS "monthDay", m.state, m.attempt, m.round,
    m.run_id AS "runId", m.budget_id AS "budgetId", b.year::int AS "budgetYear", b.version AS "budgetVersion",
    m.policy_version AS "policyVersion", m.inputs_hash AS "inputsHash", m.snapshot_hash AS "snapshotHash",
    m.submitted_by AS "submittedBy", m.submitted_by_name AS "submittedByName", m.closed_on AS "closedOn"
  FROM payment_month m JOIN payment_budget b ON b.pool_area = m.pool_area AND b.id = m.budget_id`;

/** The month settlement of a scheme and month, or undefined. */
export async function findMonth(
  tx: Tx,
  key: { readonly poolArea: string; readonly scheme: Scheme; readonly month: Month },
): Promise<MonthHead | undefined> {
  const row = await tx.maybe<HeadRow>(`${SELECT} WHERE m.pool_area = $1 AND m.scheme = $2 AND m.month = $3`, [
    key.poolArea,
    key.scheme,
    firstDay(key.month),
  ]);
  return row === undefined ? undefined : headOf(row);
}

/** A month settlement by id. Error `payment.month-not-found`. `lock` keeps others from changing it meanwhile. */
export async function getMonth(tx: Tx, poolArea: string, id: string, lock = false): Promise<MonthHead> {
  const row = await tx.maybe<HeadRow>(
    `${SELECT} WHERE m.pool_area = $1 AND m.id = $2 ${lock ? 'FOR UPDATE OF m' : ''}`,
    [poolArea, id],
  );
  if (row === undefined) throw new DomainError(paymentErrors['month-not-found']);
  return headOf(row);
}

/** Writes sheets: lines and their cells, set-based. */
export async function insertSheets(tx: Tx, sheets: readonly SheetRows[]): Promise<void> {
  await tx.query(
    'INSERT INTO payment_month_line SELECT * FROM jsonb_populate_recordset(NULL::payment_month_line, $1::jsonb)',
    [JSON.stringify(sheets.map((sheet) => sheet.line))],
  );
  await tx.query(
    'INSERT INTO payment_month_cell SELECT * FROM jsonb_populate_recordset(NULL::payment_month_cell, $1::jsonb)',
    [JSON.stringify(sheets.flatMap((sheet) => sheet.cells))],
  );
}

/** Figures of a whole month. */
export interface MonthTotals {
  readonly providers: number;
  readonly settlements: number;
  readonly accepted: Fen;
  readonly eligible: Fen;
  readonly deposit: Fen;
  readonly deductions: Fen;
  readonly pay: Fen;
  readonly carryOut: Fen;
}

export async function monthTotals(tx: Tx, poolArea: string, monthId: string): Promise<MonthTotals> {
  const sum = (column: string) => `coalesce(sum(${column}), 0)::bigint`;
  return tx.one<MonthTotals>(
    `SELECT count(*)::int AS providers, coalesce(sum(settlements), 0)::int AS settlements,
       ${sum('accepted_fen')} AS accepted, ${sum('eligible_fen')} AS eligible, ${sum('deposit_fen')} AS deposit,
       ${sum('deduction_fen')} AS deductions, ${sum('pay_fen')} AS pay, ${sum('carry_out_fen')} AS "carryOut"
     FROM payment_month_line WHERE pool_area = $1 AND month_id = $2`,
    [poolArea, monthId],
  );
}

/**
 * SHA-256 over every sheet and cell of a month in the order of providers: the same figures give the same hash, in any
 * process and any year.
 */
export async function monthHash(tx: Tx, poolArea: string, monthId: string): Promise<string> {
  const { hash } = await tx.one<{ hash: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg(r.row::text, E'\\n' ORDER BY r.provider_id, r.part), ''), 'UTF8')), 'hex')
       AS hash FROM (
       SELECT provider_id, '' AS part, to_jsonb(l) - 'month_id' AS row FROM payment_month_line l
       WHERE pool_area = $1 AND month_id = $2
       UNION ALL
       SELECT provider_id, fund || ' ' || category, to_jsonb(c) - 'month_id' FROM payment_month_cell c
       WHERE pool_area = $1 AND month_id = $2) AS r`,
    [poolArea, monthId],
  );
  return hash;
}

function headOf({ monthDay, budgetId, budgetYear, budgetVersion, ...row }: HeadRow): MonthHead {
  return { ...row, month: monthOf(monthDay), budget: { id: budgetId, year: budgetYear, version: budgetVersion } };
}
