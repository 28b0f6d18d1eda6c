/**
 * Settlement and pre-settlement over HTTP, each beside pgbench doing the same reads and writes in the leanest way: one
 * prepared read, one prepared statement that writes, no function, no engine, no HTTP. Both sides run in turn.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, say } from '../../scripts/lib/process.mjs';
import { HttpLoad } from '../lib/http-load.mjs';
import { migrate, seed, startServer } from '../lib/pool.mjs';
import { sayMedian, sayRound } from '../lib/report.mjs';
import { findPgbench, floorScript, lookScript, runFloor } from '../lib/settlement-floor.mjs';
import { settings } from '../lib/settings.mjs';

const FLOOR_CLIENTS = 16;
const WARM_UP_SECONDS = 3;

const TARGETS = {
  settlement: {
    what: 'settlement over HTTP, 10 lines a bill',
    script: floorScript,
    target: { path: '/api/v1/settlements', status: 201 },
    floor: 'one prepared read, one statement that writes the same rows',
  },
  'pre-settlement': {
    what: 'pre-settlement over HTTP, 10 lines a bill',
    script: lookScript,
    target: { path: '/api/v1/settlements/pre-settle', status: 200 },
    floor: 'one prepared read, one row of the audit trail',
  },
};

/**
 * @param {string[]} keys of `TARGETS`
 * @param {import('../lib/databases.mjs').Databases} databases
 */
export async function measureUnderLoad(keys, databases) {
  const url = await databases.create('load');
  const servers = [];
  try {
    await migrate(url);
    const region = await seed(url, { persons: settings.persons });
    for (let index = 0; index < settings.processes; index += 1) servers.push(await startServer(url, await freePort()));
    const load = new HttpLoad(servers, region, settings.clients);
    const measures = [];
    for (const key of keys) measures.push(await measure(key, { databases, url, region, load }));
    load.close();
    return measures;
  } finally {
    for (const server of servers) await server.stop();
    await databases.drop('load');
  }
}

async function measure(key, { databases, url, region, load }) {
  const { what, script: scriptOf, target, floor: floorName } = TARGETS[key];
  const pgbench = await findPgbench();
  const script = join(databases.exchange, `${key}.sql`);
  writeFileSync(script, scriptOf(region));
  const floor = () => runFloor({ pgbench, script, url, seconds: settings.seconds, clients: FLOOR_CLIENTS });
  const with_ = pgbench === null ? 'the bare driver' : 'pgbench';
  const measured = { key, what, unit: '/s', floor: `${with_}: ${floorName}`, rounds: [] };
  await load.run(WARM_UP_SECONDS, target);
  await floor();
  for (let round = 0; round < settings.rounds; round += 1) {
    const before = await floor();
    const http = await load.run(settings.seconds, target);
    const after = await floor();
    if (http.failed > 0) throw new Error(`${http.failed} calls failed: ${http.firstFailure}`);
    const note = `p50 ${http.p50.toFixed(1)} ms, p99 ${http.p99.toFixed(1)} ms`;
    measured.rounds.push({ ours: http.perSecond, floor: (before + after) / 2, note });
    sayRound(measured, round);
  }
  sayMedian(measured);
  say('');
  return measured;
}
