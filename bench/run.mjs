/**
 * `npm run bench`: settlements per second over HTTP with 10 lines each, and in the same run what pgbench does when it
 * writes the same rows in the leanest way (one prepared read, one prepared data-modifying statement, no function, no
 * HTTP). Both run in turn, several rounds, on one database; the ratio of the medians is printed.
 *
 * Options by environment: BENCH_DATABASE_URL (a server ≥ 15 on which a database may be made; left out = the embedded
 * one), BENCH_ROUNDS (3), BENCH_SECONDS (8), BENCH_CLIENTS (64), BENCH_PERSONS (20000), BENCH_PROCESSES (1).
 */
import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../scripts/lib/postgres.mjs';
import { freePort, say } from '../scripts/lib/process.mjs';
import { ensureServerBuilt } from '../scripts/lib/setup.mjs';
import { floorScript, findPgbench, runFloor } from './floor.mjs';
import { HttpLoad } from './http-load.mjs';
import { migrate, seed, startServer } from './region.mjs';

const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const settings = {
  rounds: number('BENCH_ROUNDS', 3),
  seconds: number('BENCH_SECONDS', 8),
  clients: number('BENCH_CLIENTS', 64),
  persons: number('BENCH_PERSONS', 20_000),
  processes: number('BENCH_PROCESSES', 1),
};
const DATABASE = 'tongchou_bench';

/** A fresh database on the given or the embedded server. */
async function freshDatabase() {
  const given = process.env.BENCH_DATABASE_URL;
  const embedded =
    given === undefined ? await startEmbedded('bench-pg', { settings: { max_connections: '100' } }) : null;
  const serverUrl = given ?? embedded.url('postgres');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE}`);
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  return { url: url.href, version: rows[0].server_version, stop: () => embedded?.stop() ?? Promise.resolve() };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(database, region, servers) {
  const pgbench = await findPgbench();
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-bench-'));
  const script = join(folder, 'floor.sql');
  writeFileSync(script, floorScript(region));
  const load = new HttpLoad(servers, region, settings.clients);
  const floor = () => runFloor({ pgbench, script, url: database.url, seconds: settings.seconds, clients: 16 });
  const figures = { http: [], floor: [], p50: [], p99: [], ratios: [] };
  try {
    await load.run(3);
    await floor();
    for (let round = 1; round <= settings.rounds; round += 1) {
      const before = await floor();
      const http = await load.run(settings.seconds);
      const after = await floor();
      const beside = (before + after) / 2;
      figures.floor.push(before, after);
      figures.http.push(http.perSecond);
      figures.p50.push(http.p50);
      figures.p99.push(http.p99);
      figures.ratios.push(http.perSecond / beside);
      say(
        `round ${round}: HTTP ${http.perSecond.toFixed(0)}/s (p50 ${http.p50.toFixed(1)} ms, p99 ${http.p99.toFixed(1)} ms, ` +
          `${http.failed} failed), floor ${before.toFixed(0)} and ${after.toFixed(0)}/s, ratio ${(http.perSecond / beside).toFixed(2)}`,
      );
      if (http.failed > 0) throw new Error(`${http.failed} settlements failed: ${http.firstFailure}`);
    }
  } finally {
    load.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { figures, pgbench };
}

async function main() {
  await ensureServerBuilt();
  const database = await freshDatabase();
  const servers = [];
  try {
    await migrate(database.url);
    const region = await seed(database.url, settings.persons);
    for (let index = 0; index < settings.processes; index += 1) {
      servers.push(await startServer(database.url, await freePort()));
    }
    say(
      `PostgreSQL ${database.version}, Node ${process.versions.node}, ${settings.processes} server process(es), ` +
        `${settings.clients} HTTP clients, ${settings.persons} persons, 10 lines a bill, ${settings.seconds} s a run`,
    );
    const { figures, pgbench } = await measure(database, region, servers);
    say(
      `settlements over HTTP, median: ${median(figures.http).toFixed(0)}/s (p50 ${median(figures.p50).toFixed(1)} ms, p99 ${median(figures.p99).toFixed(1)} ms)`,
    );
    say(
      `floor (${pgbench === null ? 'raw pg, no pgbench found' : 'pgbench'}, same rows), median: ${median(figures.floor).toFixed(0)}/s`,
    );
    say(`ratio, median of rounds: ${median(figures.ratios).toFixed(2)}`);
  } finally {
    for (const server of servers) await server.stop();
    await database.stop();
  }
}

await main();
