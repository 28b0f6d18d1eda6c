/** Servers and commands of a build, in processes of their own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort, Refusal, run, sleep } from './process.mjs';

const READY_LIMIT_MS = 60_000;

/** Settings of the trials: accounts without a second factor, no timers, keys in a folder of their own. */
export function trialEnv(databaseUrl, dataDir, more = {}) {
  const env = { ...process.env, NODE_OPTIONS: '' };
  delete env.MIGRATE_DATABASE_URL;
  return {
    ...env,
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, SECOND_FACTOR: 'optional', SCHEDULES: 'off', LOG_LEVEL: 'warn' },
    ...more,
  };
}

/** A command of a build's command line; throws when it fails. */
export async function command(root, env, ...args) {
  const result = await run(process.execPath, [join(root, 'dist', 'cli.js'), ...args], { cwd: root, env });
  if (result.code !== 0) throw new Refusal(`${args.join(' ')} failed:\n${result.output.trim().slice(-3000)}`);
  return result.output;
}

/** The small region of trial-region.mjs, made by the code of a build. */
export async function makeRegion(root, env, persons, password) {
  const script = join(import.meta.dirname, 'trial-region.mjs');
  const result = await run(process.execPath, [script, root, String(persons), password], { cwd: root, env });
  if (result.code !== 0) throw new Refusal(`the region could not be made:\n${result.output.trim().slice(-3000)}`);
  return JSON.parse(result.output.trim().split('\n').at(-1));
}

/** Starts a server of a build; resolves when it says that it is ready. */
export async function startServerOf(root, env) {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    cwd: root,
    env: { ...env, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const log = () => Buffer.concat(chunks).toString();
  const ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Refusal(`the server did not become ready:\n${log().slice(-3000)}`);
    }
    await sleep(100);
  }
  return {
    url,
    log,
    kill: () => child.kill('SIGKILL'),
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

export async function isReady(url) {
  try {
    return (await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
