/**
 * `npm run bench`: our figures, each beside its floor in the same run, several rounds, medians.
 *
 *   npm run bench                                everything but the region, about ten minutes
 *   npm run bench -- --only settlement,import    some of: settlement, pre-settlement, month-end, import, registers, region
 *   npm run bench -- --write                     also renews the figures of docs/benchmarks.md; refused on a busy machine
 *
 * BENCH_DATABASE_URL names a server (version 15 or newer, a superuser, on this machine) instead of the embedded one; the
 * sizes can be set too, see bench/lib/settings.mjs.
 */
import { parseArgs } from 'node:util';
import { Refusal, say } from '../scripts/lib/process.mjs';
import { ensureServerBuilt } from '../scripts/lib/setup.mjs';
import { openDatabases } from './lib/databases.mjs';
import { describeMachine, loadNow } from './lib/machine.mjs';
import { writeReport } from './lib/report.mjs';
import { settings } from './lib/settings.mjs';
import { measureImport } from './parts/import.mjs';
import { measureMonthEnd } from './parts/month-end.mjs';
import { measureRegion } from './parts/region.mjs';
import { measureRegisters } from './parts/registers.mjs';
import { measureUnderLoad } from './parts/under-load.mjs';

const UNDER_LOAD = ['settlement', 'pre-settlement'];
const BY_DEFAULT = [...UNDER_LOAD, 'month-end', 'import', 'registers'];
const ALL = [...BY_DEFAULT, 'region'];

function wanted(only) {
  const keys = only === undefined ? BY_DEFAULT : only.split(',');
  const unknown = keys.filter((key) => !ALL.includes(key));
  if (unknown.length > 0)
    throw new Refusal(`There is no benchmark ${unknown.join(', ')}; there are ${ALL.join(', ')}.`);
  return keys;
}

async function measure(keys, databases) {
  const loads = UNDER_LOAD.filter((key) => keys.includes(key));
  const measures = loads.length > 0 ? await measureUnderLoad(loads, databases) : [];
  if (keys.includes('month-end')) measures.push(...(await measureMonthEnd(databases)));
  if (keys.includes('import')) measures.push(...(await measureImport(databases)));
  if (keys.includes('registers')) measures.push(...(await measureRegisters(databases)));
  return { measures, region: keys.includes('region') ? await measureRegion(databases) : null };
}

async function main() {
  const option = { only: { type: 'string' }, write: { type: 'boolean' }, 'even-if-busy': { type: 'boolean' } };
  const { values } = parseArgs({ options: option });
  const keys = wanted(values.only);
  const load = loadNow();
  await ensureServerBuilt();
  const databases = await openDatabases();
  try {
    const machine = describeMachine(databases.version, load);
    for (const [name, text] of machine.lines) say(`${name}: ${text}`);
    say(`settings: ${JSON.stringify(settings)}\n`);
    if (machine.busy && values.write && !values['even-if-busy']) {
      throw new Refusal('The machine is busy: its figures would be written down for nothing (--even-if-busy does it).');
    }
    const start = Date.now();
    const figures = await measure(keys, databases);
    say(`\n${Math.round((Date.now() - start) / 1000)} s in all`);
    if (values.write) writeReport({ machine, ...figures });
  } finally {
    await databases.stop();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
