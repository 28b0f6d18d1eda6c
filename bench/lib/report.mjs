/** Figures of a run: on the screen as they come, and as the generated part of docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable, withGenerated } from '../../scripts/lib/docs/markdown.mjs';
import { ROOT, say } from '../../scripts/lib/process.mjs';

const FILE = join(ROOT, 'docs/benchmarks.md');

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Three significant digits, thousands apart: 1 234, 12.3, 0.123. */
export function figure(value) {
  if (value >= 100)
    return Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, ' ');
  return value.toPrecision(value >= 1 ? 3 : 2);
}

/**
 * @typedef {object} Measure
 * @property {string} key e.g. `settlement`
 * @property {string} what is measured, with its unit
 * @property {string} floor beside which floor
 * @property {string} unit `/s` (more is better) or `s` (less is better)
 * @property {{ours: number, floor: number, note?: string}[]} rounds
 */

/** Ours against the floor, so that 1 means "as fast as the floor" whichever way the unit runs. */
export const ratioOf = (unit, { ours, floor }) => (unit === 's' ? floor / ours : ours / floor);

/** Prints one round. */
export function sayRound(measure, round) {
  const { ours, floor, note } = measure.rounds[round];
  const { unit, key } = measure;
  const ratio = ratioOf(unit, measure.rounds[round]).toFixed(2);
  say(
    `${key}, round ${round + 1}: ${figure(ours)} ${unit}, floor ${figure(floor)} ${unit}, ratio ${ratio}${note ? `; ${note}` : ''}`,
  );
}

/** Prints the medians of a measure. */
export function sayMedian(measure) {
  const { key, unit, rounds } = measure;
  const ours = median(rounds.map((round) => round.ours));
  const floor = median(rounds.map((round) => round.floor));
  const ratio = median(rounds.map((round) => ratioOf(unit, round)));
  say(`${key}, median: ${figure(ours)} ${unit}, floor ${figure(floor)} ${unit}, ratio ${ratio.toFixed(2)}`);
}

function tables(measures) {
  const summary = markdownTable(
    ['benchmark', 'ours', 'floor', 'unit', 'ratio', 'beside which floor'],
    measures.map(({ what, floor, unit, rounds }) => [
      what,
      `**${figure(median(rounds.map((round) => round.ours)))}**`,
      figure(median(rounds.map((round) => round.floor))),
      unit,
      `**${median(rounds.map((round) => ratioOf(unit, round))).toFixed(2)}**`,
      floor,
    ]),
  );
  const rounds = markdownTable(
    ['benchmark', 'round', 'ours', 'floor', 'ratio', 'note'],
    measures.flatMap(({ key, unit, rounds: list }) =>
      list.map((round, index) => [
        key,
        String(index + 1),
        `${figure(round.ours)} ${unit}`,
        `${figure(round.floor)} ${unit}`,
        ratioOf(unit, round).toFixed(2),
        round.note ?? '–',
      ]),
    ),
  );
  return `Medians of the rounds; a ratio of 1 is the floor itself.\n\n${summary}\n\nEvery round:\n\n${rounds}`;
}

const machineText = ({ lines }) => markdownTable(['run', 'on'], lines);

/** Replaces the figures of docs/benchmarks.md: those of the floors, of the region, or both. */
export function writeReport({ machine, measures, region }) {
  let text = readFileSync(FILE, 'utf8');
  if (measures.length > 0) text = withGenerated(text, 'figures', `${machineText(machine)}\n\n${tables(measures)}`);
  if (region !== null) text = withGenerated(text, 'region', `${machineText(machine)}\n\n${region}`);
  writeFileSync(FILE, text);
  say('docs/benchmarks.md written');
}
