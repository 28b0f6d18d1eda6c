/** The same request many times at once, and many bills of one person at once, against two replicas. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Hospital } from './hospital.mjs';
import { People } from './http.mjs';
import { broken } from './invariants.mjs';
import { startServer } from './servers.mjs';
import { calendar, line, makeWorld, PASSWORD } from './world.mjs';

const KEYS_AT_ONCE = 4;
const ROUNDS_AT_ONCE = 4;

/** @returns {Promise<object>} keys, copies, keys with another number of effects than one, answers that differ */
export async function duplicateSubmits({ serverUrl, keys, copies }) {
  return onTwoReplicas(serverUrl, keys, async ({ world, hospital, people, replicas }) => {
    const wrong = [];
    let replayed = 0;
    await inTurn(world.persons, KEYS_AT_ONCE, async (personId) => {
      const key = randomUUID();
      const bill = hospital.bill(personId, 0);
      const answers = await Promise.all(
        Array.from({ length: copies }, (_, n) => untilAnswered(people, bill, key, replicas[n % 2].port)),
      );
      const texts = new Set(answers.map(({ status, text }) => `${status} ${text}`));
      replayed += answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true').length;
      if (texts.size !== 1 || answers[0].status !== 201)
        wrong.push(`key ${key}: ${[...texts].join(' ≠ ').slice(0, 300)}`);
    });
    const [effects] = await world.query(
      `SELECT (SELECT count(*)::int FROM settlement) AS settlements,
         (SELECT count(*)::int FROM (SELECT person_id FROM settlement GROUP BY person_id HAVING count(*) <> 1) AS s) AS uneven,
         (SELECT count(*)::int FROM ledger_journal) AS journals`,
    );
    return { keys, copies, effects, replayed, wrong, invariants: await broken(world) };
  });
}

/**
 * Rounds of bills of one person that race for the yearly limit of outpatient care, several rounds side by side.
 * @returns {Promise<object>} over-payments in fen, deadlocks of the database
 */
export async function races({ serverUrl, rounds, bills }) {
  return onTwoReplicas(serverUrl, rounds + 1, async ({ world, hospital }) => {
    const { today } = await calendar();
    const small = (personId) => ({
      ...{ billNo: randomUUID().slice(0, 18), personId, category: 'outpatient', referral: 'not-needed' },
      ...{ admittedOn: today, dischargedOn: today, lines: [line(1, 'XA001', 3, 1_000)] },
    });
    const [serial, ...racing] = world.persons;
    let limit = 0n;
    for (let n = 0; n < bills; n += 1) limit += (await hospital.settle(small(serial))).fund;
    const before = await deadlocks(world);
    const wrong = [];
    let overpaid = 0n;
    await inTurn(racing, ROUNDS_AT_ONCE, async (personId) => {
      const paid = (await Promise.all(Array.from({ length: bills }, () => hospital.settle(small(personId)))))
        .map((answer) => answer?.fund ?? 0n)
        .reduce((sum, fund) => sum + fund, 0n);
      if (paid !== limit) wrong.push(`person ${personId}: paid ${paid}, in any order it is ${limit}`);
      if (paid > limit) overpaid += paid - limit;
    });
    wrong.push(...hospital.strange);
    const dead = (await deadlocks(world)) - before;
    return { rounds, bills, limit, overpaid, deadlocks: dead, wrong, invariants: await broken(world) };
  });
}

/** One copy. A server that has no connection to spare says 503 with Retry-After; then the copy comes again. */
async function untilAnswered(people, bill, key, port) {
  for (;;) {
    const answer = await people.call('provider', 'POST', 'settlements', bill, { key, port });
    if (answer.status !== 503 || answer.headers['retry-after'] === undefined) return answer;
    await sleep(50 + Math.random() * 200);
  }
}

async function deadlocks(world) {
  const [row] = await world.query(
    'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return row.n;
}

async function onTwoReplicas(serverUrl, persons, work) {
  const world = await makeWorld(serverUrl, { persons });
  const start = () => startServer({ url: world.url, dataDir: world.dataDir });
  const replicas = [await start(), await start()];
  try {
    const { today } = await calendar();
    let turn = 0;
    const people = new People(() => replicas[(turn += 1) % 2].port, PASSWORD);
    await people.headers('provider');
    return await work({ world, replicas, people, hospital: new Hospital(people, today) });
  } finally {
    for (const server of replicas) await server.end('SIGTERM');
    await world.drop();
  }
}

/** Each value once, `width` at a time. */
async function inTurn(values, width, work) {
  const left = [...values];
  const worker = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all(Array.from({ length: width }, worker));
}
