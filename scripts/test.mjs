/**
 * `npm test`: sets up what is missing and runs everything – checks of the sources, drift checks, the unit, end-to-end,
 * fault and browser tests, the console's tests – to the end even when something fails. It brings its own PostgreSQL: the
 * embedded one, and for the tests of the database once more a PostgreSQL 15, where there is one or it can be installed.
 *
 * `node scripts/test.mjs --only unit|e2e|faults|browser [-- <jest arguments>]` runs one Jest project and nothing else.
 * TEST_DATABASE_URL or DATABASE_URL names a server (version 15 or newer, a role that may create databases) that is used
 * instead, and nothing beside it. The tests make databases of their own on it (tc_…), drop them, and touch no other, the
 * one in the URL neither. The last line is `N passed, N failed, N skipped`; the exit code is 1 when anything failed.
 */
import { checksOf, schemaDrift } from './lib/checks.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { runConsoleTests } from './lib/console-tests.mjs';
import { runJest } from './lib/jest.mjs';
import { trialsOf } from './lib/trials.mjs';
import { startEmbedded } from './lib/postgres.mjs';
import { startPostgres15 } from './lib/postgres15.mjs';
import { Refusal, say } from './lib/process.mjs';
import { dropTestDatabases } from './lib/scratch-database.mjs';
import { checkNode, ensureConsoleBuilt, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';

const UNSAFE_BUT_FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
const GIVEN = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL || null;
/**
 * What runs once more on PostgreSQL 15 by itself: all that locks, partitions, triggers, plans and catalogues are asked for.
 * The whole suite runs there by DATABASE_URL; twice the whole in one go would take CI over its twenty minutes.
 */
const ON_POSTGRES_15 =
  'test/(scale|ledger|claims|jobs|outbox|enrollment)/|test/payment/(month|year)|test/audit/(chain|tampering)|crypto/upgrade|server-login';
/** The promises as figures take minutes and want a quiet machine: `npm run faults` makes them, in small with `--short`. */
const WITHOUT = { faults: ['--testPathIgnorePatterns', 'figures'] };
const PROJECTS = ['unit', 'e2e', 'faults', 'browser'];

/** Collects results in the order in which they come. */
class Report {
  rows = [];

  add(name, counts, seconds) {
    this.rows.push({ name, counts, seconds });
    const { passed, failed, skipped } = counts;
    say(
      `── ${failed > 0 ? 'FAILED' : 'ok'}  ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`,
    );
  }

  /** Runs one step; a step that throws is one failure and never stops the others. */
  async step(name, work) {
    const start = Date.now();
    let counts;
    try {
      counts = (await work()) ?? { passed: 1, failed: 0, skipped: 0 };
    } catch (error) {
      say(error instanceof Refusal ? error.message : String(error.stack));
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
    this.add(name, counts, Math.round((Date.now() - start) / 1000));
    return counts.failed === 0;
  }

  total() {
    const sum = (key) => this.rows.reduce((total, row) => total + row.counts[key], 0);
    return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  }
}

async function testServer() {
  if (GIVEN !== null) return { url: GIVEN, stop: () => dropTestDatabases(GIVEN) };
  const server = await startEmbedded('test-pg', { settings: UNSAFE_BUT_FAST });
  return { url: server.url('postgres'), stop: server.reused ? () => Promise.resolve() : server.stop };
}

async function runProject(project, args, env) {
  if (project !== 'browser') return runJest(project, args, env);
  const chromium = await ensureChromium();
  if (chromium !== null) return runJest(project, args, { ...env, CHROMIUM_PATH: chromium });
  say('The browser tests are skipped: no Chromium was found and none could be installed.');
  return { passed: 0, failed: 0, skipped: 1 };
}

/** The developer's fast path: one project, server left running for the next time. */
async function only(project, args) {
  if (!PROJECTS.includes(project)) throw new Refusal(`--only takes one of ${PROJECTS.join(', ')}.`);
  await ensurePackages();
  if (project === 'unit') return runJest(project, args, {});
  if (project !== 'e2e') await ensureServerBuilt();
  if (project === 'browser') await ensureConsoleBuilt();
  const server = await testServer();
  return runProject(project, args, { TEST_DATABASE_URL: server.url });
}

/** The end-to-end tests once more, and what the schema reads like, on the oldest version that is supported. */
async function onPostgres15(report) {
  let server = null;
  const name = 'e2e tests of the database on PostgreSQL 15';
  await report.step('PostgreSQL 15', async () => {
    server = await startPostgres15(UNSAFE_BUT_FAST);
    if (server !== null) return undefined;
    say(`The ${name} are skipped: there is no PostgreSQL 15 here (Debian: postgresql-15) and none could be installed.`);
    return { passed: 0, failed: 0, skipped: 1 };
  });
  if (server === null) return;
  try {
    await report.step('schema drift on PostgreSQL 15', () => schemaDrift(server.url).work());
    await report.step(name, () =>
      runProject('e2e', ['--testPathPatterns', ON_POSTGRES_15], { TEST_DATABASE_URL: server.url }),
    );
  } finally {
    server.stop();
  }
}

async function everything() {
  const report = new Report();
  await report.step('packages', ensurePackages);
  const built = await report.step('build of the server', ensureServerBuilt);
  await report.step('build of the console', ensureConsoleBuilt);
  let server = null;
  await report.step('test database', async () => {
    server = await testServer();
  });
  for (const { name, work } of checksOf({ built, databaseUrl: server?.url ?? null })) await report.step(name, work);
  const env = { TEST_DATABASE_URL: server?.url ?? '' };
  for (const project of PROJECTS) {
    await report.step(`${project} tests`, () => runProject(project, WITHOUT[project] ?? [], env));
    if (project === 'e2e' && GIVEN === null) await onPostgres15(report);
  }
  await report.step('console tests', runConsoleTests);
  for (const { name, work } of trialsOf({ databaseUrl: server?.url ?? null })) await report.step(name, work);
  await server?.stop();
  say('\nSummary');
  for (const { name, counts, seconds } of report.rows) {
    const mark = counts.failed > 0 ? 'FAILED' : 'ok';
    say(`${mark.padEnd(7)}${name.padEnd(34)}${String(counts.passed).padStart(6)}${String(seconds).padStart(6)} s`);
  }
  return report.total();
}

try {
  checkNode();
  const [flag, project, ...rest] = process.argv.slice(2);
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  const { passed, failed, skipped } = flag === '--only' ? await only(project, args) : await everything();
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
