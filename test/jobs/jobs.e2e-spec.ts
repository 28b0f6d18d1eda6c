import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Settings } from '../../src/common/config/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { defineErrors, DomainError } from '../../src/common/errors/index.js';
import { JobRunner, JobRuns, JobTicker } from '../../src/common/jobs/index.js';
import * as lease from '../../src/common/jobs/run-lease.js';
import { addMonths, parseMonth } from '../../src/common/time/index.js';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';
import { effectJob, effectsOf, expectedEffects, makeEffectTable, unitKeys } from './effects.js';

jest.setTimeout(60_000);

const LEASE_MS = 400;
const actor = { username: 'tester', poolArea: '331100' };
const testErrors = defineErrors('test', {
  'rule-says-no': { kind: 'refused', zh: '不行。', en: 'No.' },
});

let pool: SmallPool;
let runs: JobRuns;
let runner: JobRunner;
let month = parseMonth('2020-01');

/** What the job `test.moody` does before its third unit. */
let mood: () => Promise<void> = () => Promise.resolve();

/** A second server on the same database, as far as jobs are concerned. */
function otherRunner(): JobRunner {
  const settings = Object.assign(new Settings({ JOB_LEASE_MS: String(LEASE_MS) }));
  return new JobRunner(runs, pool.get(Transactions), settings);
}

function request(kind: string): { kind: string; area: string; period: string; actor: typeof actor } {
  month = addMonths(month, 1);
  return { kind, area: actor.poolArea, period: month, actor };
}

beforeAll(async () => {
  process.env['JOB_LEASE_MS'] = String(LEASE_MS);
  pool = await smallPool();
  runs = pool.get(JobRuns);
  runner = pool.get(JobRunner);
  await makeEffectTable(pool.database);
  runs.register(effectJob('test.plain', 12));
  runs.register(
    effectJob('test.moody', 6, { before: (_tx, _run, key) => (key === 'unit-002' ? mood() : Promise.resolve()) }),
  );
  runs.register({ ...effectJob('test.hidden', 1), byHand: false });
}, 60_000);

afterAll(async () => {
  delete process.env['JOB_LEASE_MS'];
  await pool.close();
});

describe('a run', () => {
  it('is one, however many ask for it at once, and each unit is done once', async () => {
    const wanted = request('test.plain');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? runner : otherRunner()).run(wanted)),
    );
    const ids = new Set(answers.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [runId = ''] = ids;
    while ((await runs.get(runId)).state !== 'done') await sleep(20);
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(wanted.period, 12));
    expect(await runs.get(runId)).toMatchObject({
      fence: 1n,
      unitsPlanned: 12,
      unitsDone: 12,
      result: { effects: 12 },
    });
  });

  it('that is done is left alone: running it again gives the stored result and writes nothing (F16)', async () => {
    const wanted = request('test.plain');
    const first = await runner.run(wanted);
    const rows = () =>
      pool.database.query(
        `SELECT md5(string_agg(r::text, ',' ORDER BY r.id)) AS runs,
           (SELECT md5(string_agg(u::text, ',' ORDER BY u.run_id, u.key)) FROM job_unit u) AS units,
           (SELECT md5(string_agg(e::text, ',' ORDER BY e.run_id, e.key)) FROM test_effect e) AS effects FROM job_run r`,
      );
    const before = await rows();
    const again = await runner.run({ ...wanted, params: { other: true } });
    expect(again).toEqual(first);
    expect(again.result).toEqual({ effects: 12 });
    expect(await rows()).toEqual(before);
  });

  it('that a rule stops keeps what was done, and goes on there when told to', async () => {
    const wanted = request('test.moody');
    mood = () => Promise.reject(new DomainError(testErrors['rule-says-no']));
    await expect(runner.run(wanted)).rejects.toMatchObject({ code: 'test.rule-says-no' });
    const { runId } = await runs.start(wanted);
    expect(await runs.get(runId)).toMatchObject({
      state: 'failed',
      unitsDone: 2,
      error: { code: 'test.rule-says-no', message: '不行。' },
    });
    mood = () => Promise.resolve();
    expect(await runner.execute(runId)).toMatchObject({ state: 'done', attempts: 2, error: null });
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(wanted.period, 6));
  });

  it('that an accident stops is woken by the clockwork and not before its pause is over', async () => {
    const wanted = request('test.moody');
    mood = () => Promise.reject(new Error('connection lost'));
    await expect(runner.run(wanted)).rejects.toThrow('connection lost');
    const { runId } = await runs.start(wanted);
    expect(await runs.get(runId)).toMatchObject({
      state: 'running',
      error: { code: null, message: 'connection lost' },
    });
    mood = () => Promise.resolve();
    const ticker = pool.get(JobTicker);
    await ticker.wakeAbandoned();
    expect(await runs.get(runId)).toMatchObject({ state: 'running', attempts: 1 });
    await pool.database.query(`UPDATE job_run SET lease_until = now() - interval '1 second' WHERE id = $1`, [runId]);
    await ticker.wakeAbandoned();
    expect(await runs.get(runId)).toMatchObject({ state: 'done', attempts: 2 });
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(wanted.period, 6));
  });

  it('of an unknown kind or a strange period is refused', async () => {
    await expect(runs.start(request('test.unknown'))).rejects.toMatchObject({ code: 'jobs.unknown-kind' });
    for (const period of ['2026-13', 'October', '2026-1', '2026-02-31x']) {
      const wanted = { ...request('test.plain'), period };
      await expect(runs.start(wanted)).rejects.toMatchObject({ code: 'jobs.bad-period' });
    }
  });

  it('started in a transaction that fails does not exist', async () => {
    const wanted = request('test.plain');
    const failing = pool.get(Transactions).run(async (tx) => {
      await runs.startIn(tx, wanted);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await runs.start(wanted)).created).toBe(true);
  });
});

