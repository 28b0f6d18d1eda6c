/** The list of decisions in docs/decisions/README.md, made from the files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../process.mjs';
import { markdownTable } from './markdown.mjs';

const FOLDER = 'docs/decisions';

/** @returns {{table: string, faults: string[]}} the list, and what is wrong with names, numbers and titles */
export function listDecisions() {
  const faults = [];
  const seen = new Map();
  const rows = [];
  for (const file of readdirSync(join(ROOT, FOLDER)).sort()) {
    if (file === 'README.md') continue;
    const [, number] = /^(\d{4})-[a-z0-9-]+\.md$/.exec(file) ?? [];
    const text = readFileSync(join(ROOT, FOLDER, file), 'utf8');
    const [, titled, title] = /^# (\d{4}) – (.+)$/m.exec(text) ?? [];
    if (number === undefined) faults.push(`${FOLDER}/${file} is not named NNNN-words.md`);
    else if (titled !== number) faults.push(`${FOLDER}/${file} must begin with "# ${number} – its title"`);
    if (seen.has(number)) faults.push(`${FOLDER}/${file} has the number of ${seen.get(number)}`);
    seen.set(number, file);
    rows.push([`[${number ?? '?'}](${file})`, title ?? '?']);
  }
  return { table: markdownTable(['number', 'decision'], rows), faults };
}
