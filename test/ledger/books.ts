import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestDatabase } from '../support/database.js';

export const PROVIDER = '01900000-0000-7000-8000-00000000000a';
export const PERSON = '01900000-0000-7000-8000-00000000000b';

/** A line as a client would write it, without the help of the ledger's facade. */
export interface RawLine {
  readonly no?: number;
  readonly debit?: string;
  readonly credit?: string;
  readonly debitParty?: string | null;
  readonly creditParty?: string | null;
  readonly amount?: number;
  readonly scheme?: string;
  /** Left out = the owner of its journal. */
  owner?: string;
}

export interface RawJournal {
  readonly id?: string;
  readonly poolArea?: string;
  readonly period?: string;
  readonly scheme?: string;
  readonly source?: string;
  readonly lineCount?: number;
  readonly total?: number;
  readonly lines?: readonly RawLine[];
}

/** Connections that are let in as the owner of the tables or as the server (`tongchou_app`). */
export function poolAs(url: string, role: 'owner' | 'app', max = 4): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    ...(role === 'app' ? { options: '-c role=tongchou_app' } : {}),
  });
  pool.on('error', () => undefined); // Dropping the database at the end cuts idle connections.
  return pool;
}

/** Runs statements in one transaction; the commit is part of what may fail. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  isolation = 'READ COMMITTED',
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Writes a journal row by row with plain INSERTs; head figures default to what the lines say. */
export async function insertJournal(client: pg.PoolClient, journal: RawJournal = {}): Promise<string> {
  const { id = randomUUID(), poolArea = '331100', period = '2026-05-01', scheme = '310', lines = [{}] } = journal;
  const total = lines.reduce((sum, line) => sum + (line.amount ?? 100), 0);
  await client.query(
    `INSERT INTO ledger_journal (pool_area, period, id, scheme, posted_on, source_kind, source_id, line_count, total_fen,
       posted_by, owner_id) VALUES ($1, $2, $3, $4, $2, 'test', $5, $6, $7, 'test', owner_of($5))`,
    [poolArea, period, id, scheme, journal.source ?? id, journal.lineCount ?? lines.length, journal.total ?? total],
  );
  for (const [index, line] of lines.entries()) {
    await insertLine(client, { poolArea, period, scheme, id, source: journal.source }, { no: index + 1, ...line });
  }
  return id;
}

export async function insertLine(
  client: pg.PoolClient,
  head: { poolArea: string; period: string; scheme: string; id: string; source?: string | undefined },
  line: RawLine,
): Promise<void> {
  await client.query(
    `INSERT INTO ledger_line (pool_area, period, journal_id, line_no, scheme, debit_account, credit_account, debit_party,
       credit_party, amount_fen, owner_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($12::uuid, owner_of($11)))`,
    [
      head.poolArea,
      head.period,
      head.id,
      line.no ?? 1,
      line.scheme ?? head.scheme,
      line.debit ?? '5001',
      line.credit ?? '2001',
      line.debitParty ?? null,
      line.creditParty === undefined ? PROVIDER : line.creditParty,
      line.amount ?? 100,
      head.source ?? head.id,
      line.owner ?? null,
    ],
  );
}

/** Changes rows as somebody who has the keys of the database and takes every guard away first. */
export async function plantFault(database: TestDatabase, sql: string): Promise<void> {
  const guarded = await database.query<{ name: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'`,
  );
  await database.query(guarded.map(({ name }) => `ALTER TABLE ${name} DISABLE TRIGGER USER`).join(';'));
  await database.query(sql);
}
