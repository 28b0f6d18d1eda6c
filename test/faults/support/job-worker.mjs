/**
 * One process that works on jobs, to be run beside others and to be killed: the frame of the built server
 * (dist/common/jobs) with a job whose units each write one row.
 *
 *   job-worker.mjs execute <runId> <pauseMs>           takes the run through the frame
 *   job-worker.mjs naive <runId> <pauseMs>             the broken twin: looks what is done, writes, notes it down – three steps
 *   job-worker.mjs cron <startAt> <instant> [<instant>…]   at startAt (ms) asks what is due, as if it were each instant
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Settings } from '../../../dist/common/config/index.js';
import { Transactions } from '../../../dist/common/db/index.js';
import { JobRunner, JobRuns, JobTicker } from '../../../dist/common/jobs/index.js';
import { FixedClock, monthOf } from '../../../dist/common/time/index.js';
import { appDataSourceOptions } from '../../../dist/data-source.js';

const UNITS = 25;
const [mode, target, ...rest] = process.argv.slice(2);
Logger.overrideLogger(false);

const settings = new Settings(process.env);
const dataSource = await new DataSource(appDataSourceOptions(settings)).initialize();
const transactions = new Transactions(dataSource);
const runs = new JobRuns(transactions);
const runner = new JobRunner(runs, transactions, settings);
const pauseMs = mode === 'cron' ? 0 : Number(rest[0]);

const keys = Array.from({ length: UNITS }, (_, index) => `unit-${String(index).padStart(3, '0')}`);

async function write(tx, run, key) {
  const value = createHash('sha256').update(`${run.period} ${key}`).digest('hex').slice(0, 16);
  await tx.query('INSERT INTO test_effect (run_id, key, value) VALUES ($1, $2, $3)', [run.id, key, value]);
}

runs.register({
  kind: 'test.fault',
  plan: async () => keys,
  unit: async (tx, run, key) => {
    say({ begins: key });
    await write(tx, run, key);
    await sleep(pauseMs);
  },
  finish: async (tx, run) => {
    const { n } = await tx.one('SELECT count(*)::int AS n FROM test_effect WHERE run_id = $1', [run.id]);
    return { effects: n };
  },
  due: async (_tx, today) => [{ kind: 'test.fault', area: '331100', period: monthOf(today) }],
});

function say(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

async function naive(runId) {
  const run = await runs.get(runId);
  for (const key of keys) {
    const done = await transactions.read((tx) =>
      tx.maybe(`SELECT 1 FROM job_unit WHERE run_id = $1 AND key = $2 AND state = 'done'`, [runId, key]),
    );
    if (done !== undefined) continue;
    say({ begins: key });
    await transactions.run((tx) => write(tx, run, key));
    await sleep(pauseMs);
    await transactions.run((tx) =>
      tx.query(
        `INSERT INTO job_unit (pool_area, run_id, key, ordinal, state, fence, done_at)
         VALUES ($1, $2, $3, $4, 'done', 0, now()) ON CONFLICT DO NOTHING`,
        [run.poolArea, runId, key, keys.indexOf(key) + 1],
      ),
    );
  }
}

async function cron(startAt, instants) {
  const clock = new FixedClock(new Date(0));
  const ticker = new JobTicker(runs, runner, transactions, clock, settings);
  for (const [index, instant] of instants.entries()) {
    clock.set(new Date(instant));
    await sleep(Math.max(0, startAt + index * 150 - Date.now()));
    await ticker.startDue();
    say({ asked: instant, period: monthOf(clock.today()) });
  }
}

say({ ready: process.pid });
if (mode === 'cron') await cron(Number(target), rest);
else if (mode === 'naive') await naive(target);
else say({ state: (await runner.execute(target)).state });
await dataSource.destroy();
