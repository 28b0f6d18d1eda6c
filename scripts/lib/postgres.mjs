/**
 * `initdb` and `pg_ctl`, so that it outlives a killed launcher and is found again by the next one.
import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statfsSync,
  writeFileSync,
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const MINIMUM_FREE_BYTES = 600 * 1024 * 1024;
/**
 * @property {number} port loopback port
 * @property {string} password of the superuser `postgres`
 * @property {(database: string) => string} url connection URL of a database
 */
/**
 *
 * @param {{port?: number, password?: string, settings?: Record<string, string>}} options
 * @throws {Refusal} when it cannot be started, with the reason in one sentence
export async function startEmbedded(name, options = {}) {
  checkDisk(place.home);
  if (!existsSync(join(place.data, 'PG_VERSION'))) await initialise(place, password);
  const port = running ?? (await choosePort(name, options.port));
  return {
    data: place.data,
    reused: running !== null,
    stop: () => stop(place),
}
/** Stops the server of a data directory if it runs. Returns whether it did. */
  const place = await choosePlace(name);
  await stop(place);
}
/**
 * user; when that user cannot reach the clone (a clone below /root), a copy of the binaries and the data
 */
  const binaries = await packagedBinaries();
  if (!isRoot()) {
      owner: {},
      binaries,
      log: join(DATA, `${name}.log`),
  }
  const reachable = await run(join(binaries, 'bin', 'postgres'), ['--version'], { ...owner, cwd: '/' });
  if (reachable.code === 0 && !existsSync(pointer)) return placeIn(DATA, name, owner, binaries);
  const copy = join(home, 'postgresql');
    say(`PostgreSQL may not run as root and its user cannot read ${ROOT}; it will live in ${home}.`);
    cpSync(binaries, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
  }
  writeFileSync(pointer, `${home}\n`);
}
function placeIn(home, name, owner, binaries) {
}
/** A new name each time, so that a clone made again at the same path never meets the data of its predecessor. */
  if (existsSync(join(DATA, name, 'PG_VERSION'))) {
  }
}
/** The `native` folder of the platform package that npm installed. */
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const { postgres } = await import(pathToFileURL(require.resolve(wanted)).href);
  } catch {
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (npm package ${wanted}); ` +
    );
}
/** npm may refuse to run the package's install script, which makes these links; made here it needs no approval. */
  const list = join(binaries, 'pg-symlinks.json');
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const wanted = relative(dirname(target), source);
    rmSync(link, { force: true });
  }

  try {
  } catch {
  }

async function unprivilegedUser() {
  if (known !== null) return known;
  if (own !== null) return own;
  const created = await run('useradd', args);
  if (user === null) {
      'PostgreSQL may not run as root and no other user could be found or made; start as a normal user or set DATABASE_URL.',
  }
}
async function userIds(name) {
  const gid = await run('id', ['-g', name]);
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) };

  mkdirSync(home, { recursive: true });
  if (bavail * bsize < MINIMUM_FREE_BYTES) {
      `The disk of ${home} has only ${Math.floor((bavail * bsize) / 1048576)} MB free; the database needs at least 600 MB.`,
  }

  const file = join(DATA, `${name}.password`);
  if (!existsSync(file)) {
  }
}
async function choosePort(name, fixed) {
    if (await portIsFree(fixed)) return fixed;
  }
  const remembered = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  writeFileSync(file, `${port}\n`);
}
async function initialise(place, password) {
  const passwordFile = join(place.home, `initdb-${process.pid}.pw`);
  if (place.owner.uid !== undefined) {
    chownSync(passwordFile, place.owner.uid, place.owner.gid);
  const result = await run(
    [
      `--username=${SUPERUSER}`,
      '--auth=scram-sha-256',
      // The built-in provider orders text the same on every machine, whatever locales it has.
      '--locale=C.UTF-8',
      '--lc-ctype=C',
      '--no-instructions',
    { ...place.owner, cwd: '/' },
  rmSync(passwordFile, { force: true });
    rmSync(place.data, { recursive: true, force: true });
  }

async function runningPort(place) {
  if (!existsSync(pidFile)) return null;
  if (status.code !== 0) return null;
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    await sleep(100);
  throw new Refusal(`The database in ${place.data} has been starting for 10 seconds; see ${place.log}.`);

  const tool = join(place.binaries, 'bin', 'pg_ctl');
}
async function launch(place, port, settings) {
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '256MB',
    jit: 'off',
  };
    .map(([key, value]) => `-c ${key}=${value === '' ? "''" : value}`)
  // The postmaster keeps its standard output for life, so it gets the log file and never a pipe of ours.
  if (place.owner.uid !== undefined) chownSync(place.log, place.owner.uid, place.owner.gid);
  const args = ['start', '-w', '-t', '60', '-D', place.data, '-o', text];
    ...place.owner,
    stdio: ['ignore', log, log],
  const code = await new Promise((done) => {
    child.on('close', (status) => done(status ?? 1));
  closeSync(log);
    throw new Refusal(`PostgreSQL did not start: ${lastLine(readFileSync(place.log, 'utf8'))} (log: ${place.log})`);
}
async function stop(place) {
  if (result.code !== 0 && (await runningPort(place)) !== null) {
  }

  return text.trim().split('\n').at(-1) ?? '';
