/** Databases of the suite: on the test server, and clusters of their own that may be killed. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded } from '../../../scripts/lib/postgres.mjs';
import { isAlive, ROOT } from '../../../scripts/lib/process.mjs';

const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
const SAFE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_connections: '100' };

let made = 0;

/** The server of TEST_DATABASE_URL, or the embedded one of the tests. */
export async function testServer() {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  const server = await startEmbedded('test-pg', { settings: FAST });
  return { url: server.url('postgres'), stop: server.reused ? () => Promise.resolve() : server.stop };
}

/**
 * A cluster that keeps what it acknowledges (fsync on) and may be killed.
 * @returns {Promise<{url: string, data: string, kill: () => Promise<number>, start: () => Promise<void>, stop: () => Promise<void>}>}
 *   `kill` ends the postmaster and every process of it with SIGKILL and returns how many
 */
export async function ownCluster(name, settings = {}) {
  const start = () => startEmbedded(name, { settings: { ...SAFE, ...settings } });
  const first = await start();
  return {
    url: first.url('postgres'),
    data: first.data,
    kill: () => killCluster(first.data),
    start: async () => void (await start()),
    stop: first.stop,
  };
}

/** Process ids of the postmaster and its children; the postmaster comes first. */
export function clusterProcesses(data) {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return [];
  const postmaster = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return [
    postmaster,
    ...readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === postmaster)
      .map(Number),
  ];
}

async function killCluster(data) {
  const pids = clusterProcesses(data);
  for (const pid of pids) kill(pid);
  while (pids.some((pid) => isAlive(pid) && !isZombie(pid))) await sleep(10);
  // Where nobody reaps the dead (a container without init), they would pass for a running server.
  rmSync(join(data, 'postmaster.pid'), { force: true });
  return pids.length;
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function parentOf(pid) {
  return Number(statOf(pid)?.[1] ?? 0);
}

function isZombie(pid) {
  return (statOf(pid)?.[0] ?? 'Z') === 'Z';
}

/** State and parent of a process, from what follows its name in /proc/PID/stat. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Makes a database with the newest schema; the name tells the process, so that a killed run is tidied up later. */
export async function makeDatabase(serverUrl) {
  made += 1;
  const name = `tc_clone_${process.pid}_${Date.now().toString(36)}_f${made}`;
  await onServer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  const url = urlOf(serverUrl, name);
  const { migrateDatabase } = await import(join(ROOT, 'dist/data-source.js'));
  await migrateDatabase(url);
  return {
    name,
    url,
    drop: () => onServer(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

export function urlOf(serverUrl, database) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** A connection to a database for one piece of work. */
export async function onServer(url, work) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
