/**
 * The restore drill (F41): a scratch cluster with pgBackRest, bills settled through the product, a full backup, more
 * bills, a noted moment, more bills, and somebody drops a table. The database is restored to the noted moment into a new
 * folder, compared table by table, and reconciled. In full it is then lost altogether – process killed, folder deleted –
 * and restored from what had been archived.
 *
 *   npm run drill                 in full (about three minutes: it waits for archive_timeout)
 *   node scripts/drill.mjs --short   the moment before the mistake only
 *
 * Debian's postgresql-15 and pgbackrest are installed where that is possible; without them it is skipped with a message.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BackedUpCluster, BIN } from './lib/cluster.mjs';
import { ensureDebian } from './lib/debian.mjs';
import { differences, fingerprint } from './lib/fingerprint.mjs';
import { command, makeRegion, startServerOf, trialEnv } from './lib/node-process.mjs';
import { freePort, Refusal, ROOT, say, sleep } from './lib/process.mjs';
import { withClient } from './lib/scratch-database.mjs';
import { ensurePackages, ensureServerBuilt } from './lib/setup.mjs';
import { TrialLoad } from './lib/trial-load.mjs';
import { unprivileged } from './lib/unprivileged.mjs';

const PASSWORD = 'a long password of the drill';
/** As in deploy/postgresql.conf: ten seconds are left for closing the file and bringing it to the repository. */
const ARCHIVE_TIMEOUT_SECONDS = 50;
const RPO_GOAL_SECONDS = 60;
const RTO_GOAL_SECONDS = 60;
const short = process.argv.includes('--short');
const figures = [];

const seconds = (since) => (performance.now() - since) / 1000;
const figure = (name, value) => figures.push([name, value]);

function mustBe(isSo, what) {
  if (!isSo) throw new Refusal(`The drill failed: ${what}`);
  say(`  ✓ ${what}`);
}

async function settledIn(url) {
  return withClient(url, async (client) => {
    const { rows } = await client.query(`SELECT id FROM settlement WHERE kind = 'settlement'`);
    return new Set(rows.map(({ id }) => id));
  });
}

const bytesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Compared with the moment that was noted, and reconciled; then the comparison itself is tried on a missing row. */
async function examine(url, noted, env) {
  const now = await fingerprint(url);
  const found = differences(noted, now);
  mustBe(
    found.length === 0,
    `all ${Object.keys(now.tables).length} tables (${now.rows} rows) are as they were ${found.join('; ')}`,
  );
  const report = await command(ROOT, { ...env, DATABASE_URL: url }, 'reconcile');
  mustBe(!/FAILED|difference[s]? found/i.test(report), 'npm run reconcile finds no difference');
  await withClient(url, (client) =>
    client.query('DELETE FROM idempotency_key WHERE ctid = (SELECT min(ctid) FROM idempotency_key)'),
  );
  mustBe(differences(noted, await fingerprint(url)).length === 1, 'the comparison would have noticed one missing row');
}

async function pointInTime(cluster, load, env) {
  await load.settleMany(short ? 25 : 100);
  const before = new Set(load.settled);
  const noted = await fingerprint(cluster.url());
  say(`noted: ${noted.at}`);
  await sleep(50);
  await load.settleMany(short ? 10 : 40);
  await withClient(cluster.url(), async (client) => {
    await client.query('DROP TABLE claim_line CASCADE');
    // Whoever notices a mistake closes the WAL file, so that everything up to it is in the repository.
    await client.query('SELECT pg_switch_wal()');
  });
  say('somebody dropped claim_line');
  const began = performance.now();
  const restored = join(cluster.folder, 'restored');
  const port = await freePort();
  await cluster.script('restore-to-time', noted.at, restored);
  await cluster.start(restored, port);
  const rto = seconds(began);
  figure('point in time: restore and start', `${rto.toFixed(1)} s (goal ${RTO_GOAL_SECONDS} s)`);
  try {
    const after = await settledIn(cluster.url(port));
    mustBe(
      [...before].every((id) => after.has(id)),
      `all ${before.size} bills confirmed before the moment are there`,
    );
    mustBe(
      [...load.settled].every((id) => before.has(id) || !after.has(id)),
      'none that was settled after it is',
    );
    figure('point in time: confirmed bills lost before the moment', '0');
    await examine(cluster.url(port), noted, env);
    mustBe(rto <= RTO_GOAL_SECONDS, `restored within ${RTO_GOAL_SECONDS} s`);
  } finally {
    await cluster.stop(restored);
  }
}

