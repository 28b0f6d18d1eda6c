import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tx } from '../../src/common/db/index.js';
import type { JobHandler, JobRun } from '../../src/common/jobs/index.js';
import type { TestDatabase } from '../support/database.js';

/** What a unit leaves behind. There is no unique key on purpose: whatever happens twice is seen twice. */
export interface Effect {
  readonly key: string;
  readonly value: string;
}

export async function makeEffectTable(database: TestDatabase): Promise<void> {
  await database.query('CREATE TABLE test_effect (run_id uuid NOT NULL, key text NOT NULL, value text NOT NULL)');
  await database.query('GRANT SELECT, INSERT ON test_effect TO tongchou_app');
}

/** The rows of a run in the order of their keys, without who wrote them. */
export function effectsOf(database: TestDatabase, runId: string): Promise<Effect[]> {
  return database.query<{ key: string; value: string }>(
    'SELECT key, value FROM test_effect WHERE run_id = $1 ORDER BY key, value',
    [runId],
  );
}

/** What a run of `units` units must leave behind, whatever happened on the way. */
export function expectedEffects(period: string, units: number): Effect[] {
  return unitKeys(units).map((key) => ({ key, value: valueOf(period, key) }));
}

export function unitKeys(units: number): string[] {
  return Array.from({ length: units }, (_, index) => `unit-${String(index).padStart(3, '0')}`);
}

function valueOf(period: string, key: string): string {
  return createHash('sha256').update(`${period} ${key}`).digest('hex').slice(0, 16);
}

export async function writeEffect(tx: Tx, run: JobRun, key: string): Promise<void> {
  await tx.query('INSERT INTO test_effect (run_id, key, value) VALUES ($1, $2, $3)', [
    run.id,
    key,
    valueOf(run.period, key),
  ]);
}

/** A job of `units` units that each write one effect, after a pause if one is given. */
export function effectJob(
  kind: string,
  units: number,
  over: { pauseMs?: number; before?: (tx: Tx, run: JobRun, key: string) => Promise<void> } = {},
): JobHandler {
  return {
    kind,
    byHand: true,
    plan: () => Promise.resolve(unitKeys(units)),
    unit: async (tx, run, key) => {
      await over.before?.(tx, run, key);
      await writeEffect(tx, run, key);
      if (over.pauseMs !== undefined) await sleep(over.pauseMs);
    },
    finish: async (tx, run) => {
      const { n } = await tx.one<{ n: number }>('SELECT count(*)::int AS n FROM test_effect WHERE run_id = $1', [
        run.id,
      ]);
      return { effects: n };
    },
  };
}
