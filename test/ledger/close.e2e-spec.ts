import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { inTransaction, insertJournal, poolAs } from './books.js';

jest.setTimeout(60_000);

const REPEATS = 200;
const WRITERS = 3;
const PERIOD = '2026-05-01';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await cloneDatabase();
  await database.query('SELECT ensure_month_partitions($1)', [PERIOD]);
  pool = poolAs(database.url, 'app', WRITERS + 1);
}, 60_000);

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function close(poolArea: string, from: pg.Pool = pool): Promise<void> {
  await from.query(
    `INSERT INTO ledger_period (pool_area, scheme, period, closed_by, journal_count, line_count, total_fen, content_hash)
     VALUES ($1, '310', $2, 'test', 0, 0, 0, repeat('0', 64))`,
    [poolArea, PERIOD],
  );
}

/** What a race left behind in the pools whose code begins with `prefix`. */
interface Outcome {
  /** Postings that were taken and that were refused because the period was closed. */
  readonly taken: number;
  readonly refused: number;
  /** Periods whose books are not what the seal says. */
  readonly broken: number;
}

/** Lets writers and the close of one period start together, `REPEATS` times, each time in a pool of its own. */
async function race(prefix: string): Promise<Outcome> {
  let taken = 0;
  let refused = 0;
  for (let round = 0; round < REPEATS; round += 1) {
    const poolArea = `${prefix}${String(round).padStart(4, '0')}`;
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      await sleep((writer * round) % 4);
      await inTransaction(pool, async (client) => {
        await insertJournal(client, { poolArea, period: PERIOD });
        await sleep(round % 3); // the time between a posting and its commit, in which the close may come
      });
    });
    const closing = sleep(round % 5).then(() => close(poolArea));
    const outcomes = await Promise.allSettled(writers);
    await closing;
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') taken += 1;
      else {
        expect(outcome.reason).toMatchObject({ code: 'TC003' });
        refused += 1;
      }
    }
  }
  const [row] = await database.query<{ broken: bigint }>(
    `SELECT count(*) AS broken FROM ledger_period p
     CROSS JOIN LATERAL ledger_period_content(p.pool_area, p.scheme, p.period) AS c
     WHERE p.pool_area LIKE $1 || '%' AND (c.journal_count, c.line_count, c.total_fen, c.content_hash)
       IS DISTINCT FROM (p.journal_count, p.line_count, p.total_fen, p.content_hash)`,
    [prefix],
  );
  return { taken, refused, broken: Number(row?.broken) };
}

describe('closing a period while others post into it', () => {
  it(`each posting is either in the seal or refused, ${String(REPEATS)} times`, async () => {
    const outcome = await race('10');
    expect(outcome).toMatchObject({ broken: 0 });
    expect(outcome.taken + outcome.refused).toBe(REPEATS * WRITERS);
    // The race was one: both happened, often.
    expect(Math.min(outcome.taken, outcome.refused)).toBeGreaterThan(REPEATS / 10);
  }, 60_000);

  it('the same race is lost without the lock: what sees the broken twin would see a fault', async () => {
    await database.query('ALTER FUNCTION ledger_period_key(text, text, date) RENAME TO ledger_period_key_kept');
    // A lock that nobody shares is no lock.
    await database.query(
      `CREATE FUNCTION ledger_period_key(text, text, date) RETURNS bigint LANGUAGE sql VOLATILE
       AS $$ SELECT (random() * 1e15)::bigint $$`,
    );
    try {
      expect((await race('20')).broken).toBeGreaterThan(0);
    } finally {
      await database.query('DROP FUNCTION ledger_period_key(text, text, date)');
      await database.query('ALTER FUNCTION ledger_period_key_kept(text, text, date) RENAME TO ledger_period_key');
    }
  }, 60_000);
});

describe('a closed period', () => {
  it('takes nothing, not even from the owner of the tables', async () => {
    await inTransaction(pool, (client) => insertJournal(client, { poolArea: '300000', period: PERIOD }));
    await close('300000');
    const owner = poolAs(database.url, 'owner', 1);
    try {
      for (const role of [pool, owner]) {
        const late = inTransaction(role, (client) => insertJournal(client, { poolArea: '300000', period: PERIOD }));
        await expect(late).rejects.toMatchObject({ code: 'TC003' });
      }
      await expect(owner.query(`UPDATE ledger_period SET closed_by = 'x'`)).rejects.toMatchObject({ code: '42501' });
      await expect(owner.query('DELETE FROM ledger_period')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await owner.end();
    }
  });

  it('stays open for the other scheme, the next month and another pool', async () => {
    await close('300001');
    for (const other of [{ scheme: '390' }, { period: '2026-06-01' }, { poolArea: '300002' }]) {
      const journal = { poolArea: '300001', period: PERIOD, ...other };
      await expect(inTransaction(pool, (client) => insertJournal(client, journal))).resolves.toBeTruthy();
    }
  });

  it('is closed once', async () => {
    await close('300003');
    await expect(close('300003')).rejects.toMatchObject({ code: '23505' });
  });

  it('has a seal that an edited line would break', async () => {
    const poolArea = '300004';
    await inTransaction(pool, (client) =>
      insertJournal(client, { poolArea, period: PERIOD, lines: [{}, { amount: 7 }] }),
    );
    await close(poolArea);
    const seal = () =>
      database.query<{ same: boolean }>(
        `SELECT c.content_hash = p.content_hash AS same FROM ledger_period p
         CROSS JOIN LATERAL ledger_period_content(p.pool_area, p.scheme, p.period) AS c WHERE p.pool_area = $1`,
        [poolArea],
      );
    expect(await seal()).toEqual([{ same: true }]);
    // Somebody with the keys of the database takes the guard away and moves one fen.
    await database.query('ALTER TABLE ledger_line_202605 DISABLE TRIGGER USER');
    await database.query(`UPDATE ledger_line_202605 SET amount_fen = 8 WHERE pool_area = $1 AND line_no = 2`, [
      poolArea,
    ]);
    expect(await seal()).toEqual([{ same: false }]);
  });
});
