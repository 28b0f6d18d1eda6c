/** Files that are generated and committed: the check regenerates them, `--write` replaces them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say } from './process.mjs';

const SHOWN = 30;

/**
 * Compares a generated text with the committed file, or writes it when the script was called with `--write`.
 *
 * @param {string} file path below the root of the clone
 * @param {string} text what it must contain
 * @param {string} repair command that makes them equal
 */
export function compareOrWrite(file, text, repair) {
  const path = join(ROOT, file);
  if (process.argv.includes('--write')) {
    writeFileSync(path, text);
    say(`${file} written`);
    return;
  }
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (committed === text) {
    say(`${file} is up to date`);
    return;
  }
  say(`${file} is not what the sources say. Look at the difference, then run: ${repair}`);
  for (const line of difference(committed, text)) say(line);
  process.exitCode = 1;
}

function difference(before, after) {
  const old = new Set(before.split('\n'));
  const now = new Set(after.split('\n'));
  const lines = [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more lines`] : lines;
}
