/**
 * The demonstration region at two scales: loaded, every month and year settled and closed through the services, and proved
 * by the reconciliation. What a bill costs must grow by less than 1.2 when there are ten times as many.
 */
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { markdownTable } from '../../scripts/lib/docs/markdown.mjs';
import { ROOT, run, say } from '../../scripts/lib/process.mjs';
import { environment } from '../lib/application.mjs';
import { migrate } from '../lib/pool.mjs';
import { figure } from '../lib/report.mjs';
import { settings } from '../lib/settings.mjs';

const CLI = join(ROOT, 'dist', 'cli.js');
export const GROWTH_LIMIT = 1.2;

/** @param {import('../lib/databases.mjs').Databases} databases */
export async function measureRegion(databases) {
  const loads = [];
  for (const scale of settings.scales) loads.push(await load(databases, scale));
  const [small, large] = [loads[0], loads.at(-1)];
  const growth = large.perBill / small.perBill;
  const verdict = growth <= GROWTH_LIMIT ? 'within' : 'ABOVE';
  const past = { all: 'all years', none: 'last year and this year' }[settings.years] ?? settings.years;
  const words = `Loaded with ${past}. A bill at ${large.scale} costs ${growth.toFixed(2)} times what it costs at ${small.scale}: ${verdict} the limit of ${GROWTH_LIMIT}.`;
  say(words);
  return `${words}\n\n${table(loads)}`;
}

async function load(databases, scale) {
  const name = `region_${scale.replace(':', '_')}`;
  const url = await databases.create(name);
  try {
    await migrate(url);
    const start = performance.now();
    const { phases, memory } = await loadRegion(url, scale);
    const seconds = (performance.now() - start) / 1000;
    const bills = phases.bills.count;
    const proof = await timed(() => command(url, ['reconcile']));
    const result = {
      scale,
      phases,
      memory,
      seconds,
      bills,
      persons: phases.people.count,
      perBill: seconds / bills,
      proof,
    };
    say(
      `region ${scale}: ${figure(result.persons)} persons, ${figure(bills)} bills in ${figure(seconds)} s, ` +
        `${figure(result.perBill * 1000)} ms a bill, at most ${memory} MB; proved in ${figure(proof)} s`,
    );
    for (const [phase, { seconds: spent }] of Object.entries(phases)) say(`  ${phase}: ${figure(spent)} s`);
    return result;
  } finally {
    await databases.drop(name);
  }
}

async function loadRegion(url, scale) {
  const output = await command(url, ['demo:load', '--scale', scale, '--years', settings.years, '--json']);
  const last = output.trim().split('\n').at(-1) ?? '';
  const total = JSON.parse(last);
  if (total.phase !== 'total') throw new Error(`the load of ${scale} did not end: ${last}`);
  return total;
}

async function command(url, args) {
  const { code, output } = await run(process.execPath, [CLI, ...args], {
    env: { ...process.env, ...environment(url) },
  });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${output.slice(-2000)}`);
  return output;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function table(loads) {
  const phases = Object.keys(loads[0].phases);
  const row = (name, of) => [name, ...loads.map(of)];
  return markdownTable(
    ['', ...loads.map(({ scale }) => scale)],
    [
      row('persons', ({ persons }) => figure(persons)),
      row('bills', ({ bills }) => figure(bills)),
      ...phases.map((phase) => row(`${phase}, s`, (one) => figure(one.phases[phase]?.seconds ?? 0))),
      row('**load and close, s**', ({ seconds }) => figure(seconds)),
      row('**a bill, ms**', ({ perBill }) => figure(perBill * 1000)),
      row('reconciliation, s', ({ proof }) => figure(proof)),
      row('memory, MB', ({ memory }) => String(memory)),
    ],
  );
}
