/** The month-end clock strikes in N replicas at once, and the clocks of some of them jump (F5, F17). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { makeDatabase, onServer } from './databases.mjs';

const WORKER = join(ROOT, 'test/faults/support/job-worker.mjs');
/** What each replica's clock says, tick after tick: straight on; two hours back in between; a month ahead and back. */
const CLOCKS = [
  ['2031-01-31T16:00:01Z', '2031-02-28T16:00:01Z', '2031-03-31T16:00:01Z'],
  ['2031-01-31T16:00:01Z', '2031-01-31T14:00:01Z', '2031-02-28T16:00:01Z', '2031-03-31T16:00:01Z'],
  ['2031-01-31T16:00:01Z', '2031-03-31T16:00:01Z', '2031-02-28T16:00:01Z', '2031-03-31T16:00:01Z'],
];
const START_MS = 4_000;

/** @returns {Promise<{replicas: number, runs: number, months: string[], wrong: string[]}[]>} */
export async function monthEnds({ serverUrl, replicas }) {
  const results = [];
  for (const count of replicas) {
    const database = await makeDatabase(serverUrl);
    try {
      results.push(await oneMonthEnd(database, count));
    } finally {
      await database.drop();
    }
  }
  return results;
}

async function oneMonthEnd(database, count) {
  const query = (sql) => onServer(database.url, async (client) => (await client.query(sql)).rows);
  await query('CREATE TABLE test_effect (run_id uuid NOT NULL, key text NOT NULL, value text NOT NULL)');
  await query('GRANT SELECT, INSERT ON test_effect TO tongchou_app');
  const at = String(Date.now() + START_MS);
  const ends = Array.from({ length: count }, (_, n) =>
    worker(database.url, ['cron', at, ...CLOCKS[n % CLOCKS.length]]),
  );
  const codes = await Promise.all(ends);
  const runs = await query(`SELECT period, state, fence::int AS fence, units_done AS units,
    (SELECT count(*)::int FROM test_effect e WHERE e.run_id = r.id) AS effects FROM job_run r WHERE kind = 'test.fault' ORDER BY period`);
  const wrong = runs
    .filter(({ state, fence, units, effects }) => state !== 'done' || fence !== 1 || units !== effects)
    .map((run) => JSON.stringify(run));
  if (codes.some((code) => code !== 0)) wrong.push(`a replica ended with ${codes.join(', ')}`);
  const months = runs.map(({ period }) => period);
  // A clock that went back over the month's end asks for January too, once; nothing is asked for twice, nothing left out.
  if (months.join() !== '2031-01,2031-02,2031-03,2031-04') wrong.push(`months: ${months.join()}`);
  return { replicas: count, runs: runs.length, months, wrong };
}

function worker(url, args) {
  return new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: url, DB_POOL: '4', JOB_LEASE_MS: '30000' };
    const child = spawn(process.execPath, [WORKER, ...args], { env, stdio: 'ignore' });
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}
