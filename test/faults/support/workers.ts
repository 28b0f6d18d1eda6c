import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SCRIPT = resolve(import.meta.dirname, 'job-worker.mjs');
const BUILT = resolve(import.meta.dirname, '../../../dist/common/jobs/index.js');

/** A job worker in a process of its own. */
export interface Worker {
  readonly process: ChildProcess;
  /** What it has said so far. */
  events(): Record<string, unknown>[];
  /** Resolves when an event of this name was said; fails when the process ends before. */
  saw(name: string, value?: unknown): Promise<void>;
  /** The exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
}

/** Spawns `job-worker.mjs` on a database. */
export function spawnWorker(args: readonly string[], databaseUrl: string, env: Record<string, string> = {}): Worker {
  if (!existsSync(BUILT)) throw new Error('the server is not built; run `npm run build` first');
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl, DB_POOL: '4', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<number | null>((done) => {
    child.once('close', (code) => {
      done(code);
    });
  });
  const events = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    process: child,
    events,
    ended,
    saw: async (name, value) => {
      while (!events().some((event) => name in event && (value === undefined || event[name] === value))) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`worker ended early: ${errors}`);
        await sleep(5);
      }
    },
  };
}
