/**
 * Small helpers of the launch scripts. Node built-ins only: they run before `npm ci`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything the machine keeps and git does not: databases, passwords, logs, build marks. */
export const DATA = join(ROOT, '.data');

/** A refusal that is explained in one sentence; the launcher prints the message without a stack. */
export class Refusal extends Error {}

/** Prints one line of progress. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** True when the process runs with the rights of root (never on Windows). */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * Runs a command to its end.
 *
 * @param {string} command program
 * @param {string[]} args arguments
 * @param {{cwd?: string, env?: Record<string, string|undefined>, uid?: number, gid?: number, echo?: boolean}} options
 *   `echo` passes the output on to the terminal as it comes.
 * @returns {Promise<{code: number, output: string}>} the exit code (127 when the program is missing) and stdout + stderr
 */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    const { echo = false, env = process.env, ...rest } = options;
    // Colours are for terminals; what is captured here is read line by line.
    const child = spawn(command, args, { ...rest, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    const take = (stream) => (chunk) => {
      chunks.push(chunk);
      if (echo) stream.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    child.on('error', (error) => done({ code: 127, output: String(error.message) }));
    child.on('close', (code) => done({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** The npm that started this script, or the one on the PATH; scarf's install telemetry is switched off. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  const env = { ...process.env, SCARF_ANALYTICS: 'false' };
  delete env.NODE_ENV;
  return cli?.endsWith('.js') === true
    ? run(process.execPath, [cli, ...args], { ...options, env })
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { ...options, env });
}

/** True when nothing listens on the loopback port. */
export function portIsFree(port, host = '127.0.0.1') {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, host, () => probe.close(() => done(true)));
  });
}

/** A loopback port that the operating system just called free. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist', '.data'].includes(entry.name))
    .flatMap((entry) => filesBelow(join(path, entry.name)));
}

/** One digest over the names and contents of files and folders; it changes when any of them does. */
export function hashOf(...paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(path).sort()) {
      hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** True when a process with this id exists (whoever owns it). */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits. Milliseconds. */
export function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
