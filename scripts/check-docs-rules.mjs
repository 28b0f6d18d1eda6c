/**
 * A check that cannot fail proves nothing: each rule of scripts/check-docs.mjs is shown one document that breaks it and one
 * that does not.
 */
import { glossaryFaults } from './lib/docs/glossary.mjs';
import { markdownTable, withGenerated } from './lib/docs/markdown.mjs';
import { commandFaults, linkFaults, pathFaults, twinFaults } from './lib/docs/references.mjs';
import { callsOf, essentialCalls } from './lib/docs/rooms.mjs';
import { readSchema } from './lib/docs/schema.mjs';
import { say } from './lib/process.mjs';

const ROW = '| word | 词 | meaning | `name` | law |';
const HEAD = '| English | 中文 | meaning | in code | source |';
const names = new Map([['name', 'table']]);
const glossary = (row, pages = []) => glossaryFaults(`${HEAD}\n${row}`, names, pages);
const links = (text) => linkFaults('docs/page.md', text, () => '# A Heading');
const commands = (text) => commandFaults('docs/page.md', text, { bench: 'x' }, new Set(['migrate']));
const twins = (left, right) => twinFaults('a', 'b', (file) => (file === 'a' ? left : right));
const schema = (table) =>
  readSchema(`## tables\n${table}\n\n## constraints\n`).faults.filter((fault) => fault.includes('no entity'));

/** [rule, what breaks it, what does not] */
const RULES = [
  ['a name without a line', () => glossary(ROW.replace('`name`', '`other`')), () => glossary(ROW)],
  ['a line without Chinese', () => glossary(ROW.replace('词', 'word')), () => glossary(ROW)],
  ['a line with a column too few', () => glossary('| word | 词 | meaning | `name` |'), () => glossary(ROW)],
  ['a word that stands twice', () => glossary(`${ROW}\n${ROW}`), () => glossary(ROW)],
  ['a page that nobody explains', () => glossary(ROW, ['别的']), () => glossary(ROW, ['词'])],
  ['a link to nowhere', () => links('[x](nowhere.md)'), () => links('[x](architecture.md)')],
  ['a link to no heading', () => links('[x](errors.md#none)'), () => links('[x](errors.md#a-heading)')],
  ['a link to no heading of its own', () => links('# One\n[x](#two)'), () => links('# One\n[x](#one)')],
  ['an npm script that is not there', () => commands('`npm run nothing`'), () => commands('`npm run bench`')],
  [
    'a script that is not there',
    () => commands('node scripts/none.mjs'),
    () => commands('node scripts/cli.mjs migrate'),
  ],
  ['a command that is not there', () => commands('node dist/cli.js none'), () => commands('node dist/cli.js migrate')],
  [
    'a path that is not there',
    () => pathFaults('a.md', '`src/none.ts`'),
    () => pathFaults('a.md', '`src/main.ts` `src/*/x`'),
  ],
  ['READMEs that differ', () => twins('`a`', '`b`'), () => twins('`a`', '`a`')],
  ['a table without a room', () => schema('mystery'), () => schema('settlement')],
];

const faults = RULES.flatMap(([rule, broken, sound]) => [
  ...(broken().length > 0 ? [] : [`not noticed: ${rule}`]),
  ...sound().map((fault) => `noticed without reason (${rule}): ${fault}`),
]);

const rooms = new Set(['a', 'b', 'c']);
const dependencies = (...files) => files.map((resolved) => ({ resolved }));
const calls = callsOf(
  {
    modules: [
      { source: 'src/a/x.ts', dependencies: dependencies('src/b/index.ts', 'src/c/index.ts', 'src/a/y.ts') },
      { source: 'src/b/x.ts', dependencies: dependencies('src/c/index.ts', 'src/common/money/index.ts') },
      { source: 'src/c/x.spec.ts', dependencies: dependencies('src/a/index.ts') },
    ],
  },
  rooms,
);
const shown = (map) => [...map].map(([from, targets]) => `${from}>${[...targets].join('')}`).join(' ');
if (shown(calls) !== 'a>bc b>c c>') faults.push(`calls are read as ${shown(calls)}`);
if (shown(essentialCalls(calls)) !== 'a>b b>c c>')
  faults.push(`implied calls are left as ${shown(essentialCalls(calls))}`);
if (
  withGenerated('<!-- generated:x -->old<!-- /generated:x -->', 'x', 'new') !==
  '<!-- generated:x -->\n\nnew\n\n<!-- /generated:x -->'
)
  faults.push('a generated part is not put in its place');
if (markdownTable(['a', '中文'], [['字', 'b']]) !== '| a   | 中文 |\n| --- | ---- |\n| 字  | b    |')
  faults.push('a table is not aligned');

for (const fault of faults) say(fault);
say(`${RULES.length} rules for documents broken on purpose, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
