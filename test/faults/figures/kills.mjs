/** kill -9 of the server, and of PostgreSQL, while hospitals settle. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownCluster } from './databases.mjs';
import { diceOf } from './dice.mjs';
import { BILLS_A_YEAR, difference, Hospital, modelYear } from './hospital.mjs';
import { People, send } from './http.mjs';
import { broken } from './invariants.mjs';
import { unexplainedErrors } from './random-faults.mjs';
import { startServer } from './servers.mjs';
import { calendar, makeWorld, PASSWORD } from './world.mjs';

const WORKERS = 8;
const DOWN_MS = 400;
const PROBE_MS = 40;

/** Settles bills without a pause until told to stop; every person has the same year, again and again new persons. */
class Load {
  done = new Map();
  stopped = false;

  constructor(world, hospital, model) {
    Object.assign(this, { world, hospital, model, left: [...world.persons] });
    const [undisturbed] = this.left.splice(0, 1);
    this.done.set(undisturbed, { settled: BILLS_A_YEAR, reversed: 0 });
  }

  start() {
    this.work = Promise.all(Array.from({ length: WORKERS }, () => this.#worker()));
  }

  async stop() {
    this.stopped = true;
    await this.work;
    return difference(this.world, this.model, this.done, this.hospital.acknowledged);
  }

  async #worker() {
    while (!this.stopped && this.left.length > 0) {
      const personId = this.left.shift();
      const state = { settled: 0, reversed: 0 };
      this.done.set(personId, state);
      for (let ordinal = 0; ordinal < BILLS_A_YEAR && !this.stopped; ordinal += 1) {
        const answer = await this.hospital.settle(this.hospital.bill(personId, ordinal));
        if (answer !== undefined) state.settled += 1;
      }
    }
  }
}

/**
 * Two replicas; each is killed at a random moment, started again, and so on.
 * @returns {Promise<object>} kills, differences, the longest time from start to ready
 */
export async function serverKills({ serverUrl, kills, seed }) {
  const dice = diceOf(seed);
  const world = await makeWorld(serverUrl, { persons: 60 + kills * 25 });
  const start = (port) => startServer({ url: world.url, dataDir: world.dataDir, port });
  const replicas = [await start(), await start()];
  try {
    const { load, hospital } = await loadOn(world, replicas);
    load.start();
    let killed = 0;
    let slowest = 0;
    const fire = async (index) => {
      while (killed < kills) {
        killed += 1;
        await sleep(50 + dice.roll(350));
        const { port } = replicas[index];
        await replicas[index].end('SIGKILL');
        replicas[index] = await start(port);
        slowest = Math.max(slowest, replicas[index].readyMs);
      }
    };
    await Promise.all([fire(0), fire(1)]);
    const found = await load.stop();
    const invariants = await broken(world);
    const faults = [...found.faults, ...hospital.strange];
    return {
      ...found,
      faults,
      killed,
      invariants,
      slowestMs: slowest,
      bills: hospital.acknowledged.length,
      statuses: hospital.counts(),
    };
  } finally {
    for (const server of replicas) await server.end('SIGKILL');
    await world.drop();
  }
}

async function loadOn(world, replicas) {
  const { today } = await calendar();
  let turn = 0;
  const people = new People(() => replicas[(turn += 1) % replicas.length].port, PASSWORD);
  const hospital = new Hospital(people, today);
  const model = await modelYear(hospital, world.persons[0]);
  return { load: new Load(world, hospital, model), hospital, people };
}

/**
 * A cluster of its own with fsync on, killed as a whole under load; the servers stay up, say 503 and go on.
 * @returns {Promise<object>}
 */
export async function postgresKills({ kills, seed }) {
  const dice = diceOf(seed);
  const cluster = await ownCluster('faults-pg');
  try {
    const world = await makeWorld(cluster.url, { persons: 100 + kills * 40 });
    const start = () => startServer({ url: world.url, dataDir: world.dataDir });
    const replicas = [await start(), await start()];
    const { load, hospital, people } = await loadOn(world, replicas);
    const watch = { down: new Map(), faults: [], slowestMs: 0, killed: 0 };
    load.start();
    for (let round = 0; round < kills; round += 1) {
      await sleep(200 + dice.roll(500));
      await oneKill(cluster, people, replicas, watch);
    }
    const found = await load.stop();
    const invariants = await broken(world);
    const dead = replicas.filter(({ alive }) => !alive).map(({ pid }) => `server ${pid} ended`);
    const errors = replicas.flatMap(unexplainedErrors);
    for (const server of replicas) await server.end('SIGTERM');
    await world.drop();
    const faults = [...found.faults, ...hospital.strange, ...watch.faults, ...dead, ...errors];
    return { ...found, ...watch, faults, invariants, bills: hospital.acknowledged.length, statuses: hospital.counts() };
  } finally {
    await cluster.stop();
  }
}

async function oneKill(cluster, people, replicas, watch) {
  const headers = await people.headers('provider');
  await cluster.kill();
  watch.killed += 1;
  const until = Date.now() + DOWN_MS;
  while (Date.now() < until) {
    for (const { port } of replicas) {
      const answer = await send(port, 'GET', '/api/v1/settlements?limit=1', { headers });
      watch.down.set(answer.status, (watch.down.get(answer.status) ?? 0) + 1);
      if (answer.status !== 503 || answer.headers['retry-after'] === undefined) {
        watch.faults.push(`while PostgreSQL was down: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    await sleep(PROBE_MS);
  }
  const began = performance.now();
  await cluster.start();
  for (const { baseUrl } of replicas) await readyAgain(baseUrl);
  watch.slowestMs = Math.max(watch.slowestMs, performance.now() - began);
}

async function readyAgain(baseUrl) {
  for (;;) {
    const answer = await fetch(`${baseUrl}/api/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(20);
  }
}
