/**
 * A PostgreSQL 15, the oldest version that is supported, for one run of the tests: Debian's package, a cluster in a
 * folder for temporary files, gone afterwards.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebian } from './debian.mjs';
import { unprivilegedUser } from './postgres.mjs';
import { freePort, isRoot, Refusal, run } from './process.mjs';

const BIN = '/usr/lib/postgresql/15/bin';
const SUPERUSER = 'postgres';

/**
 * Starts it as a user who is not root. It listens on the loopback only and trusts whoever connects: there is nothing in
 * it but what the tests make.
 *
 * @param {Record<string, string>} settings of the server
 * @returns {Promise<{url: string, stop: () => void} | null>} null when there is no PostgreSQL 15 and none can be installed
 * @throws {Refusal} when there is one and it does not start
 */
export async function startPostgres15(settings) {
  const programs = ['initdb', 'pg_ctl', 'postgres'].map((program) => join(BIN, program));
  if (!(await ensureDebian(['postgresql-15'], programs))) return null;
  const owner = isRoot() ? await unprivilegedUser() : {};
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-pg15-'));
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const as = { ...owner, cwd: '/' };
  const data = join(folder, 'data');
  const remove = () => {
    spawnSync(join(BIN, 'pg_ctl'), ['stop', '-m', 'immediate', '-D', data], { ...as, stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  await must(run(join(BIN, 'initdb'), initOptions(data), as), 'create its data directory');
  const port = await freePort();
  const flags = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const options = Object.entries(flags)
    .map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`)
    .join(' ');
  const start = ['start', '-w', '-t', '60', '-D', data, '-l', join(folder, 'log'), '-o', options];
  await must(run(join(BIN, 'pg_ctl'), start, as), 'start');
  return {
    url: `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`,
    stop: () => {
      process.removeListener('exit', remove);
      remove();
    },
  };
}

function initOptions(data) {
  const order = ['--locale=C.UTF-8', '--encoding=UTF8'];
  return [`--pgdata=${data}`, `--username=${SUPERUSER}`, '--auth=trust', '--no-sync', '--no-instructions', ...order];
}

async function must(running, what) {
  const { code, output } = await running;
  if (code !== 0)
    throw new Refusal(`PostgreSQL 15 could not ${what}: ${output.trim().split('\n').slice(-3).join(' ')}`);
}
