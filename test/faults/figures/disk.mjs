/** fsync that fails (F39): strace answers EIO to the checkpointer of a cluster of its own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDebian } from '../../../scripts/lib/debian.mjs';
import { clusterProcesses, onServer, ownCluster } from './databases.mjs';
import { BILLS_A_YEAR, difference, Hospital, modelYear } from './hospital.mjs';
import { People } from './http.mjs';
import { broken } from './invariants.mjs';
import { startServer } from './servers.mjs';
import { calendar, makeWorld, PASSWORD } from './world.mjs';

const LIMIT_MS = 60_000;

/** @returns {Promise<object|{skipped: string}>} whether PostgreSQL panicked, how long it was away, what was lost */
export async function failingFsync() {
  if (!(await ensureDebian(['strace'], ['strace']))) return { skipped: 'strace is not there and cannot be installed' };
  const cluster = await ownCluster('faults-fsync');
  try {
    const world = await makeWorld(cluster.url, { persons: 12 });
    const server = await startServer({ url: world.url, dataDir: world.dataDir });
    const { today } = await calendar();
    const hospital = new Hospital(new People(() => server.port, PASSWORD), today);
    const [undisturbed, ...persons] = world.persons;
    const model = await modelYear(hospital, undisturbed);
    const done = new Map([[undisturbed, { settled: BILLS_A_YEAR, reversed: 0 }]]);
    for (const personId of persons.slice(0, 5)) done.set(personId, await settledYear(hospital, personId));
    const began = performance.now();
    const panicked = await failOnce(cluster);
    if (panicked !== true) return { skipped: panicked };
    for (const personId of persons.slice(5)) done.set(personId, await settledYear(hospital, personId));
    const awayMs = performance.now() - began;
    const found = await difference(world, model, done, hospital.acknowledged);
    const invariants = await broken(world);
    await server.end('SIGTERM');
    await world.drop();
    return {
      ...found,
      faults: [...found.faults, ...hospital.strange],
      invariants,
      awayMs,
      statuses: hospital.counts(),
    };
  } finally {
    await cluster.stop();
  }
}

async function settledYear(hospital, personId) {
  await modelYear(hospital, personId);
  return { settled: BILLS_A_YEAR, reversed: 0 };
}

/** Makes the checkpointer's fsync fail until it has ended. @returns {Promise<true|string>} a reason when it cannot be done */
async function failOnce(cluster) {
  const checkpointer = clusterProcesses(cluster.data).find((pid) => nameOf(pid).includes('checkpointer'));
  if (checkpointer === undefined) return 'the checkpointer was not found';
  const child = spawn(
    'strace',
    ['-f', '-p', String(checkpointer), '-e', 'inject=fsync,fdatasync:error=EIO', '-o', '/dev/null'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk.toString()));
  const ended = new Promise((done) => child.once('close', done));
  const until = Date.now() + LIMIT_MS;
  while (!said.includes('attached')) {
    if (child.exitCode !== null || Date.now() > until) return `strace cannot attach: ${said.trim().slice(0, 200)}`;
    await sleep(50);
  }
  await onServer(cluster.url, (client) => client.query('CHECKPOINT')).catch(() => undefined);
  await ended;
  return true;
}

function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
