/** The server process that the launcher watches. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, isAlive, Refusal, ROOT, run, say, sleep } from './process.mjs';

const PID_FILE = join(DATA, 'server.pid');
const LOG = join(DATA, 'server.log');
const MAIN = join(ROOT, 'dist', 'main.js');
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** Ends the server that a killed launcher left behind; it still holds the port. */
export async function stopOrphan() {
  if (!existsSync(PID_FILE)) return;
  const pid = Number(readFileSync(PID_FILE, 'utf8'));
  if (pid > 0 && isAlive(pid) && (await commandOf(pid)).includes(MAIN)) {
    say(`Ending the server of an interrupted launcher (process ${pid}) …`);
    await endProcess(pid);
  }
  rmSync(PID_FILE, { force: true });
}

/** A process id may have been given to somebody else meanwhile; its command line tells. */
async function commandOf(pid) {
  const result = await run('ps', ['-o', 'args=', '-p', String(pid)]);
  if (result.code === 0) return result.output;
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
}

async function endProcess(pid) {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < STOP_LIMIT_MS && isAlive(pid); waited += 100) await sleep(100);
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

/**
 * Starts `node dist/main.js`, its log in .data/server.log, and waits until it says it is ready. Ctrl-C and SIGTERM are passed on to it.
 *
 * @returns {Promise<{ended: Promise<number>}>} `ended` resolves with its exit code
 */
export async function startServer(port, env) {
  const log = openSync(LOG, 'a', 0o600);
  const child = spawn(process.execPath, [MAIN], { cwd: ROOT, env, stdio: ['ignore', log, log] });
  closeSync(log);
  writeFileSync(PID_FILE, `${child.pid}\n`);
  const ended = new Promise((done) => {
    child.on('error', () => done(1));
    child.on('close', (code) => done(code ?? 1));
  });
  const passOn = () => {
    say('Stopping …');
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS).unref();
  };
  process.once('SIGINT', passOn);
  process.once('SIGTERM', passOn);
  process.once('SIGHUP', passOn);
  void ended.then(() => rmSync(PID_FILE, { force: true }));
  await ready(port, child);
  return { ended };
}

async function ready(port, child) {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Refusal(`The server ended before it was ready:\n${logEnd()}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal: AbortSignal.timeout(2000) });
      if (answer.ok) return;
    } catch {
      // Nothing listens yet.
    }
    await sleep(150);
  }
  child.kill('SIGKILL');
  throw new Refusal(`The server was not ready after ${READY_LIMIT_MS / 1000} seconds:\n${logEnd()}`);
}

function logEnd() {
  return readFileSync(LOG, 'utf8').trim().split('\n').slice(-12).join('\n');
}
