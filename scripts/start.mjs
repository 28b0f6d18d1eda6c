/**
 * `npm start`: from a fresh clone to a running bureau. Installs, builds, starts a PostgreSQL, migrates, loads the
 * demonstration region into an empty database, starts the server and says how to sign in. Every step looks first and
 * does nothing when nothing changed, so a second start takes seconds.
 *
 * `npm start -- --scale 1:20` loads a larger region than the usual 1:200.
 *
 * Environment: PORT (3000), DATABASE_URL (a PostgreSQL ≥ 15 instead of the embedded one), DEMO_PASSWORD, and for the
 * region DEMO_SCALE, DEMO_SEED, DEMO_YEARS (see docs/demonstration.md).
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { databaseOf, inspectDatabase } from './lib/database.mjs';
import { DATA, isAlive, portIsFree, Refusal, ROOT, run, say } from './lib/process.mjs';
import { startServer, stopOrphan } from './lib/server.mjs';
import { checkNode, ensureConsoleBuilt, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';
import { demoPassword, signInHelp } from './lib/sign-in.mjs';

const LAUNCHER = join(DATA, 'launcher.pid');

/** One launcher for one clone: two would fight for one database and one port. */
function claimClone() {
  mkdirSync(DATA, { recursive: true });
  const other = existsSync(LAUNCHER) ? Number(readFileSync(LAUNCHER, 'utf8')) : 0;
  if (other > 0 && other !== process.pid && isAlive(other)) {
    throw new Refusal(`This clone is already running (process ${other}); stop that one first.`);
  }
  writeFileSync(LAUNCHER, `${process.pid}\n`);
  process.on('exit', () => rmSync(LAUNCHER, { force: true }));
}

function wantedPort() {
  const port = Number(process.env.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Refusal(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`);
  }
  return port;
}

/** Scale of the region that a first start loads: `--scale 1:20`, else DEMO_SCALE, else what `demo:load` takes by itself. */
function wantedScale() {
  let given;
  try {
    given = parseArgs({ options: { scale: { type: 'string' } } }).values.scale;
  } catch (error) {
    throw new Refusal(`${error.message}. npm start takes --scale 1:N only, e.g. npm start -- --scale 1:20.`);
  }
  const scale = given ?? process.env.DEMO_SCALE;
  if (scale === undefined || scale === '') return undefined;
  const divisor = /^1:([1-9]\d{0,3})$/.exec(scale)?.[1];
  if (divisor === undefined || Number(divisor) > 2000) {
    throw new Refusal(`The scale is "${scale}"; it is written 1:N with N from 1 to 2000, e.g. 1:200.`);
  }
  return scale;
}

/** Runs one command of the built CLI and shows what it says; its failure ends the start. */
async function cli(command, env) {
  const result = await run(process.execPath, [join(ROOT, 'dist', 'cli.js'), command], { cwd: ROOT, env, echo: true });
  if (result.code !== 0) throw new Refusal(`\`node dist/cli.js ${command}\` failed, see above.`);
}

async function start() {
  checkNode();
  const port = wantedPort();
  const scale = wantedScale();
  claimClone();
  await stopOrphan();
  if (!(await portIsFree(port, '0.0.0.0'))) {
    throw new Refusal(`Port ${port} is already taken; choose another one, e.g. PORT=${port + 1} npm start.`);
  }
  await ensurePackages();
  await ensureServerBuilt();
  await ensureConsoleBuilt();
  const database = await databaseOf(process.env.DATABASE_URL);
  if (database.where !== undefined) {
    say(`PostgreSQL ${database.reused ? 'was still running' : 'runs'}, its data is in ${database.where}.`);
  }
  const stopEarly = () => {
    void database.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', stopEarly);
  process.once('SIGTERM', stopEarly);
  try {
    const { waitsForDemonstration } = await inspectDatabase(database.url);
    const password = demoPassword(waitsForDemonstration);
    // The accounts of the demonstration have no authenticator app; whoever wants one sets it up, and then needs it.
    const env = { SECOND_FACTOR: 'optional', ...process.env, DATABASE_URL: database.url, PORT: String(port) };
    if (password.value !== undefined) env.DEMO_PASSWORD = password.value;
    if (scale !== undefined) env.DEMO_SCALE = scale;
    say('Bringing the database to the newest schema …');
    await cli('migrate', env);
    if (waitsForDemonstration) {
      say('Loading the demonstration region (this takes a minute or two) …');
      await cli('demo:load', { LOG_LEVEL: 'warn', ...env });
    }
    process.off('SIGINT', stopEarly);
    process.off('SIGTERM', stopEarly);
    const server = await startServer(port, env);
    say(signInHelp(port, password));
    process.exitCode = await server.ended;
  } finally {
    await database.stop();
  }
}

try {
  await start();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
