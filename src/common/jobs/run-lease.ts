import type { Tx } from '../db/index.js';
import { isDomainError } from '../errors/index.js';
import { type JobRow, RUN_COLUMNS, runOf } from './job-runs.js';
import type { JobFault, JobRun, JsonObject } from './job-types.js';

/** The worker no longer holds the run: another one took it over. What it was doing is rolled back. */
export class LeaseLost extends Error {
  constructor(runId: string) {
    super(`run ${runId} is held by another worker`);
    this.name = 'LeaseLost';
  }
}

const MAX_TRIES = 5;

/**
 * Takes an unfinished run that nobody holds (or whose holder is overdue) and raises its fence, in one statement; all
 * times are the database's. Undefined when it is done or somebody holds it.
 */
export async function acquire(tx: Tx, runId: string, worker: string, leaseMs: number): Promise<JobRun | undefined> {
  const row = await tx.maybe<JobRow>(
    `UPDATE job_run SET state = 'running', fence = fence + 1, attempts = attempts + 1, worker = $2, error = NULL,
       lease_until = clock_timestamp() + $3 * interval '1 millisecond', started_at = coalesce(started_at, clock_timestamp())
     WHERE id = $1 AND state <> 'done' AND (lease_until IS NULL OR lease_until < clock_timestamp())
     RETURNING ${RUN_COLUMNS}`,
    [runId, worker, leaseMs],
  );
  return row === undefined ? undefined : runOf(row);
}

/** Prolongs the lease; false when it is lost or was given back: a heartbeat that waited for that must not take it again. */
export async function renew(tx: Tx, run: JobRun, leaseMs: number): Promise<boolean> {
  const row = await tx.maybe(
    `UPDATE job_run SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
     WHERE pool_area = $1 AND id = $2 AND fence = $3 AND state = 'running' AND lease_until IS NOT NULL RETURNING id`,
    [run.poolArea, run.id, run.fence, leaseMs],
  );
  return row !== undefined;
}

/** Whether the run was cut into units already. */
export async function isPlanned(tx: Tx, run: JobRun): Promise<boolean> {
  const row = await tx.one<{ planned: boolean }>(
    'SELECT units_planned IS NOT NULL AS planned FROM job_run WHERE pool_area = $1 AND id = $2',
    [run.poolArea, run.id],
  );
  return row.planned;
}

/** Writes the plan, if this worker still holds the run. @throws LeaseLost */
export async function storePlan(tx: Tx, run: JobRun, keys: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO job_unit (pool_area, run_id, key, ordinal)
     SELECT $1, $2, u.key, u.n FROM unnest($3::text[]) WITH ORDINALITY AS u (key, n)`,
    [run.poolArea, run.id, keys],
  );
  await fenced(tx, run, 'units_planned = $4', [keys.length], 'units_planned IS NULL');
}

/** The first unit that is not done; undefined when all are. @throws LeaseLost, before any work is wasted */
export async function nextUnit(tx: Tx, run: JobRun): Promise<string | undefined> {
  const row = await tx.one<{ held: boolean; key: string | null }>(
    `SELECT r.fence = $3 AND r.state = 'running' AS held,
       (SELECT u.key FROM job_unit u WHERE u.pool_area = r.pool_area AND u.run_id = r.id AND u.state = 'planned'
        ORDER BY u.ordinal LIMIT 1) AS key
     FROM job_run r WHERE r.pool_area = $1 AND r.id = $2`,
    [run.poolArea, run.id, run.fence],
  );
  if (!row.held) throw new LeaseLost(run.id);
  return row.key ?? undefined;
}

/**
 * The fence. Last statements of a unit's transaction: they mark it done and lock the run, so that it commits only if
 * nobody took the run over meanwhile – and a take-over that comes later finds the unit done.
 * @throws LeaseLost
 */
export async function markDone(tx: Tx, run: JobRun, key: string, leaseMs: number): Promise<void> {
  const done = await tx.maybe(
    `UPDATE job_unit SET state = 'done', fence = $4, done_at = clock_timestamp()
     WHERE pool_area = $1 AND run_id = $2 AND key = $3 AND state = 'planned' RETURNING key`,
    [run.poolArea, run.id, key, run.fence],
  );
  if (done === undefined) throw new LeaseLost(run.id);
  const lease = `units_done = units_done + 1, lease_until = clock_timestamp() + $4 * interval '1 millisecond'`;
  await fenced(tx, run, lease, [leaseMs], 'true');
}

/** Closes the run for good. @throws LeaseLost */
export async function storeResult(tx: Tx, run: JobRun, result: JsonObject): Promise<void> {
  const set = `state = 'done', result = $4, finished_at = clock_timestamp(), lease_until = NULL`;
  await fenced(tx, run, set, [JSON.stringify(result)], 'units_done = units_planned');
}

/**
 * Writes down what went wrong. A refusal by rule waits for a human (`failed`); anything else – a lost connection, a
 * timeout – is tried again after a pause that doubles, by whichever process wakes it, five times in all.
 */
export async function storeFault(tx: Tx, run: JobRun, error: unknown): Promise<void> {
  const fault: JobFault = isDomainError(error)
    ? { code: error.code, message: error.text('zh') }
    : { code: null, message: error instanceof Error ? error.message : 'unknown error' };
  const again = !isDomainError(error) && run.attempts < MAX_TRIES;
  await tx.query(
    `UPDATE job_run SET error = $4, state = CASE WHEN $5::boolean THEN 'running' ELSE 'failed' END,
       lease_until = CASE WHEN $5::boolean THEN clock_timestamp() + $6 * interval '1 second' END
     WHERE pool_area = $1 AND id = $2 AND fence = $3 AND state = 'running'`,
    [run.poolArea, run.id, run.fence, JSON.stringify(fault), again, 2 ** run.attempts],
  );
}

/** Gives the run back unfinished, so that another process may go on at once. */
export async function release(tx: Tx, run: JobRun): Promise<void> {
  await tx.query(
    `UPDATE job_run SET lease_until = NULL WHERE pool_area = $1 AND id = $2 AND fence = $3 AND state = 'running'`,
    [run.poolArea, run.id, run.fence],
  );
}

// `set` and `condition` are constants of this file, never input.
async function fenced(tx: Tx, run: JobRun, set: string, values: readonly unknown[], condition: string): Promise<void> {
  const row = await tx.maybe(
    `UPDATE job_run SET ${set}
     WHERE pool_area = $1 AND id = $2 AND fence = $3 AND state = 'running' AND ${condition} RETURNING id`,
    [run.poolArea, run.id, run.fence, ...values],
  );
  if (row === undefined) throw new LeaseLost(run.id);
}
