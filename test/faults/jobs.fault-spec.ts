import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Effect, effectsOf, expectedEffects, makeEffectTable } from '../jobs/effects.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { spawnServer } from '../support/server-process.js';
import { spawnWorker, type Worker } from './support/workers.js';

const UNITS = 25;
const PAUSE_MS = 40;
const LEASE = { JOB_LEASE_MS: '400' };

let database: TestDatabase;
const alive: Worker[] = [];

beforeAll(async () => {
  database = await cloneDatabase();
  await makeEffectTable(database);
}, 60_000);

afterEach(() => {
  for (const worker of alive.splice(0)) worker.process.kill('SIGKILL');
});

afterAll(async () => {
  await database.drop();
});

function spawn(args: readonly string[], env: Record<string, string> = {}): Worker {
  const worker = spawnWorker(args, database.url, { ...LEASE, ...env });
  alive.push(worker);
  return worker;
}

async function makeRun(period: string): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO job_run (pool_area, id, kind, area_code, period, created_by)
     VALUES ('331100', gen_random_uuid(), 'test.fault', '331100', $1, 'tester') RETURNING id`,
    [period],
  );
  if (row === undefined) throw new Error('no run');
  return row.id;
}

async function runState(runId: string): Promise<Record<string, unknown>> {
  const [row] = await database.query<Record<string, unknown>>(
    'SELECT state, fence, units_done, units_planned, result FROM job_run WHERE id = $1',
    [runId],
  );
  return row ?? {};
}

/** Kills both replicas of every pair at a random moment, until a pair lives long enough to finish. */
async function underFire(mode: 'execute' | 'naive', runId: string, kills: number): Promise<number> {
  let killed = 0;
  for (let pair = 0; pair <= kills; pair += 1) {
    const workers = [spawn([mode, runId, String(PAUSE_MS)]), spawn([mode, runId, String(PAUSE_MS)])];
    if (pair < kills) {
      await Promise.any(workers.map((worker) => worker.saw('begins')));
      await sleep(Math.random() * 150);
      for (const worker of workers) killed += worker.process.kill('SIGKILL') ? 1 : 0;
    }
    await Promise.all(workers.map((worker) => worker.ended));
    if (pair < kills) await sleep(Number(LEASE.JOB_LEASE_MS)); // as long as the dead ones are believed to live
  }
  return killed;
}

describe('kill -9 in the middle of a run, two replicas (F1)', () => {
  it('it is resumed where it was: the rows are those of a run that nobody disturbed', async () => {
    const runId = await makeRun('2026-01');
    const killed = await underFire('execute', runId, 5);
    expect(killed).toBeGreaterThanOrEqual(5);
    expect(await runState(runId)).toMatchObject({
      state: 'done',
      units_done: UNITS,
      units_planned: UNITS,
      result: { effects: UNITS },
    });
    expect((await runState(runId))['fence']).toBeGreaterThan(2n);
    expect(await effectsOf(database, runId)).toEqual(expectedEffects('2026-01', UNITS));
  }, 60_000);

  it('the broken twin, which notes its work down afterwards, is seen to do it twice', async () => {
    const runId = await makeRun('2026-02');
    await underFire('naive', runId, 3);
    const effects: Effect[] = await effectsOf(database, runId);
    expect(effects).not.toEqual(expectedEffects('2026-02', UNITS));
  }, 60_000);
});

describe('a worker that sleeps longer than its lease (F7)', () => {
  it('is overtaken, wakes up and is refused: rows once', async () => {
    const runId = await makeRun('2026-03');
    const slow = spawn(['execute', runId, String(PAUSE_MS)]);
    await slow.saw('begins', 'unit-005');
    slow.process.kill('SIGSTOP');
    expect(await runState(runId)).toMatchObject({ state: 'running', fence: 1n });
    await sleep(Number(LEASE.JOB_LEASE_MS) + 100);
    const fast = spawn(['execute', runId, '0']);
    expect(await fast.ended).toBe(0);
    expect(await runState(runId)).toMatchObject({ state: 'done', fence: 2n });
    slow.process.kill('SIGCONT');
    expect(await slow.ended).toBe(0);
    expect(await effectsOf(database, runId)).toEqual(expectedEffects('2026-03', UNITS));
  }, 60_000);
});

describe('the month-end clock strikes in two processes (F5)', () => {
  it('each month is run exactly once', async () => {
    const months = Array.from({ length: 10 }, (_, index) => `2031-${String(index + 1).padStart(2, '0')}`);
    const startAt = String(Date.now() + 2_500);
    const workers = [1, 2].map(() => spawn(['cron', startAt, ...months.map((month) => `${month}-02T02:00:00Z`)]));
    expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual([0, 0]);
    const runs = await database.query<{ period: string; n: bigint; fence: bigint; id: string }>(
      `SELECT period, count(*) OVER (PARTITION BY period) AS n, fence, id FROM job_run
       WHERE kind = 'test.fault' AND period LIKE '2031%' ORDER BY period`,
    );
    expect(runs.map(({ period, n, fence }) => ({ period, n, fence }))).toEqual(
      months.map((period) => ({ period, n: 1n, fence: 1n })),
    );
    for (const { id, period } of runs) expect(await effectsOf(database, id)).toEqual(expectedEffects(period, UNITS));
  }, 60_000);

  it.each(['UTC', 'Asia/Shanghai', 'America/New_York'])(
    'and the month is that of the wall in Shanghai, with TZ=%s (F18)',
    async (zone) => {
      const instants = ['2026-10-31T15:59:59.999Z', '2026-10-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z'];
      const worker = spawn(['cron', '0', ...instants], { TZ: zone });
      expect(await worker.ended).toBe(0);
      expect(worker.events().flatMap(({ period }) => (period === undefined ? [] : [period]))).toEqual([
        '2026-10',
        '2026-11',
        '2027-01',
      ]);
    },
    30_000,
  );
});

describe('two servers on one database', () => {
  it('start together, and what is due this month is done once', async () => {
    const shared = await cloneDatabase();
    const servers = await Promise.allSettled([1, 2].map(() => spawnServer(shared.url, { SCHEDULES: 'on' })));
    try {
      expect(servers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      const due = () =>
        shared.query<{ state: string; fence: bigint }>(
          `SELECT state, fence FROM job_run WHERE kind = 'ledger.partitions'`,
        );
      while ((await due())[0]?.state !== 'done') await sleep(100);
      expect(await due()).toEqual([{ state: 'done', fence: 1n }]);
    } finally {
      for (const server of servers) if (server.status === 'fulfilled') await server.value.end('SIGTERM');
      await shared.drop();
    }
  }, 120_000);
});
