/**
 * `npm run faults`: the promises on faults and abuse as figures, each printed with its goal and what was observed; exit 1
 * when one is missed. See docs/faults.md.
 *
 *   --only NAME    only this one (may be given several times; `--list` shows the names)
 *   --seed N       draws what the run with this seed drew
 *   --short        the sizes of `npm test`;  --release  those before a release
 *   --write        writes the table into docs/faults.md; with --only, these rows of it
 *
 * TEST_DATABASE_URL names a server to be used instead of the embedded one; kills of PostgreSQL always get their own.
 */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { writeFaultTable } from './lib/fault-report.mjs';
import { Refusal, say } from './lib/process.mjs';
import { checkNode, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    short: { type: 'boolean' },
    release: { type: 'boolean' },
    write: { type: 'boolean' },
    list: { type: 'boolean' },
  },
});

const size = given.short === true ? 'short' : given.release === true ? 'release' : 'ci';
const seed = Number(given.seed ?? Math.floor(Math.random() * 1_000_000));
const wanted = ({ name }) => given.only === undefined || given.only.includes(name);

/** Prints one line of the table and keeps it. */
class Report {
  rows = [];

  add(row) {
    this.rows.push(row);
    const mark = row.ok === null ? 'n/a ' : row.ok ? 'ok  ' : 'MISS';
    say(`${mark}  ${row.name.padEnd(18)} ${row.promise} | ${row.goal} | ${row.observed} | ${row.seconds.toFixed(0)} s`);
    if (row.ok !== true) for (const note of (row.notes ?? []).slice(0, 12)) say(`        ${note}`);
  }

  async measure(name, promise, goal, work) {
    const began = performance.now();
    const done = (outcome) =>
      this.add({ name, promise, goal, seconds: (performance.now() - began) / 1000, ...outcome });
    try {
      done(await work());
    } catch (error) {
      done({ observed: `broke off: ${error.message.split('\n')[0]}`, ok: false, notes: [error.stack] });
    }
  }
}

async function main() {
  checkNode();
  if (!Number.isInteger(seed)) throw new Refusal('--seed takes a whole number.');
  await ensurePackages();
  await ensureServerBuilt();
  const { ensureFaultBuild } = await import('./lib/fault-build.mjs');
  const { Coverage } = await import('./lib/fault-coverage.mjs');
  const { MEASURED } = await import('../test/faults/figures/promises.mjs');
  if (given.list === true) return listNames(MEASURED);
  const sites = await ensureFaultBuild();
  const coverage = new Coverage(sites);
  const { testServer } = await import('../test/faults/figures/databases.mjs');
  const server = await testServer();
  const report = new Report();
  say(`seed ${seed}, sizes of ${size}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.versions.node}`);
  const began = Date.now();
  const ctx = { serverUrl: server.url, sites, seed, covered: (reached, faulted) => coverage.add(reached, faulted) };
  for (const one of MEASURED.filter(wanted)) {
    const figures = one.size[size];
    if (figures !== undefined)
      await report.measure(one.name, one.promise, one.goal(figures), () => one.run(ctx, figures));
  }
  if (size !== 'short') await others(report, server.url);
  await failpoints(report, coverage);
  await server.stop();
  const missed = report.rows.filter(({ ok }) => ok === false);
  say(
    `${report.rows.length} promises, ${missed.length} missed, ${Math.round((Date.now() - began) / 1000)} s, seed ${seed}`,
  );
  if (given.write === true) writeFaultTable(report.rows, { seed, size, whole: given.only === undefined, coverage });
  process.exitCode = missed.length > 0 ? 1 : 0;
}

/** What tests of the suite prove, and what does not apply. */
async function others(report, serverUrl) {
  const { NOT_APPLICABLE, provedByTests, TESTED } = await import('../test/faults/figures/proved.mjs');
  const tested = TESTED.filter(wanted);
  if (tested.length > 0) for (const row of await provedByTests(tested, serverUrl)) report.add(row);
  if (given.only !== undefined) return;
  for (const [promise, observed] of NOT_APPLICABLE) {
    report.add({ name: '–', promise, goal: '–', observed, ok: null, seconds: 0 });
  }
}

async function failpoints(report, coverage) {
  const { normalBuildIsClean } = await import('./lib/fault-coverage.mjs');
  if (wanted({ name: 'build' })) {
    await report.measure(
      'build',
      'The normal build has no failpoint; the fault build differs by nothing else',
      '0 files',
      () => {
        const { files, wrong } = normalBuildIsClean();
        return { observed: `${wrong.length} of ${files} files`, ok: wrong.length === 0, notes: wrong };
      },
    );
  }
  if (given.only !== undefined) return;
  const left = coverage.left();
  const unreached = coverage.sites.length - coverage.reached.size;
  report.add({
    name: 'failpoints',
    promise: 'Failpoints reached and faulted at least once, or a reason given',
    goal: '100 % or the reason',
    observed: `${coverage.sites.length} failpoints: ${coverage.reached.size} on the scenarios’ ways, ${coverage.faulted.size} faulted; ${unreached} beside them`,
    ok: coverage.faulted.size > 0,
    seconds: 0,
  });
  for (const [reason, ids] of left)
    say(`        ${String(ids.length).padStart(4)}  ${reason}: ${ids.slice(0, 3).join(', ')} …`);
}

function listNames(measured) {
  for (const { name, promise } of measured) say(`${name.padEnd(20)}${promise}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  const { hangUp } = await import('../test/faults/figures/http.mjs');
  hangUp();
  // A kept-alive socket or a forgotten timer must not hold the run open; its children are gone by now.
  setTimeout(() => process.exit(process.exitCode), 500).unref();
}
