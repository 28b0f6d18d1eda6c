/**
 * What a clone needs before it can run or be tested: the right Node, the packages of the lock files, the builds.
 * Each step looks first and does nothing when nothing changed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, npm, Refusal, ROOT, run, say } from './process.mjs';

const CONSOLE = join(ROOT, 'console');
const LOWEST_NODE = [20, 19];

/** @throws {Refusal} when this Node is too old. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major < LOWEST_NODE[0] || (major === LOWEST_NODE[0] && minor < LOWEST_NODE[1])) {
    throw new Refusal(`Node ${LOWEST_NODE.join('.')} or newer is needed; this is Node ${version}.`);
  }
}

/** Installs the packages of the server and of the console exactly as locked, where they are not there already. */
export async function ensurePackages() {
  await ensureInstalled(ROOT, 'server');
  if (hasConsole()) await ensureInstalled(CONSOLE, 'console');
}

/** True when the console's package is part of this clone. */
export function hasConsole() {
  return existsSync(join(CONSOLE, 'package.json'));
}

async function ensureInstalled(folder, label) {
  if (isInstalled(folder)) return;
  say(`Installing the packages of the ${label} …`);
  const result = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  if (result.code !== 0) {
    throw new Refusal(`npm could not install the packages of the ${label}:\n${lastLines(result.output, 15)}`);
  }
}

/** npm writes node_modules/.package-lock.json last, so it tells what is completely installed. */
function isInstalled(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version,
  );
}

/** Builds the server into dist/ when its sources changed. */
export async function ensureServerBuilt() {
  const digest = hashOf(
    ...['src', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'].map((p) => join(ROOT, p)),
  );
  await buildOnce(join(ROOT, 'dist'), digest, 'server', () =>
    run(process.execPath, [join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], { cwd: ROOT }),
  );
}

/** Builds the console into console/dist/ when its sources or the API description changed. */
export async function ensureConsoleBuilt() {
  if (!hasConsole()) return;
  const digest = hashOf(CONSOLE, join(ROOT, 'docs', 'openapi.json'));
  await buildOnce(join(CONSOLE, 'dist'), digest, 'console', () => npm(['run', 'build'], { cwd: CONSOLE }));
}

async function buildOnce(folder, digest, label, build) {
  const mark = join(folder, '.built-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8').trim() === digest) return;
  say(`Building the ${label} …`);
  const result = await build();
  if (result.code !== 0) throw new Refusal(`The ${label} does not build:\n${lastLines(result.output, 40)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, `${digest}\n`);
}

function lastLines(text, count) {
  return text.trim().split('\n').slice(-count).join('\n');
}
