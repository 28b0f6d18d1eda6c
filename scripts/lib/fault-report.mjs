/** The table of docs/faults.md, between two marks, written by `npm run faults -- --write`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, say } from './process.mjs';

const FILE = 'docs/faults.md';
const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';

/**
 * @param {{promise: string, goal: string, observed: string, ok: boolean|null, seconds: number}[]} rows
 * @param {{seed: number, size: string, seconds: number, coverage: import('./fault-coverage.mjs').Coverage}} run
 */
export function writeFaultTable(rows, { seed, size, seconds, coverage }) {
  const path = join(ROOT, FILE);
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || end === -1) throw new Error(`${FILE} has no marks for the figures`);
  const lines = [
    BEGIN,
    '',
    `${new Date().toISOString().slice(0, 10)}, sizes “${size}”, seed ${seed}, ${Math.round(seconds / 60)} minutes on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'},`,
    `${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}.`,
    '',
    '| Promise | Goal | Observed | s | |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${cell(row.promise)} | ${cell(row.goal)} | ${cell(row.observed)} | ${row.seconds.toFixed(0)} | ${row.ok === null ? '–' : row.ok ? 'ok' : '**missed**'} |`,
    ),
    '',
    'Failpoints that were not faulted in this run:',
    '',
    '| Number | Why | For example |',
    '| --- | --- | --- |',
    ...[...coverage.left()].map(([reason, ids]) => `| ${ids.length} | ${cell(reason)} | \`${ids[0]}\` |`),
    '',
  ];
  writeFileSync(path, `${text.slice(0, start)}${lines.join('\n')}${text.slice(end)}`);
  say(`${FILE} written`);
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