describe('the fence', () => {
  /** Holds the first worker in its third unit while the lease runs out and another one takes the run over (F7). */
  async function overtaken(slow: JobRunner): Promise<{ runId: string; period: string; slowEnd: unknown }> {
    const wanted = request('test.moody');
    const { runId } = await runs.start(wanted);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const entered = new Promise<void>((resolve) => {
      mood = () => {
        mood = () => Promise.resolve();
        resolve();
        return held;
      };
    });
    const slowly = slow.execute(runId).catch((error: unknown) => error);
    await entered;
    await pool.database.query(`UPDATE job_run SET lease_until = now() - interval '1 second' WHERE id = $1`, [runId]);
    const fast = await otherRunner().execute(runId);
    expect(fast).toMatchObject({ state: 'done' });
    letGo();
    return { runId, period: wanted.period, slowEnd: await slowly };
  }

  it('refuses the writes of a worker that was overtaken: rows once', async () => {
    const { runId, period, slowEnd } = await overtaken(otherRunner());
    expect(slowEnd).toMatchObject({ state: 'done', fence: 2n });
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(period, 6));
    const fences = await pool.database.query<{ fence: bigint }>(
      'SELECT fence FROM job_unit WHERE run_id = $1 ORDER BY ordinal',
      [runId],
    );
    expect(fences.map(({ fence }) => fence)).toEqual([1n, 1n, 2n, 2n, 2n, 2n]);
  });

  it('is what does it: a worker without one writes twice, and this test sees it', async () => {
    const transactions = pool.get(Transactions);
    // The broken twin: reads which units are open, then writes, and asks nobody whether it still holds the run.
    const naive = new (class extends JobRunner {
      override async execute(runId: string) {
        const run = await runs.get(runId);
        for (const key of unitKeys(6)) {
          const seen = await effectsOf(pool.database, runId);
          if (seen.some((effect) => effect.key === key)) continue;
          await transactions.run((tx) => runs.handler('test.moody').unit(tx, run, key));
        }
        return run;
      }
    })(runs, transactions, new Settings({}));
    const { runId, period } = await overtaken(naive);
    const effects = await effectsOf(pool.database, runId);
    expect(effects).not.toEqual(expectedEffects(period, 6));
    expect(effects.length).toBeGreaterThan(6);
  });

  it('a worker that is slow but alive keeps its run by its heartbeat', async () => {
    const wanted = request('test.moody');
    const { runId } = await runs.start(wanted);
    mood = () => sleep(3 * LEASE_MS);
    const slow = otherRunner().execute(runId);
    await sleep(2 * LEASE_MS);
    expect(await otherRunner().execute(runId)).toMatchObject({ state: 'running', fence: 1n });
    mood = () => Promise.resolve();
    expect(await slow).toMatchObject({ state: 'done', fence: 1n });
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(wanted.period, 6));
  });

  it('a server that is told to end finishes its unit and gives the run back at once', async () => {
    const wanted = request('test.moody');
    const { runId } = await runs.start(wanted);
    const ending = otherRunner();
    mood = () => sleep(100);
    const given = ending.execute(runId);
    while ((await runs.get(runId)).unitsDone < 2) await sleep(5);
    await ending.onApplicationShutdown();
    expect(await given).toMatchObject({ state: 'running', unitsDone: 3 });
    mood = () => Promise.resolve();
    expect(await otherRunner().execute(runId)).toMatchObject({ state: 'done', fence: 2n });
    expect(await effectsOf(pool.database, runId)).toEqual(expectedEffects(wanted.period, 6));
  });

  it('a heartbeat that comes after the run was given back does not take it again', async () => {
    const transactions = pool.get(Transactions);
    const { runId } = await runs.start(request('test.moody'));
    const run = await transactions.run((tx) => lease.acquire(tx, runId, 'a worker', 30_000));
    if (run === undefined) throw new Error('nobody else holds the run');
    await transactions.run((tx) => lease.release(tx, run));
    expect(await transactions.run((tx) => lease.renew(tx, run, 30_000))).toBe(false);
    expect(await otherRunner().execute(runId)).toMatchObject({ state: 'done', fence: 2n });
  });
});

