/** The table of docs/faults.md, between two marks, written by `npm run faults -- --write`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT, say } from './process.mjs';

const FILE = 'docs/faults.md';
const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';
const HEAD = '| Promise | Goal | Observed | s | | Run |';
const LEFT = 'Failpoints that were not faulted in the last whole run:';

/**
 * A whole run writes the table anew; one of single promises (`--only`) replaces their rows and leaves the others, so each row
 * says when and with which seed it ran.
 * @param {{promise: string, goal: string, observed: string, ok: boolean|null, seconds: number}[]} rows
 * @param {{seed: number, size: string, whole: boolean, coverage: import('./fault-coverage.mjs').Coverage}} run
 */
export function writeFaultTable(rows, { seed, size, whole, coverage }) {
  const path = join(ROOT, FILE);
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start === -1 || end === -1) throw new Error(`${FILE} has no marks for the figures`);
  const before = text.slice(start + BEGIN.length, end);
  const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')}, ${seed}`;
  const lines = [
    BEGIN,
    '',
    `Sizes “${size}” on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node};`,
    '“Run” is the time of day (UTC) and the seed.',
    '',
    HEAD,
    '| --- | --- | --- | --- | --- | --- |',
    ...merged(whole ? [] : rowsOf(before), rows, when),
    '',
    LEFT,
    '',
    ...(whole ? leftTable(coverage) : [before.slice(before.indexOf(LEFT) + LEFT.length).trim()]),
    '',
  ];
  writeFileSync(path, `${text.slice(0, start)}${lines.join('\n')}${text.slice(end)}`);
  say(`${FILE} written`);
}

/** Rows of the table as it stands, by promise. */
function rowsOf(text) {
  const table = text.slice(0, Math.max(text.indexOf(LEFT), 0)).split('\n');
  return table.filter((line) => line.startsWith('|')).slice(2);
}

function merged(old, rows, when) {
  const table = new Map(old.map((line) => [line.split(' |')[0].slice(2).trim(), line]));
  for (const row of rows) {
    const mark = row.ok === null ? '–' : row.ok ? 'ok' : '**missed**';
    const line = `| ${cell(row.promise)} | ${cell(row.goal)} | ${cell(row.observed)} | ${row.seconds.toFixed(0)} | ${mark} | ${when} |`;
    table.set(cell(row.promise), line);
  }
  return [...table.values()];
}

function leftTable(coverage) {
  const rows = [...coverage.left()].map(([reason, ids]) => `| ${ids.length} | ${cell(reason)} | \`${ids[0]}\` |`);
  return ['| Number | Why | For example |', '| --- | --- | --- |', ...rows];
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
