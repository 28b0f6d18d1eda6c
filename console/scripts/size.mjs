/**
 * Checks how much the browser must fetch before the first list page can be drawn, compressed with gzip, against the
 * budget of docs: what index.html loads, plus the page's own chunk and everything that they import statically.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 360;
const PAGE = 'src/pages/months/MonthList.tsx';
const TEXTS = 'src/i18n/zh.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));

function filesOf(key, found) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`${key} is not in the manifest`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

const files = [PAGE, TEXTS].reduce((found, key) => filesOf(key, found), filesOf('index.html', new Set()));
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
const kb = bytes / 1000;
console.log(`first list page: ${kb.toFixed(1)} kB gzip in ${String(files.size)} files, budget ${String(BUDGET_KB)} kB`);
if (kb > BUDGET_KB) process.exitCode = 1;
