/** A hospital that settles bills, tries again with the same key until it is answered, and a ledger of what it was told. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fenOf, line } from './world.mjs';

/** As long as a hospital tries again; the suite must not give up before a busy machine has restarted a server. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 25;

/** The bills of one person's year, in order; every person of a run has the same ones, so their sums are known. */
const YEAR = [
  { category: 'inpatient', referral: 'referred', lines: [line(1, 'XA001', 10, 10_000), line(2, 'SA001', 7, 8_000)] },
  { category: 'outpatient', lines: [line(1, 'XA001', 3, 1_000)] },
  { category: 'inpatient', referral: 'none', lines: [line(1, 'XB001', 333, 1_999), line(2, 'XC001', 1, 50_001)] },
  { category: 'outpatient', lines: [line(1, 'XB001', 7, 1_237)] },
  { category: 'outpatient', lines: [line(1, 'XA001', 90, 1_000)] },
  { category: 'inpatient', referral: 'emergency', lines: [line(1, 'XA001', 2_000, 1_500)] },
];
export const BILLS_A_YEAR = YEAR.length;

export class Hospital {
  /** Statuses of all answers; 0 = none came. */
  statuses = new Map();
  /** Answers that nobody can explain. */
  strange = [];
  /** Ids of settlements that were acknowledged. */
  acknowledged = [];

  /** @param {import('./http.mjs').People} people @param {string} today */
  constructor(people, today) {
    this.people = people;
    this.today = today;
  }

  bill(personId, ordinal) {
    const { referral = 'not-needed', ...bill } = YEAR[ordinal % YEAR.length];
    const days = { admittedOn: this.today, dischargedOn: this.today };
    return { billNo: randomUUID().slice(0, 18), personId, referral, ...days, ...bill };
  }

  /** Settles a bill, whatever happens on the way; the amounts of the answer. */
  async settle(bill, key = randomUUID()) {
    const until = Date.now() + PATIENCE_MS;
    for (let attempt = 1; Date.now() < until; attempt += 1) {
      const answer = await this.people.call('provider', 'POST', 'settlements', bill, { key });
      this.count(answer.status);
      if (answer.status === 201) {
        this.acknowledged.push(answer.body.id);
        return { id: answer.body.id, total: fenOf(answer.body.total), fund: fenOf(answer.body.fundPaySum) };
      }
      if (answer.status === 503 && answer.headers['retry-after'] === undefined)
        this.say('503 without Retry-After', answer);
      if (answer.status !== 0 && answer.status < 500 && ![401, 429].includes(answer.status)) {
        this.say(`bill ${bill.billNo} refused`, answer);
        return undefined;
      }
      await sleep(Math.random() * PAUSE_MS * Math.min(attempt, 10));
    }
    this.strange.push(`bill ${bill.billNo} was not answered for ${PATIENCE_MS / 1000} s`);
    return undefined;
  }

  /** Takes a settlement back, with the same key until it is answered; every try gets the first one's answer. */
  async reverse(id, key = randomUUID()) {
    const until = Date.now() + PATIENCE_MS;
    for (let attempt = 1; Date.now() < until; attempt += 1) {
      const path = `settlements/${id}/reverse`;
      const body = { reason: '录入错误' };
      const answer = await this.people.call('provider', 'POST', path, body, { key });
      this.count(answer.status);
      if (answer.status === 201) return true;
      if (answer.status !== 0 && answer.status < 500 && ![401, 429].includes(answer.status)) {
        this.say(`reversal of ${id} refused`, answer);
        return false;
      }
      await sleep(Math.random() * PAUSE_MS * Math.min(attempt, 10));
    }
    return false;
  }

  count(status) {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  say(what, answer) {
    this.strange.push(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }

  /** `201: 512, 503: 31, no answer: 4` */
  counts() {
    const entries = [...this.statuses].sort(([one], [other]) => one - other);
    return entries.map(([status, n]) => `${status === 0 ? 'no answer' : status}: ${n}`).join(', ');
  }
}

/** What a year of bills must come to, from a person whom nobody disturbed. */
export async function modelYear(hospital, personId) {
  const amounts = [];
  for (let ordinal = 0; ordinal < BILLS_A_YEAR; ordinal += 1) {
    amounts.push(await hospital.settle(hospital.bill(personId, ordinal)));
  }
  return amounts;
}

/**
 * Compares what the books hold with what was done: `done` tells per person how many bills of the year were settled and
 * how many of the last were taken back.
 * @returns {Promise<{fen: bigint, faults: string[]}>} the sum of all differences, in fen of total and of fund money
 */
export async function difference(world, model, done, acknowledged) {
  const rows = await world.query(
    `SELECT person_id, sum(total_fen)::bigint AS total, sum(fund_pay_sum_fen)::bigint AS fund,
       count(*) FILTER (WHERE kind = 'settlement')::int AS settled FROM settlement GROUP BY person_id`,
  );
  const found = new Map(rows.map((row) => [row.person_id, row]));
  let fen = 0n;
  const faults = [];
  for (const [personId, { settled, reversed }] of done) {
    const kept = model.slice(0, settled - reversed);
    const sum = (of) => kept.reduce((total, amounts) => total + of(amounts), 0n);
    const row = found.get(personId) ?? { total: 0n, fund: 0n, settled: 0 };
    const off =
      distance(
        row.total,
        sum(({ total }) => total),
      ) +
      distance(
        row.fund,
        sum(({ fund }) => fund),
      );
    fen += off;
    if (off !== 0n || row.settled !== settled) {
      faults.push(`person ${personId}: ${row.settled} settlements for ${settled} bills, ${off} fen off`);
    }
  }
  const lost = await world.query(
    'SELECT a.id FROM unnest($1::uuid[]) AS a (id) WHERE NOT EXISTS (SELECT FROM settlement s WHERE s.id = a.id)',
    [acknowledged],
  );
  for (const { id } of lost) faults.push(`settlement ${id} was acknowledged and is not there`);
  return { fen, faults, lost: lost.length };
}

function distance(one, other) {
  const off = BigInt(one) - BigInt(other);
  return off < 0n ? -off : off;
}
