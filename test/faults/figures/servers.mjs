/** Servers in processes of their own: of the normal build, the build with failpoints or a broken twin. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, ROOT } from '../../../scripts/lib/process.mjs';

const READY_LIMIT_MS = 60_000;

/**
 * @typedef {object} Server
 * @property {string} baseUrl
 * @property {number} port
 * @property {number} pid
 * @property {number} readyMs from spawn to ready
 * @property {boolean} alive
 * @property {() => string} logs stdout and stderr so far
 * @property {(signal: string) => Promise<void>} end sends a signal and waits for the end
 * @property {(fault: {site: string, hit: number, fault: string, ms?: number}) => Promise<void>} arm
 * @property {() => Promise<number>} disarm how many armed faults had not fired
 * @property {() => Promise<Record<string, number>>} hits how often each failpoint was reached since the last question
 * @property {(ask: string) => Promise<Record<string, unknown>>} ask a question to the preloaded module
 */

/**
 * @param {{build?: string, url: string, dataDir: string, env?: Record<string, string>, port?: number, preload?: string}} given
 * @returns {Promise<Server>} when it is ready
 */
export async function startServer({ build = 'dist', url, dataDir, env = {}, port: wanted, preload }) {
  const port = wanted ?? (await freePort());
  const began = performance.now();
  const args = [...(preload === undefined ? [] : ['--import', preload]), join(ROOT, build, 'main.js')];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      ...{ NODE_OPTIONS: '', NODE_ENV: 'test', LOG_LEVEL: 'error', SCHEDULES: 'off', HOST: '127.0.0.1' },
      // A busy machine is no fault of the server's: what the promise on the pool measures sets its own.
      ...{
        DB_WAIT_MS: '2000',
        SECOND_FACTOR: 'optional',
        DATABASE_URL: url,
        DATA_DIR: dataDir,
        PORT: String(port),
        ...env,
      },
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const server = { baseUrl: `http://127.0.0.1:${port}`, port, pid: child.pid, alive: true, readyMs: 0 };
  attach(server, child);
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady(server.baseUrl))) {
    if (!server.alive || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the server of ${build} did not become ready:\n${server.logs().slice(-3000)}`);
    }
    await sleep(50);
  }
  server.readyMs = performance.now() - began;
  return server;
}

function attach(server, child) {
  const chunks = [];
  const take = (chunk) => chunks.push(chunk);
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const waiting = new Map();
  const ended = new Promise((done) => {
    child.once('close', () => {
      server.alive = false;
      for (const answer of waiting.values()) answer({});
      done();
    });
  });
  child.on('error', () => undefined);
  child.on('message', (message) => {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let last = 0;
  const ask = (question, given = {}) =>
    new Promise((done) => {
      if (!server.alive || !child.connected) return done({});
      last += 1;
      waiting.set(last, done);
      child.send({ id: last, ask: question, ...given }, (error) => {
        if (error !== null) done({});
      });
    });
  Object.assign(server, {
    logs: () => Buffer.concat(chunks).toString(),
    ended,
    end: async (signal) => {
      if (!server.alive) return;
      child.kill(signal);
      await ended;
    },
    signal: (name) => child.kill(name),
    arm: (fault) => ask('arm', { fault }),
    disarm: async () => (await ask('disarm')).left ?? 0,
    hits: async () => (await ask('hits')).hits ?? {},
    ask,
  });
}

async function isReady(baseUrl) {
  try {
    return (await fetch(`${baseUrl}/api/health/ready`, { signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}
