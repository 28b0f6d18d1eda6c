import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { Fen } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import type { BudgetReference } from '../advance/sheet.js';
import { paymentErrors } from '../domain/errors.js';
import type { RunState } from '../domain/lifecycle.js';
import type { Scheme } from '../domain/types.js';
import type { ClearingFacts, YearKey } from './clearing-facts.js';

/** An annual clearing as stored. */
export interface ClearingHead {
  readonly id: string;
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly year: number;
  readonly state: RunState;
  readonly attempt: number;
  readonly round: number;
  readonly runId: string;
  readonly budget: BudgetReference;
  readonly policyVersion: string;
  readonly inputsHash: string | null;
  readonly snapshotHash: string | null;
  readonly forfeits: Fen;
  readonly submittedBy: string | null;
  readonly submittedByName: string | null;
  readonly closedOn: LocalDate | null;
}

type HeadRow = Omit<ClearingHead, 'budget'> & { readonly budgetId: string; readonly budgetVersion: number };

const SELECT = `
  SELECT c.id, c.pool_area AS "poolArea", c.scheme, c.year::int AS year, c.state, c.attempt, c.round, c.run_id AS "runId",
    c.budget_id AS "budgetId", b.version AS "budgetVersion", c.policy_version AS "policyVersion",
    c.inputs_hash AS "inputsHash", c.snapshot_hash AS "snapshotHash", c.forfeits_fen AS forfeits,
    c.submitted_by AS "submittedBy", c.submitted_by_name AS "submittedByName", c.closed_on AS "closedOn"
  FROM payment_clearing c JOIN payment_budget b ON b.pool_area = c.pool_area AND b.id = c.budget_id`;

/** The clearing of a scheme and year, or undefined. */
export async function findClearing(tx: Tx, key: YearKey): Promise<ClearingHead | undefined> {
  const row = await tx.maybe<HeadRow>(`${SELECT} WHERE c.pool_area = $1 AND c.scheme = $2 AND c.year = $3`, [
    key.poolArea,
    key.scheme,
    key.year,
  ]);
  return row === undefined ? undefined : headOf(row);
}

/** A clearing by id. Error `payment.clearing-not-found`. */
export async function getClearing(tx: Tx, poolArea: string, id: string, lock = false): Promise<ClearingHead> {
  const row = await tx.maybe<HeadRow>(
    `${SELECT} WHERE c.pool_area = $1 AND c.id = $2 ${lock ? 'FOR UPDATE OF c' : ''}`,
    [poolArea, id],
  );
  if (row === undefined) throw new DomainError(paymentErrors['clearing-not-found']);
  return headOf(row);
}

/** Frozen facts of some or all providers of a clearing, in the order of ids. */
export function clearingInputs(
  tx: Tx,
  poolArea: string,
  clearingId: string,
  part?: { readonly offset: number; readonly limit: number },
): Promise<{ providerId: string; facts: ClearingFacts }[]> {
  return tx.query(
    `SELECT provider_id AS "providerId", facts FROM payment_clearing_input
     WHERE pool_area = $1 AND clearing_id = $2 ORDER BY provider_id OFFSET $3 LIMIT $4`,
    [poolArea, clearingId, part?.offset ?? 0, part?.limit ?? null],
  );
}

/** Writes clearing lines, set-based. */
export async function insertClearingLines(tx: Tx, rows: readonly object[]): Promise<void> {
  await tx.query(
    'INSERT INTO payment_clearing_line SELECT * FROM jsonb_populate_recordset(NULL::payment_clearing_line, $1::jsonb)',
    [JSON.stringify(rows)],
  );
}

/** SHA-256 over every line in the order of providers. */
export async function clearingHash(tx: Tx, poolArea: string, clearingId: string): Promise<string> {
  const { hash } = await tx.one<{ hash: string }>(
    `SELECT encode(sha256(convert_to(coalesce(string_agg((to_jsonb(l) - 'clearing_id')::text, E'\\n'
       ORDER BY l.provider_id), ''), 'UTF8')), 'hex') AS hash
     FROM payment_clearing_line l WHERE l.pool_area = $1 AND l.clearing_id = $2`,
    [poolArea, clearingId],
  );
  return hash;
}

function headOf({ budgetId, budgetVersion, ...row }: HeadRow): ClearingHead {
  return { ...row, budget: { id: budgetId, year: row.year, version: budgetVersion } };
}
