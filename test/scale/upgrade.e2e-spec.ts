import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrateDatabase } from '../../src/data-source.js';
import { inTransaction, insertJournal, poolAs } from '../ledger/books.js';
import { emptyDatabase, type TestDatabase } from '../support/database.js';
import { fillRegion0007, migrateTo0007 } from './region-0007.js';

/** A database of version 0.1 with bills in it, brought to the newest schema: nothing is lost, nothing is left unguarded. */
let database: TestDatabase;
let before: unknown;
let sealed: unknown;

const TABLES = [
  'visit',
  'settlement',
  'claim_line',
  'ledger_journal',
  'ledger_line',
  'outbox_event',
  'idempotency_key',
];

/** Rows of every table, and the trial balance: what the books say. */
async function books(): Promise<unknown> {
  const counts = TABLES.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const [rows] = await database.query(`SELECT ${counts.join(', ')}`);
  const balance = await database.query(
    `SELECT v.account, sum(v.debit)::bigint AS debit, sum(v.credit)::bigint AS credit FROM ledger_line l
     CROSS JOIN LATERAL (VALUES (l.debit_account, l.amount_fen, 0), (l.credit_account, 0, l.amount_fen)) AS v (account, debit, credit)
     GROUP BY v.account ORDER BY v.account`,
  );
  return { rows, balance };
}

const seals = (): Promise<unknown> =>
  database.query(
    `SELECT p.content_hash = c.content_hash AS whole, p.content_hash, p.journal_count FROM ledger_period p
     CROSS JOIN LATERAL ledger_period_content(p.pool_area, p.scheme, p.period) AS c`,
  );

const count = async (sql: string): Promise<number> =>
  (await database.query<{ n: number }>(`SELECT count(*)::int AS n ${sql}`))[0]?.n ?? -1;

beforeAll(async () => {
  database = await emptyDatabase();
  await migrateTo0007(database);
  await fillRegion0007(database);
  before = await books();
  sealed = await seals();
  await migrateDatabase(database.url);
}, 120_000);

afterAll(() => database.drop());

it('keeps every row and the trial balance, and the seal of the closed period', async () => {
  expect(before).toMatchObject({ rows: { settlement: 800, ledger_journal: 823, ledger_line: 1023 } });
  expect(await books()).toEqual(before);
  expect(sealed).toMatchObject([{ whole: true }]);
  expect(await seals()).toEqual(sealed);
});

describe('every row has its owner:', () => {
  it('what a bill or its reversal posted belongs to the person', async () => {
    const ofBills = `FROM ledger_journal j JOIN settlement s ON s.id::text = j.source_id
      WHERE j.source_kind IN ('settlement', 'settlement-reversal')`;
    expect(await count(`${ofBills} AND j.owner_id = s.person_id`)).toBe(820);
    expect(await count(`${ofBills} AND j.owner_id <> s.person_id`)).toBe(0);
  });

  it('a line belongs to the owner of its journal', async () => {
    const joined = 'FROM ledger_line l JOIN ledger_journal j ON j.period = l.period AND j.id = l.journal_id';
    expect(await count(`${joined} AND j.owner_id = l.owner_id`)).toBe(1023);
  });

  it('other journals belong to their source, events to their key, answers to the person or the client', async () => {
    expect(await count(`FROM ledger_journal WHERE owner_id = owner_of(source_id)`)).toBe(3);
    expect(await count('FROM outbox_event WHERE owner_id = owner_of(key)')).toBe(265);
    expect(
      await count(`FROM idempotency_key k JOIN settlement s ON s.id::text = k.response ->> 'settlementId'
      WHERE k.owner_id = s.person_id`),
    ).toBe(264);
    expect(await count('FROM idempotency_key WHERE owner_id = owner_of(client_id)')).toBe(1);
  });
});

describe('the books are guarded as before:', () => {
  const month = `to_char(now() AT TIME ZONE 'Asia/Shanghai' - interval '2 months', 'YYYY-MM-01')`;

  it.each([
    'UPDATE ledger_line SET amount_fen = 1',
    'UPDATE ledger_journal SET memo = $$x$$',
    'DELETE FROM ledger_line',
  ])('%s is refused to the owner', async (sql) => {
    await expect(database.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('a journal that is not whole, or whose line has another owner, is refused in an old month', async () => {
    const [row] = await database.query<{ period: string }>(`SELECT ${month} AS period`);
    const pool = poolAs(database.url, 'app');
    try {
      const period = row?.period ?? '';
      const stranger = { period, lines: [{ owner: '01900000-0000-7000-8000-00000000000b' }] };
      await expect(inTransaction(pool, (tx) => insertJournal(tx, stranger))).rejects.toMatchObject({ code: 'TC004' });
      const short = { period, lines: [{}], lineCount: 2 };
      await expect(inTransaction(pool, (tx) => insertJournal(tx, short))).rejects.toMatchObject({ code: 'TC002' });
      await inTransaction(pool, (tx) => insertJournal(tx, { period }));
    } finally {
      await pool.end();
    }
  });

  it('every partition of the books has its triggers, firing always', async () => {
    const partitions = await count(
      `FROM pg_inherits WHERE inhparent IN ('ledger_journal'::regclass, 'ledger_line'::regclass)`,
    );
    const armed = await count(`FROM pg_trigger t JOIN pg_inherits h ON h.inhrelid = t.tgrelid
      WHERE h.inhparent IN ('ledger_journal'::regclass, 'ledger_line'::regclass) AND t.tgenabled = 'A'
        AND t.tgname IN ('tr_ledger_journal_append_only', 'tr_ledger_journal_whole', 'tr_ledger_line_append_only', 'tr_ledger_line_own')`);
    expect(armed).toBe(2 * partitions);
  });
});
