import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
const START_LIMIT_MS = 60_000;

/** A server in a process of its own, to be run beside another one or to be killed. */
export interface ServerProcess {
  readonly baseUrl: string;
  readonly pid: number;
  /** Everything it has written to stdout and stderr so far. */
  logs(): string;
  /** Sends a signal and waits for the end; `SIGKILL` is the fault, `SIGTERM` the orderly way. Returns the exit code. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/**
 * Spawns the built server (`node dist/main.js`, so the build must be fresh) and waits until it is ready.
 *
 * @throws Error with the end of its log when it exits or is not ready within 60 seconds
 */
export async function spawnServer(databaseUrl: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const port = await freePort();
  const { child, logs, ended } = spawnNode(['dist/main.js'], { PORT: String(port), DATABASE_URL: databaseUrl, ...env });
  const baseUrl = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isReady(baseUrl))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The server did not become ready:\n${logs().slice(-4000)}`);
    }
    await sleep(100);
  }
  return {
    baseUrl,
    pid: child.pid ?? 0,
    logs,
    end: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

function spawnNode(
  args: readonly string[],
  env: Record<string, string>,
): { child: ChildProcess; logs: () => string; ended: Promise<number | null> } {
  const script = join(ROOT, args[0] ?? '');
  if (!existsSync(script)) throw new Error(`${script} is missing; build first (npm run build)`);
  const chunks: Buffer[] = [];
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<number | null>((done) =>
    child.once('close', (code) => {
      done(code);
    }),
  );
  return { child, logs: () => Buffer.concat(chunks).toString(), ended };
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${baseUrl}/api/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        done(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