describe('the clockwork', () => {
  it('makes what is due and missing, once', async () => {
    const ticker = pool.get(JobTicker);
    const count = () => pool.database.query(`SELECT period, state FROM job_run WHERE kind = 'ledger.partitions'`);
    await Promise.all([ticker.startDue(), ticker.startDue(), ticker.startDue()]);
    const made = await count();
    expect(made).toHaveLength(1);
    await ticker.startDue();
    expect(await count()).toEqual(made);
  });
});

describe('over HTTP', () => {
  it('an administrator starts a job, sees it and starts it again in vain', async () => {
    const admin = await pool.as('admin');
    const wanted = { kind: 'ledger.partitions', period: '2027-03' };
    const { body } = await admin.post('jobs', wanted).expect(202);
    let run = body;
    while (run.state !== 'done') run = (await admin.get(`jobs/${String(body.id)}`).expect(200)).body;
    expect(run).toMatchObject({ kind: 'ledger.partitions', area: '331100', unitsDone: 15, result: { months: 15 } });
    expect((await admin.post('jobs', wanted).expect(202)).body).toEqual(run);
    const list = await admin.get('jobs?kind=ledger.partitions&period=2027-03').expect(200);
    expect(list.body.items).toEqual([run]);
    const page = await admin.get('jobs?limit=2').expect(200);
    const next = await admin.get(`jobs?limit=2&cursor=${String(page.body.nextCursor)}`).expect(200);
    expect(next.body.items[0].id < page.body.items[1].id).toBe(true);
  });

  it('refuses what it cannot do', async () => {
    const admin = await pool.as('admin');
    const reviewer = await pool.as('reviewer');
    const cases: [object, number, string][] = [
      [{ kind: 'test.nothing', period: '2027-03' }, 400, 'jobs.unknown-kind'],
      [{ kind: 'test.hidden', period: '2027-03' }, 422, 'jobs.not-by-hand'],
      [{ kind: 'test.plain', period: '2027-3a' }, 400, 'jobs.bad-period'],
    ];
    for (const [body, status, code] of cases) {
      expect((await admin.post('jobs', body).expect(status)).body.code).toBe(code);
    }
    await reviewer.post('jobs', { kind: 'test.plain', period: '2027-03' }).expect(403);
    await admin.get('jobs/01900000-0000-7000-8000-0000000000ff').expect(404);
    expect(
      await pool.database.query(`SELECT 1 FROM job_run WHERE period LIKE '2027-03%' AND kind LIKE 'test%'`),
    ).toEqual([]);
  });
});
