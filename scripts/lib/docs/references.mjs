/** What documents refer to must be there: files, headings, npm scripts, commands of the command line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../process.mjs';

const BUILT_IN = new Set(['ci', 'install', 'start', 'test', 'audit']);
/** First folders of paths that a code span may name. */
const FOLDERS = /^(src|test|docs|scripts|bench|policy|console|deploy|\.ci)\/[\w./-]+$/;

/** The anchor GitHub gives a heading. */
function anchorOf(heading) {
  return heading
    .replaceAll(/`|\*/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

const withoutBlocks = (text) => text.replaceAll(/^```[^]*?^```/gm, '');

/** Links to files and to headings. */
export function linkFaults(file, text, readFile = (path) => readFileSync(join(ROOT, path), 'utf8')) {
  const faults = [];
  for (const [, target] of withoutBlocks(text).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const other = path === '' ? file : normalize(join(dirname(file), decodeURI(path)));
    if (path !== '' && !existsSync(join(ROOT, other))) faults.push(`${file} links to ${target}, which is not there`);
    else if (
      anchor !== undefined &&
      other.endsWith('.md') &&
      !headingsOf(other === file ? text : readFile(other)).has(anchor)
    )
      faults.push(`${file} links to ${target}, a heading that is not there`);
  }
  return faults;
}

function headingsOf(text) {
  return new Set([...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf(heading)));
}

/** Names of the commands of `node dist/cli.js`. */
export function commandsOfCli() {
  const folder = join(ROOT, 'src/cli');
  return new Set(
    readdirSync(folder).flatMap((file) =>
      file.endsWith('.ts')
        ? [...readFileSync(join(folder, file), 'utf8').matchAll(/\bname: '([^']+)'/g)].map(([, name]) => name)
        : [],
    ),
  );
}

/** npm scripts, scripts of this repository and commands of the command line that are named but do not exist. */
export function commandFaults(file, text, scripts, commands) {
  const faults = [];
  const named = (pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
  for (const name of named(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)) {
    if (scripts[name] === undefined && !BUILT_IN.has(name))
      faults.push(`${file} names \`npm run ${name}\`, which does not exist`);
  }
  for (const script of named(/node ((?:scripts|bench)\/[\w./-]+\.mjs)/g)) {
    if (!existsSync(join(ROOT, script))) faults.push(`${file} names ${script}, which does not exist`);
  }
  for (const command of named(/node (?:dist\/cli\.js|scripts\/cli\.mjs) ([a-z][\w:-]*)/g)) {
    if (!commands.has(command)) faults.push(`${file} names the command ${command}, which does not exist`);
  }
  return faults;
}

/** Code spans that look like a path of this repository and lead nowhere; `*`, `<` and `{` make it an example; what a build makes need not be there. */
export function pathFaults(file, text) {
  return [...withoutBlocks(text).matchAll(/`([^`\s]+)`/g)]
    .map(([, path]) => path.replace(/[.,:]$/, ''))
    .filter((path) => FOLDERS.test(path) && !/[*<{…]/.test(path) && path !== 'console/dist')
    .filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(file), path)))
    .map((path) => `${file} names ${path}, which is not there`);
}

/** Code spans must be the same in both languages; prose may differ. */
export function twinFaults(one, other, read) {
  const codeOf = (file) => new Set([...read(file).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code));
  const [left, right] = [codeOf(one), codeOf(other)];
  return [
    ...[...left].filter((code) => !right.has(code)).map((code) => `${other} does not mention \`${code}\`, ${one} does`),
    ...[...right].filter((code) => !left.has(code)).map((code) => `${one} does not mention \`${code}\`, ${other} does`),
  ];
}
