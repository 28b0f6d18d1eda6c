/** Random faults in settlement, over HTTP against two replicas of the build with failpoints; and its broken twin. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diceOf } from './dice.mjs';
import { BILLS_A_YEAR, difference, Hospital, modelYear } from './hospital.mjs';
import { People } from './http.mjs';
import { broken } from './invariants.mjs';
import { startServer } from './servers.mjs';
import { calendar, makeWorld, PASSWORD } from './world.mjs';

const WORKERS = 8;
const KINDS = ['throw-before', 'throw-after', 'terminate', 'cut', 'lose-reply', 'delay'];
/** Every third person's last bill is taken back. */
const TAKEN_BACK = 3;

/** A connection cannot refuse to be given back: an error there would be one of the harness, not of the world. */
export function kindsFor({ text }) {
  return /^runner\.release\(\)$/.test(text) ? KINDS.filter((kind) => kind !== 'throw-before') : KINDS;
}

/**
 * @param {{serverUrl: string, sites: object[], build: string, faults: number, seed: number}} given
 * @returns {Promise<object>} what was seen: faults fired, differences, sites reached and faulted
 */
export async function randomFaults({ serverUrl, sites, build, faults, seed }) {
  const dice = diceOf(seed);
  const persons = Math.ceil((faults / BILLS_A_YEAR) * 1.6) + WORKERS + 2;
  const world = await makeWorld(serverUrl, { persons });
  const logs = mkdtempSync(join(tmpdir(), 'tongchou-faults-log-'));
  const log = join(logs, 'faults.log');
  writeFileSync(log, '');
  const open = () => startServer({ build, url: world.url, dataDir: world.dataDir, env: { FAULTS_LOG: log } });
  const servers = [];
  try {
    for (let replica = 0; replica < 2; replica += 1) servers.push(await open());
    const run = await storm({ world, servers, dice, faults, sites, log });
    return { ...run, seed, invariants: await broken(world), ...tally(log) };
  } finally {
    for (const server of servers) await server.end('SIGKILL');
    rmSync(logs, { recursive: true, force: true });
    await world.drop();
  }
}

async function storm({ world, servers, dice, faults, sites, log }) {
  const { today } = await calendar();
  let turn = 0;
  const people = new People(() => servers[(turn += 1) % servers.length].port, PASSWORD);
  const hospital = new Hospital(people, today);
  const [undisturbed, ...persons] = world.persons;
  const model = await modelYear(hospital, undisturbed);
  const reached = await sitesOf(servers, sites, () => modelAgain(hospital, persons.shift()));
  const done = new Map([[undisturbed, { settled: BILLS_A_YEAR, reversed: 0 }]]);
  let armed = 0;
  const fired = () => faultsIn(log).length;
  let enough = false;
  const worker = async (chance) => {
    while (!enough && persons.length > 0) {
      const personId = persons.shift();
      const state = { settled: 0, reversed: 0 };
      done.set(personId, state);
      let last;
      for (let ordinal = 0; ordinal < BILLS_A_YEAR; ordinal += 1) {
        const site = chance.pick(reached);
        const server = servers[chance.roll(servers.length)];
        await server.arm({ site: site.id, hit: 1, fault: chance.pick(kindsFor(site)), ms: chance.roll(30) });
        armed += 1;
        last = await hospital.settle(hospital.bill(personId, ordinal));
        if (last !== undefined) state.settled += 1;
        compare(hospital, model[ordinal], last);
      }
      if (last !== undefined && chance.roll(TAKEN_BACK) === 0 && (await hospital.reverse(last.id))) state.reversed = 1;
      if (armed % 4 === 0) enough = fired() >= faults;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, () => worker(dice.fork())));
  for (const server of servers) await server.disarm();
  const { fen, faults: found, lost } = await difference(world, model, done, hospital.acknowledged);
  const unexplained = servers.flatMap(unexplainedErrors);
  const bills = [...done.values()].reduce((sum, { settled }) => sum + settled, 0);
  return {
    bills,
    fen,
    lost,
    faults: [...found, ...hospital.strange, ...unexplained],
    statuses: hospital.counts(),
    reached,
  };
}

function compare(hospital, wanted, got) {
  if (got === undefined || (got.total === wanted.total && got.fund === wanted.fund)) return;
  hospital.strange.push(`settlement ${got.id} paid ${got.fund}, undisturbed it would be ${wanted.fund}`);
}

async function modelAgain(hospital, personId) {
  await modelYear(hospital, personId);
  const bill = await hospital.settle(hospital.bill(personId, 1));
  await hospital.reverse(bill.id);
}

/** The failpoints on the way of a settlement and a reversal, found by walking it. */
async function sitesOf(servers, sites, walk) {
  for (const server of servers) await server.hits();
  await walk();
  const seen = new Set();
  for (const server of servers) for (const id of Object.keys(await server.hits())) seen.add(id);
  return sites.filter(({ id }) => seen.has(id));
}

/** Answers of 500 that were not caused by an injected error itself. */
export function unexplainedErrors(server) {
  return server
    .logs()
    .split('\n')
    .filter((text) => text.includes('http.internal') && !text.includes('"message":"fault injected at '))
    .map((text) => `an error of its own: ${text.slice(0, 600)}`);
}

function faultsIn(log) {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('fault '));
}

function tally(log) {
  const fired = faultsIn(log).map((text) => text.split(' '));
  return {
    fired: fired.length,
    faultedSites: new Set(fired.map(([, site]) => site)),
    kinds: new Set(fired.map(([, , kind]) => kind)),
  };
}
