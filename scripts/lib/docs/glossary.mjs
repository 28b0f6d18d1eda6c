/** Every word that the program uses as a name must stand in docs/glossary.md, in Chinese and English, with its source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../process.mjs';
import { readSchema } from './schema.mjs';

const COLUMNS = 5;
const read = (file) => readFileSync(join(ROOT, file), 'utf8');

/**
 * Names the program uses, and where: tables, roles, permissions, scopes, kinds of distribution, every value of an
 * enumeration that the API accepts or answers, accounts of the ledger.
 * @returns {Map<string, string>} name → where it stands
 */
export function namesOfCode() {
  const names = new Map();
  const add = (name, where) => names.set(name, names.get(name) ?? where);
  const schema = readSchema(read('docs/schema.txt'));
  for (const { name, kind } of schema.tables) {
    add(name, 'table');
    if (kind !== null) add(kind, 'kind of distribution');
  }
  const access = parse(read('policy/access.yaml'));
  for (const role of Object.keys(access.roles)) add(role, 'role');
  for (const { permission, scope } of Object.values(access.routes)) {
    if (permission !== undefined) add(permission, 'permission');
    if (scope !== undefined) add(scope, 'scope');
  }
  for (const value of enumerations(JSON.parse(read('docs/openapi.json')))) add(value, 'value in the API');
  for (const file of readdirSync(join(ROOT, 'src/migrations'))) {
    const rows = read(`src/migrations/${file}`).matchAll(
      /^\s*\('(\d{4})', '[^']+', '[^']+', '(?:asset|liability|equity|income|expense)'/gm,
    );
    for (const [, account] of rows) add(account, 'account');
  }
  return names;
}

/** Texts of every `enum` in an OpenAPI document. */
function enumerations(node) {
  if (typeof node !== 'object' || node === null) return [];
  const own = Array.isArray(node.enum) ? node.enum.filter((value) => typeof value === 'string') : [];
  return [...own, ...Object.values(node).flatMap(enumerations)];
}

/** Chinese names of the pages, as the console's menu has them. */
function namesOfPages() {
  const text = read('console/src/i18n/zh/common.ts');
  const menu = text.slice(text.indexOf('  menu: {'), text.indexOf('\n  },', text.indexOf('  menu: {')));
  return [...menu.matchAll(/^ {4}\S+: '([^']+)',$/gm)].map(([, word]) => word);
}

/** Rows of all tables of the glossary: [English, 中文, meaning, in code, source]. */
function rowsOf(text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| -+/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/**
 * @param {string} text docs/glossary.md
 * @param {Map<string, string>} names of `namesOfCode`
 * @param {string[]} pages Chinese names that a page has
 * @returns {string[]} what is missing or wrong
 */
export function glossaryFaults(text, names = namesOfCode(), pages = namesOfPages()) {
  const rows = rowsOf(text);
  const faults = [];
  const english = new Map();
  for (const row of rows) {
    const [word, chinese] = row;
    if (row.length !== COLUMNS)
      faults.push(`docs/glossary.md: the line of "${word}" has ${row.length} columns, not ${COLUMNS}`);
    else if (row.some((cell) => cell === ''))
      faults.push(`docs/glossary.md: the line of "${word}" has an empty column`);
    if (word !== 'English' && english.has(word)) faults.push(`docs/glossary.md: "${word}" stands twice`);
    if (chinese !== undefined && chinese !== '中文' && !/[\u4e00-\u9fff]/.test(chinese)) {
      faults.push(`docs/glossary.md: "${word}" has no Chinese word`);
    }
    english.set(word, row);
  }
  const known = new Set(rows.flatMap((row) => [...(row[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name)));
  for (const [name, where] of names) {
    if (!known.has(name)) faults.push(`docs/glossary.md has no line for \`${name}\` (${where})`);
  }
  const chinese = rows.map((row) => row[1] ?? '').join('|');
  for (const page of pages) if (!chinese.includes(page)) faults.push(`docs/glossary.md does not know the page ${page}`);
  return faults;
}
