/**
 * Completes a lock file that was written behind a registry mirror which holds the packages of one platform only: npm
 * leaves the native packages of the other platforms out, and `npm ci` then refuses the lock file everywhere.
 *
 * `node scripts/complete-lock.mjs [folder]` after each `npm install` there. Adds name, version and platform; npm fetches
 * and verifies the package where the platform is met.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFrom } from './lib/lock-file.mjs';
import { ROOT, say } from './lib/process.mjs';

const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony', 'aix', 'netbsd', 'openbsd', 'sunos'];
const PROCESSORS = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

function entryOf({ name, version, dev }) {
  const words = name.split('/').at(-1).split('-');
  const cpu = PROCESSORS.filter((word) => words.includes(word));
  const os = SYSTEMS.filter((word) => words.includes(word));
  if (!/^\d/.test(version) || (os.length === 0 && cpu.length === 0)) {
    throw new Error(`${name}@${version} is not a platform package with an exact version; lock it by hand`);
  }
  return { version, ...(cpu.length > 0 && { cpu }), ...(dev && { dev }), optional: true, ...(os.length > 0 && { os }) };
}

const file = join(ROOT, process.argv[2] ?? '', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingFrom(lock.packages);
for (const each of missing) lock.packages[`node_modules/${each.name}`] = entryOf(each);
if (missing.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
say(`${missing.length} packages of other platforms added to ${file}`);
