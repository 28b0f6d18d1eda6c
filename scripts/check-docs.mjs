/**
 * Documents that can go stale without anybody noticing:
 * - generated: docs/errors.md, docs/pictures/rooms.svg and schema.svg, the table of rooms in docs/architecture.md, the list
 *   in docs/decisions/README.md – compared with what the sources say now;
 * - docs/glossary.md against the names that the program uses;
 * - links, headings, commands and paths in every Markdown file; the English and the Chinese README against each other.
 *
 * `node scripts/check-docs.mjs --write` renews what is generated. Needs a build.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listDecisions } from './lib/docs/decisions.mjs';
import { glossaryFaults } from './lib/docs/glossary.mjs';
import { withGenerated } from './lib/docs/markdown.mjs';
import { commandFaults, commandsOfCli, linkFaults, pathFaults, twinFaults } from './lib/docs/references.mjs';
import { drawRooms } from './lib/docs/rooms-picture.mjs';
import { drawSchema } from './lib/docs/schema-picture.mjs';
import { compareOrWrite } from './lib/committed.mjs';
import { ROOT, run, say } from './lib/process.mjs';

const REPAIR = 'npm run build && node scripts/check-docs.mjs --write';
const faults = [];
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

async function markdownFiles() {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
  });
  return output.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

async function generated() {
  const errors = await run(process.execPath, [join(ROOT, 'dist/cli.js'), 'errors-doc'], { cwd: ROOT });
  if (errors.code === 0) compareOrWrite('docs/errors.md', errors.output, REPAIR);
  else faults.push(`the error catalogue could not be printed: ${errors.output}`);
  const rooms = await drawRooms();
  const schema = await drawSchema();
  const decisions = listDecisions();
  faults.push(...rooms.faults, ...schema.faults, ...decisions.faults);
  compareOrWrite('docs/pictures/rooms.svg', rooms.svg, REPAIR);
  compareOrWrite('docs/pictures/schema.svg', schema.svg, REPAIR);
  for (const [file, name, content] of [
    ['docs/architecture.md', 'rooms', rooms.table],
    ['docs/decisions/README.md', 'decisions', decisions.table],
  ]) {
    compareOrWrite(file, withGenerated(read(file), name, content), REPAIR);
  }
}

await generated();
const { scripts } = JSON.parse(read('package.json'));
const commands = commandsOfCli();
for (const file of await markdownFiles()) {
  const text = read(file);
  faults.push(...linkFaults(file, text), ...commandFaults(file, text, scripts, commands), ...pathFaults(file, text));
}
faults.push(...glossaryFaults(read('docs/glossary.md')), ...twinFaults('README.md', 'README.zh-CN.md', read));
for (const fault of faults) say(fault);
if (faults.length > 0) process.exitCode = 1;
