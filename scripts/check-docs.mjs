/**
 * Documents that can go stale without anybody noticing:
 * docs/errors.md against the errors the program declares, links in Markdown against the files they name, commands in
 * the documents against package.json, and the English and the Chinese README against each other.
 *
 * `node scripts/check-docs.mjs --write` renews docs/errors.md. Needs a build.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { compareOrWrite } from './lib/committed.mjs';
import { ROOT, run, say } from './lib/process.mjs';

const BUILT_IN = new Set(['ci', 'install', 'start', 'test', 'audit']);
const faults = [];

function read(file) {
  return readFileSync(join(ROOT, file), 'utf8');
}

async function markdownFiles() {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
  });
  return output.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

function checkLinks(file, text) {
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    const path = target.split('#')[0];
    if (path === '' || /^[a-z]+:/.test(path)) continue;
    if (!existsSync(join(ROOT, normalize(join(dirname(file), path)))))
      faults.push(`${file} links to ${target}, which is not there`);
  }
}

function checkCommands(file, text, scripts) {
  for (const [, name] of text.matchAll(/npm run ([a-z][a-z:-]*)/g)) {
    if (scripts[name] === undefined && !BUILT_IN.has(name))
      faults.push(`${file} names \`npm run ${name}\`, which does not exist`);
  }
  for (const [, script] of text.matchAll(/node (scripts\/[\w./-]+\.mjs)/g)) {
    if (!existsSync(join(ROOT, script))) faults.push(`${file} names ${script}, which does not exist`);
  }
}

/** Code spans and code blocks must be the same in both languages; prose may differ. */
function checkTwins(one, other) {
  const codeOf = (file) => new Set([...read(file).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code));
  const [left, right] = [codeOf(one), codeOf(other)];
  for (const code of left) if (!right.has(code)) faults.push(`${other} does not mention \`${code}\`, ${one} does`);
  for (const code of right) if (!left.has(code)) faults.push(`${one} does not mention \`${code}\`, ${other} does`);
}

const errors = await run(process.execPath, [join(ROOT, 'dist/cli.js'), 'errors-doc'], { cwd: ROOT });
if (errors.code === 0) {
  compareOrWrite('docs/errors.md', errors.output, 'npm run build && node scripts/check-docs.mjs --write');
} else {
  faults.push(`the error catalogue could not be printed: ${errors.output}`);
}
const { scripts } = JSON.parse(read('package.json'));
for (const file of await markdownFiles()) {
  const text = read(file);
  checkLinks(file, text);
  checkCommands(file, text, scripts);
}
checkTwins('README.md', 'README.zh-CN.md');
for (const fault of faults) say(fault);
if (faults.length > 0) process.exitCode = 1;
