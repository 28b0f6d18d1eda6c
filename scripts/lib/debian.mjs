/** Programs that the tests need and that Debian has: installed where that is possible, by root with apt-get. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isRoot, run, say } from './process.mjs';

/**
 * Sees that programs are there, installing their packages when one is missing.
 * @param {string[]} packages Debian packages, e.g. ['pgbackrest']
 * @param {string[]} programs what they bring: names looked up in PATH, or absolute paths
 * @returns {Promise<boolean>} whether all of them can be run now
 */
export async function ensureDebian(packages, programs) {
  if (programs.every(isThere)) return true;
  await installDebian(packages, packages.join(', '));
  return programs.every(isThere);
}

/** Installs packages; does nothing for who may not or where there is no apt-get. */
export async function installDebian(packages, what) {
  if (!isRoot() || (await run('apt-get', ['--version'])).code !== 0) return;
  say(`Installing ${what} (apt-get) …`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-q'], options);
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options);
}

function isThere(program) {
  if (program.startsWith('/')) return existsSync(program);
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
