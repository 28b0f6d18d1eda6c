import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { JobRunner } from '../../src/common/jobs/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { Outbox, OutboxDispatcher, type OutboxEvent } from '../../src/common/outbox/index.js';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';

jest.setTimeout(60_000);

const POOL = '331100';
const TOPIC = 'test.happened';

let pool: SmallPool;
let outbox: Outbox;
let transactions: Transactions;
/** What a handler does before it writes down what it heard. */
let mood: (event: OutboxEvent) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  pool = await smallPool();
  outbox = pool.get(Outbox);
  transactions = pool.get(Transactions);
  await pool.database.query('CREATE TABLE heard (n int GENERATED ALWAYS AS IDENTITY, event uuid, key text, what text)');
  await pool.database.query('GRANT SELECT, INSERT ON heard TO tongchou_app');
  outbox.register({
    topic: TOPIC,
    name: 'test.listener',
    handle: async (tx, event) => {
      await mood(event);
      await tx.query('INSERT INTO heard (event, key, what) VALUES ($1, $2, $3)', [
        event.id,
        event.key,
        event.payload['what'],
      ]);
    },
  });
}, 60_000);

afterAll(async () => {
  await pool.close();
});

const publish = (key: string, what: string, topic = TOPIC): Promise<string> =>
  transactions.run((tx) => outbox.publish(tx, { poolArea: POOL, topic, key, payload: { what } }));

const drain = (): Promise<number> => new OutboxDispatcher(outbox, transactions).drain();

/** Drains until `count` events were handed on: a transaction of a neighbouring database may hold them back for a moment. */
async function drainOf(count: number, dispatchers = 1): Promise<number> {
  let handed = 0;
  for (const until = Date.now() + 10_000; handed < count && Date.now() < until;) {
    const counts = await Promise.all(Array.from({ length: dispatchers }, drain));
    handed += counts.reduce((sum, each) => sum + each, 0);
    if (handed < count) await sleep(20);
  }
  return handed;
}

const heard = (key: string): Promise<{ what: string }[]> =>
  pool.database.query<{ what: string }>('SELECT what FROM heard WHERE key = $1 ORDER BY n', [key]);

const stateOf = (id: string): Promise<unknown[]> =>
  pool.database.query(
    'SELECT attempts, last_error, dispatched_at IS NOT NULL AS handed FROM outbox_event WHERE id = $1',
    [id],
  );

const makeDue = (): Promise<unknown> => pool.database.query('UPDATE outbox_event SET next_attempt_at = now()');

describe('an event', () => {
  it('is handed on once, and marked in the same transaction', async () => {
    const id = await publish('a', 'one');
    expect(await drainOf(1)).toBe(1);
    expect(await drain()).toBe(0);
    expect(await heard('a')).toEqual([{ what: 'one' }]);
    expect(await stateOf(id)).toEqual([{ attempts: 1, last_error: null, handed: true }]);
  });

  it('of a use case that failed never happened', async () => {
    const failing = transactions.run(async (tx) => {
      await outbox.publish(tx, { poolArea: POOL, topic: TOPIC, key: 'b', payload: { what: 'never' } });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await drain()).toBe(0);
    expect(await heard('b')).toEqual([]);
  });

  it('that nobody hears is put away', async () => {
    const id = await publish('c', 'silence', 'test.unheard');
    expect(await drain()).toBe(0);
    expect(await stateOf(id)).toMatchObject([{ handed: true }]);
  });

  it('is handed on once by several processes at once, in order within its key', async () => {
    const order = Array.from({ length: 30 }, (_, index) => String(index).padStart(2, '0'));
    for (const what of order) await publish(`key-${String(Number(what) % 3)}`, what);
    expect(await drainOf(30, 4)).toBe(30);
    for (const rest of [0, 1, 2]) {
      const expected = order.filter((what) => Number(what) % 3 === rest).map((what) => ({ what }));
      expect(await heard(`key-${String(rest)}`)).toEqual(expected);
    }
  });

  it('that fails leaves nothing, waits, and holds back only its own key', async () => {
    const id = await publish('d', 'first');
    await publish('d', 'second');
    await publish('e', 'other');
    mood = ({ key }) => (key === 'd' ? Promise.reject(new Error('not now')) : Promise.resolve());
    expect(await drainOf(1)).toBe(1);
    expect(await heard('e')).toEqual([{ what: 'other' }]);
    expect(await heard('d')).toEqual([]);
    expect(await stateOf(id)).toEqual([{ attempts: 1, last_error: 'not now', handed: false }]);
    mood = () => Promise.resolve();
    expect(await drain()).toBe(0);
    await makeDue();
    expect(await drainOf(2)).toBe(2);
    expect(await heard('d')).toEqual([{ what: 'first' }, { what: 'second' }]);
  });

  it('waits for an older transaction that may still commit an earlier event of its key', async () => {
    let second = '';
    await transactions.run(async (tx) => {
      await outbox.publish(tx, { poolArea: POOL, topic: TOPIC, key: 'f', payload: { what: 'earlier' } });
      second = await publish('f', 'later');
      expect(await drain()).toBe(0);
    });
    expect(await drainOf(2)).toBe(2);
    expect(await heard('f')).toEqual([{ what: 'earlier' }, { what: 'later' }]);
    expect(await stateOf(second)).toMatchObject([{ handed: true }]);
  });

  it('is removed by a job a month after it was handed on, and never while it waits', async () => {
    const old = await publish('g', 'old');
    const young = await publish('g', 'young');
    await drainOf(2);
    const waiting = await publish('g', 'waiting');
    await pool.database.query(`UPDATE outbox_event SET dispatched_at = now() - interval '31 days' WHERE id = $1`, [
      old,
    ]);
    await pool.database.query(`UPDATE outbox_event SET created_at = now() - interval '90 days' WHERE id = $1`, [
      waiting,
    ]);
    const period = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const actor = { username: 'test', poolArea: POOL };
    await pool.get(JobRunner).run({ kind: 'outbox.purge', area: POOL, period, actor });
    expect(await stateOf(old)).toEqual([]);
    expect(await stateOf(young)).toHaveLength(1);
    expect(await stateOf(waiting)).toMatchObject([{ handed: false }]);
  });
});