/** The machine is gone under load: what was archived is what there is. */
async function machineLost(cluster, load) {
  const confirmed = new Map();
  const until = performance.now() + (ARCHIVE_TIMEOUT_SECONDS + 35) * 1000;
  while (performance.now() < until) {
    const known = new Set(load.settled);
    await load.settle();
    for (const id of load.settled) if (!known.has(id)) confirmed.set(id, performance.now());
    await sleep(100);
  }
  const lostAt = performance.now();
  const archived = await withClient(cluster.url(), async (client) => {
    const { rows } = await client.query(
      `SELECT extract(epoch FROM clock_timestamp() - last_archived_time)::float8 AS age, failed_count::int AS failed FROM pg_stat_archiver`,
    );
    return rows[0];
  });
  figure('machine lost: last WAL file archived before', `${archived.age.toFixed(1)} s, ${archived.failed} failures`);
  await cluster.stop(cluster.data, 'immediate');
  rmSync(cluster.data, { recursive: true, force: true });
  say(`the machine is lost, ${confirmed.size} bills after the last backup`);
  const began = performance.now();
  const restored = join(cluster.folder, 'rebuilt');
  const port = await freePort();
  await cluster.script('restore-to-time', 'end', restored);
  await cluster.start(restored, port);
  figure('machine lost: restore and start', `${seconds(began).toFixed(1)} s`);
  try {
    const after = await settledIn(cluster.url(port));
    const lost = [...confirmed].filter(([id]) => !after.has(id));
    const oldest = Math.max(0, ...lost.map(([, at]) => (lostAt - at) / 1000));
    figure(
      'machine lost: RPO, age of the oldest bill not restored',
      `${oldest.toFixed(1)} s (goal ${RPO_GOAL_SECONDS} s)`,
    );
    figure('machine lost: confirmed bills not restored', `${lost.length} of ${confirmed.size}`);
    mustBe(oldest <= RPO_GOAL_SECONDS, `nothing older than ${RPO_GOAL_SECONDS} s is lost (${oldest.toFixed(1)} s)`);
    return { restored, url: cluster.url(port) };
  } catch (error) {
    await cluster.stop(restored);
    throw error;
  }
}

async function drill(folder) {
  const owner = await unprivileged('postgres');
  const port = await freePort();
  const cluster = new BackedUpCluster({ folder, port, owner, archiveTimeout: ARCHIVE_TIMEOUT_SECONDS });
  const dataDir = join(folder, 'keys');
  mkdirSync(dataDir, { mode: 0o700 });
  const env = trialEnv(cluster.url(), dataDir);
  let server;
  try {
    await cluster.create();
    await cluster.script('setup');
    await command(ROOT, env, 'migrate');
    const region = await makeRegion(ROOT, env, short ? 40 : 200, PASSWORD);
    server = await startServerOf(ROOT, env);
    const load = new TrialLoad(region, PASSWORD);
    load.add(server.url);
    await load.signIn();
    await load.settleMany(short ? 25 : 100);
    const began = performance.now();
    await cluster.script('backup', 'full');
    figure(
      'full backup',
      `${seconds(began).toFixed(1)} s, ${(bytesBelow(join(folder, 'repository')) / 1e6).toFixed(0)} MB in the repository`,
    );
    await pointInTime(cluster, load, env);
    // Its database is gone; what follows begins with a server of its own.
    await server.end();
    if (!short) await inFull(cluster, load, env, folder);
  } finally {
    server?.kill();
    await cluster.stop(cluster.data, 'immediate');
  }
}

/** The dropped table belongs to the database of before; the second half begins with a region of its own. */
async function inFull(cluster, load, env, folder) {
  await withClient(cluster.url().replace(/tongchou$/, 'postgres'), async (client) => {
    await client.query('DROP DATABASE tongchou WITH (FORCE)');
    await client.query('CREATE DATABASE tongchou');
  });
  rmSync(join(folder, 'keys'), { recursive: true });
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  await command(ROOT, env, 'migrate');
  const region = await makeRegion(ROOT, env, 200, PASSWORD);
  const server = await startServerOf(ROOT, env);
  try {
    const second = new TrialLoad(region, PASSWORD);
    second.add(server.url);
    await second.signIn();
    await cluster.script('backup', 'diff');
    await cluster.script('check');
    const { restored, url } = await machineLost(cluster, second);
    const report = await command(ROOT, { ...env, DATABASE_URL: url }, 'reconcile');
    mustBe(report.length > 0, 'npm run reconcile finds no difference');
    await cluster.stop(restored);
  } finally {
    server.kill();
  }
}

try {
  const programs = ['pgbackrest', 'openssl', join(BIN, 'initdb'), join(BIN, 'postgres')];
  if (!(await ensureDebian(['postgresql-15', 'pgbackrest', 'openssl'], programs))) {
    say('SKIPPED: the restore drill needs Debian’s postgresql-15 and pgbackrest, which could not be installed.');
  } else {
    await ensurePackages();
    await ensureServerBuilt();
    const folder = mkdtempSync(join(tmpdir(), 'tongchou-drill-'));
    const began = performance.now();
    try {
      await drill(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    say('');
    for (const [name, value] of figures) say(`${name.padEnd(58)} ${value}`);
    say(`${'the whole drill'.padEnd(58)} ${seconds(began).toFixed(0)} s`);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  for (const [name, value] of figures) say(`${name.padEnd(58)} ${value}`);
  say(error.message);
  process.exitCode = 1;
}
