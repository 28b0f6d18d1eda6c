import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { inTransaction, insertJournal, insertLine, PERSON, poolAs, PROVIDER, type RawJournal } from './books.js';

jest.setTimeout(60_000);

// The books are guarded by the database itself: nothing here goes through the program.

let database: TestDatabase;
const pools: Record<string, pg.Pool> = {};

beforeAll(async () => {
  database = await cloneDatabase();
  await database.query(`SELECT ensure_month_partitions('2026-05-01')`);
  pools['owner'] = poolAs(database.url, 'owner');
  pools['app'] = poolAs(database.url, 'app');
}, 60_000);

afterAll(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
  await database.drop();
});

function poolOf(role: string): pg.Pool {
  const pool = pools[role];
  if (pool === undefined) throw new Error(role);
  return pool;
}

async function counts(): Promise<unknown> {
  return database.query(
    `SELECT (SELECT count(*) FROM ledger_journal) AS journals, (SELECT count(*) FROM ledger_line) AS lines`,
  );
}

describe.each(['owner', 'app'])('as %s', (role) => {
  it('a whole journal is taken', async () => {
    const lines = [{ amount: 900 }, { debit: '2101', debitParty: PERSON, amount: 50 }];
    const id = await inTransaction(poolOf(role), (client) => insertJournal(client, { lines }));
    expect(await database.query('SELECT total_fen FROM ledger_journal WHERE id = $1', [id])).toEqual([
      { total_fen: 950n },
    ]);
  });

  it.each<[string, RawJournal, string]>([
    ['without lines', { lines: [], lineCount: 1, total: 100 }, 'TC002'],
    ['with a line too few', { lines: [{}], lineCount: 2, total: 100 }, 'TC002'],
    ['with a line too many', { lines: [{}, {}], lineCount: 1, total: 200 }, 'TC002'],
    ['whose lines do not make its total', { lines: [{}, {}], total: 201 }, 'TC002'],
    ['with a gap in its lines', { lines: [{ no: 1 }, { no: 3 }] }, 'TC002'],
    ['with a line kept under another owner', { lines: [{}, { owner: PERSON }] }, 'TC004'],
    ['with a line of another scheme', { lines: [{ scheme: '390' }] }, 'TC004'],
    ['on an account that does not exist', { lines: [{ debit: '5999' }] }, 'TC004'],
    ['with a provider missing', { lines: [{ creditParty: null }] }, 'TC004'],
    ['with a party where none belongs', { lines: [{ debitParty: PROVIDER }] }, 'TC004'],
    ['with a line of nothing', { lines: [{ amount: 0 }], total: 1 }, '23514'],
    ['with a negative line', { lines: [{ amount: 200 }, { amount: -100 }], total: 100 }, '23514'],
    ['from an account to itself', { lines: [{ debit: '2001', debitParty: PROVIDER }] }, '23514'],
    ['of a total of nothing', { lines: [], lineCount: 1, total: 0 }, '23514'],
    ['in the middle of a month', { period: '2026-05-02' }, '23514'],
    ['in a month that the books do not have', { period: '2019-05-01' }, '23514'],
  ])('a journal %s is refused at commit at the latest, and nothing of it stays', async (_name, journal, code) => {
    const before = await counts();
    await expect(inTransaction(poolOf(role), (client) => insertJournal(client, journal))).rejects.toMatchObject({
      code,
    });
    expect(await counts()).toEqual(before);
  });

  it('nothing is added to a journal of yesterday', async () => {
    const id = await inTransaction(poolOf(role), (client) => insertJournal(client));
    const head = { poolArea: '331100', period: '2026-05-01', scheme: '310', id };
    const add = (no: number) => inTransaction(poolOf(role), (client) => insertLine(client, head, { no }));
    await expect(add(2)).rejects.toMatchObject({ code: 'TC004' });
    await expect(add(1)).rejects.toMatchObject({ code: '23505' });
  });

  it('the same event is not posted twice in a month', async () => {
    const post = () => inTransaction(poolOf(role), (client) => insertJournal(client, { source: `event-of-${role}` }));
    await post();
    await expect(post()).rejects.toMatchObject({ code: '23505' });
  });

  it.each(['REPEATABLE READ', 'SERIALIZABLE'])('%s, which would look into the past, is refused', async (isolation) => {
    const post = inTransaction(poolOf(role), (client) => insertJournal(client), isolation);
    await expect(post).rejects.toMatchObject({ code: 'TC005' });
  });

  it.each([
    'UPDATE ledger_line SET amount_fen = amount_fen + 1',
    'UPDATE ledger_line_202605 SET amount_fen = amount_fen + 1',
    'UPDATE ledger_journal SET memo = $$x$$',
    'DELETE FROM ledger_line',
    'DELETE FROM ledger_journal_202605',
    'TRUNCATE ledger_line',
    'TRUNCATE ledger_line_202605',
    'TRUNCATE ledger_journal_202605 CASCADE',
    'UPDATE ledger_account SET nature = $$asset$$',
    'DELETE FROM ledger_account',
    'TRUNCATE approval_act',
    'TRUNCATE fund_receipt',
  ])('%s is refused', async (sql) => {
    await inTransaction(poolOf(role), (client) => insertJournal(client));
    await expect(poolOf(role).query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('as a replica, where ordinary triggers sleep', () => {
  it.each([
    ['UPDATE ledger_line_202605 SET amount_fen = 1', '42501'],
    ['DELETE FROM ledger_journal', '42501'],
    ['TRUNCATE ledger_line_202605', '42501'],
  ])('%s is refused all the same', async (sql, code) => {
    await inTransaction(poolOf('owner'), (client) => insertJournal(client));
    const change = inTransaction(poolOf('owner'), async (client) => {
      await client.query('SET LOCAL session_replication_role = replica');
      await client.query(sql);
    });
    await expect(change).rejects.toMatchObject({ code });
  });

  it('a journal that is not whole is refused all the same', async () => {
    const post = inTransaction(poolOf('owner'), async (client) => {
      await client.query('SET LOCAL session_replication_role = replica');
      await insertJournal(client, { lines: [], lineCount: 1, total: 1 });
    });
    await expect(post).rejects.toMatchObject({ code: 'TC002' });
  });
});

describe('the server may not take the guards away', () => {
  it.each([
    'ALTER TABLE ledger_line DISABLE TRIGGER ALL',
    'DROP TRIGGER tr_ledger_line_append_only ON ledger_line',
    'DROP TABLE ledger_line_202605',
    'CREATE OR REPLACE FUNCTION ledger_check_journals() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
    `INSERT INTO ledger_period_balance VALUES ('331100', '310', '2026-05-01', '5001', 1, 1)`,
    'SET session_replication_role = replica',
    'CREATE TABLE own (id int)',
  ])('%s', async (sql) => {
    await expect(poolOf('app').query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('months', () => {
  it('are made ahead, once, by the server, guarded like the others', async () => {
    const [made] = (await poolOf('app').query(`SELECT ensure_month_partitions('2019-05-17') AS n`)).rows as {
      n: number;
    }[];
    expect(made?.n).toBeGreaterThanOrEqual(2);
    const [again] = (await poolOf('app').query(`SELECT ensure_month_partitions('2019-05-01') AS n`)).rows as {
      n: number;
    }[];
    expect(again?.n).toBe(0);
    await inTransaction(poolOf('app'), (client) => insertJournal(client, { period: '2019-05-01' }));
    const short = inTransaction(poolOf('app'), (client) =>
      insertJournal(client, { period: '2019-05-01', lineCount: 2 }),
    );
    await expect(short).rejects.toMatchObject({ code: 'TC002' });
    await expect(poolOf('owner').query('TRUNCATE ledger_line_201905')).rejects.toMatchObject({ code: '42501' });
  });

  it('have the same triggers, all of them firing always', async () => {
    const rows = await database.query<{ odd: bigint }>(
      `SELECT count(*) AS odd FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE c.relname ~ '^ledger_(journal|line)(_[0-9]{6})?$' AND NOT t.tgisinternal AND t.tgenabled <> 'A'`,
    );
    expect(rows).toEqual([{ odd: 0n }]);
    const kinds = await database.query<{ triggers: string }>(
      `SELECT DISTINCT string_agg(t.tgname, ',' ORDER BY t.tgname) AS triggers FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relname ~ '^ledger_(journal|line)_[0-9]{6}$' AND NOT t.tgisinternal
       GROUP BY c.oid ORDER BY 1`,
    );
    expect(kinds.map(({ triggers }) => triggers)).toEqual([
      'tr_ledger_journal_append_only,tr_ledger_journal_no_truncate,tr_ledger_journal_open_period,tr_ledger_journal_whole',
      'tr_ledger_line_append_only,tr_ledger_line_no_truncate,tr_ledger_line_own',
    ]);
  });

  it.each(['1999-12-01', '2100-01-01'])('of %s are refused', async (month) => {
    await expect(poolOf('app').query('SELECT ensure_month_partitions($1)', [month])).rejects.toMatchObject({
      code: '22023',
    });
  });
});
