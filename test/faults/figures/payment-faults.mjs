/**
 * Faults in the month settlement, the annual clearing and the payment orders: at a failpoint on their way the work fails,
 * loses its connection or its process; people and the other replica go on; the rows must be those of a run that nobody
 * disturbed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apart, booksOf } from './books.mjs';
import { onServer } from './databases.mjs';
import { diceOf } from './dice.mjs';
import { People } from './http.mjs';
import { broken } from './invariants.mjs';
import { makePaymentWorld } from './payment-world.mjs';
import { kindsFor, unexplainedErrors } from './random-faults.mjs';
import { advanceScenario, clearingScenario, Stuck } from './scenario.mjs';
import { startServer } from './servers.mjs';
import { PASSWORD } from './world.mjs';

const SCENARIOS = { advance: advanceScenario, clearing: clearingScenario };
const USERS = ['clerk', 'reviewer', 'approver'];
const RENEW_MS = 400_000;
const KILLS = ['kill-before', 'kill-after'];

/**
 * @param {{serverUrl: string, sites: object[], build: string, what: 'advance'|'clearing', cases: number, kills: number,
 *   every?: boolean, seed: number, untilDifferent?: boolean}} given `cases` failpoints (Infinity = each once; with `every`
 *   each with each kind of fault), `kills` of them with SIGKILL; `untilDifferent` stops at the first difference
 */
export async function paymentFaults(given) {
  const world = await makePaymentWorld(given.serverUrl, { wholeYear: given.what === 'clearing' });
  const logs = mkdtempSync(join(tmpdir(), 'tongchou-faults-log-'));
  const stage = new Stage(given, world, join(logs, 'faults.log'));
  writeFileSync(stage.log, '');
  try {
    await stage.open();
    return await stage.play();
  } finally {
    await stage.close();
    rmSync(logs, { recursive: true, force: true });
    await world.drop();
  }
}

/** Two replicas on a database that is put back to where it was after every case. */
class Stage {
  servers = [];
  errors = [];
  result = { cases: 0, fired: 0, killed: 0, fen: 0n, differences: [], stuck: 0, faulted: new Set(), reached: [] };

  constructor(given, world, log) {
    Object.assign(this, { given, world, log, name: new URL(world.url).pathname.slice(1), signedIn: 0 });
    this.kept = `${this.name}_kept`;
    this.stable = new Set([...Object.values(world.institutions).flat(), ...world.persons]);
    this.people = new People(() => this.serving().port, PASSWORD);
  }

  async open() {
    this.servers = [await this.#start(), await this.#start()];
    await this.#renew();
  }

  async close() {
    for (const server of this.servers) await server.end('SIGKILL');
    await onServer(this.given.serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${this.kept} WITH (FORCE)`));
  }

  #start() {
    const { url, dataDir } = this.world;
    const env = { FAULTS_LOG: this.log, JOB_LEASE_MS: '1000' };
    return startServer({ build: this.given.build, url, dataDir, env });
  }

  /** The first replica that lives; the second one takes over when it was killed. */
  serving() {
    return this.servers.find((server) => server.alive) ?? this.servers[0];
  }

  async play() {
    const { seed, cases, kills, every = false, sites, untilDifferent = false } = this.given;
    const dice = diceOf(seed);
    await this.#scenario();
    const counts = await this.servers[0].hits();
    this.wanted = await booksOf(this.world.url, this.stable);
    const reached = sites.filter(({ id }) => counts[id] !== undefined);
    this.result.reached = reached;
    const plan = planOf(shuffled(reached, dice), { cases, kills, every, dice });
    for (const { site, fault } of plan) {
      await this.#case(site, fault, 1 + dice.roll(Math.min(counts[site.id], 3)));
      if (untilDifferent && this.result.fen > 0n) break;
    }
    this.result.errors = this.errors;
    return { ...this.result, planned: plan.length };
  }

  async #case(site, fault, hit) {
    const { result } = this;
    await this.#restore();
    const [target] = this.servers;
    await target.arm({ site: site.id, hit, fault, ms: 30 });
    let stuck;
    try {
      await this.#scenario();
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      stuck = error.message;
      result.stuck += 1;
    }
    const left = target.alive ? await target.disarm() : 0;
    result.cases += 1;
    if (left === 0) {
      result.fired += 1;
      result.faulted.add(site.id);
    }
    if (!target.alive) {
      result.killed += 1;
      this.servers = [this.servers[1], await this.#start()];
      this.errors.push(...unexplainedErrors(target));
    }
    await this.#compare(`${fault} at ${site.id}, hit ${hit}`, stuck);
  }

  async #compare(name, stuck) {
    const { result } = this;
    const { fen, rows } = apart(this.wanted, await booksOf(this.world.url, this.stable));
    const invariants = await broken(this.world);
    result.fen += fen;
    if (fen === 0n && rows.length === 0 && invariants.length === 0 && stuck === undefined) return;
    const why = [...(stuck === undefined ? [] : [`stuck: ${stuck}`]), ...invariants, ...rows.slice(0, 4)];
    result.differences.push(`${name}: ${fen} fen, ${rows.length} rows; ${why.join(' · ')}`);
  }

  #scenario() {
    return SCENARIOS[this.given.what]({
      people: this.people,
      world: this.world,
      // What is believed to be at work is waited for; here the clock of its lease is moved on instead.
      letTimePass: () =>
        onServer(this.world.url, (client) =>
          client.query(`UPDATE job_run SET lease_until = now() - interval '1 second' WHERE state = 'running'`),
        ),
    });
  }

  async #restore() {
    await onServer(this.given.serverUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${this.name} TEMPLATE ${this.kept}`);
    });
    if (Date.now() - this.signedIn > RENEW_MS) await this.#renew();
  }

  /** Keeps the database as it is now, with everybody signed in, as what every case begins with. */
  async #renew() {
    for (const user of USERS) {
      this.people.forget(user);
      await this.people.headers(user);
    }
    this.signedIn = Date.now();
    await onServer(this.given.serverUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${this.kept} WITH (FORCE)`);
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [this.name]);
      await client.query(`CREATE DATABASE ${this.kept} TEMPLATE ${this.name}`);
    });
  }
}

function planOf(sites, { cases, kills, every, dice }) {
  const plan = every
    ? sites.flatMap((site) => kindsFor(site).map((fault) => ({ site, fault })))
    : sites
        .slice(0, cases)
        .map((site) => ({ site, fault: dice.pick(kindsFor(site).filter((kind) => kind !== 'delay')) }));
  const killed = shuffled(sites, dice).slice(0, every ? sites.length : kills);
  return [...plan, ...killed.map((site) => ({ site, fault: dice.pick(KILLS) }))];
}

function shuffled(values, dice) {
  const copy = [...values];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = dice.roll(at + 1);
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}
