import { setTimeout as sleep } from 'node:timers/promises';
import {
  AuditVerifier,
  ChainKeeper,
  type Finding,
  type VerifyOptions,
  type VerifyReport,
} from '../../src/audit/index.js';
import { type Tx, Transactions } from '../../src/common/db/index.js';
import { uuid7 } from '../../src/common/ids/index.js';
import { Audit, systemActor } from '../../src/identity/index.js';
import { inTransaction, insertJournal, PERSON, poolAs, PROVIDER } from '../ledger/books.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../support/app.js';

export const POOL = '331100';
const SWEEP_LIMIT_MS = 20_000;

/** An application with something in its record: events of several kinds, journals of two months, a closed period. */
export interface RecordApp extends TestApp {
  /** Writes `count` events in transactions of their own. */
  events(count: number): Promise<void>;
  /** Writes a journal of two lines; returns its id. */
  journal(period: string): Promise<string>;
  /** Sweeps until nothing final is left; other tests' transactions on the same server may hold a sweep back. */
  chainAll(): Promise<void>;
  /** Verifies after somebody with all keys has run `sql`, in a transaction that is rolled back. */
  verifyAfter(sql: string, options?: VerifyOptions): Promise<VerifyReport>;
}

export async function openRecord(options: TestAppOptions = {}): Promise<RecordApp> {
  const app = await createTestApp(options);
  for (const month of ['2026-04-01', '2026-05-01', '2026-06-01']) {
    await app.database.query('SELECT ensure_month_partitions($1::date)', [month]);
  }
  const books = poolAs(app.database.url, 'app', 1);
  const unchained = async (): Promise<bigint> => {
    const [row] = await app.database.query<{ left: bigint }>(
      `SELECT (SELECT count(*) FROM audit_event) + (SELECT count(*) FROM ledger_journal) + (SELECT count(*) FROM ledger_line)
         + (SELECT count(*) FROM ledger_period) - coalesce((SELECT sum(row_count) FROM audit_chain), 0)::bigint AS left`,
    );
    return row?.left ?? 0n;
  };
  return {
    ...app,
    events: async (count) => {
      for (let done = 0; done < count; done += 1) await app.get(Transactions).run((tx) => event(tx, done));
    },
    journal: (period) =>
      inTransaction(books, (client) =>
        insertJournal(client, { period, lines: [{ amount: 900 }, { debit: '2101', debitParty: PERSON, amount: 50 }] }),
      ),
    chainAll: async () => {
      const deadline = Date.now() + SWEEP_LIMIT_MS;
      do {
        await app.get(ChainKeeper).sweep();
        if ((await unchained()) === 0n) return;
        await sleep(100);
      } while (Date.now() < deadline);
      throw new Error(`${String(await unchained())} rows were not chained in time`);
    },
    verifyAfter: (sql, wish) => verifyAfter(app, sql, wish),
    close: async () => {
      await books.end();
      await app.close();
    },
  };
}

function event(tx: Tx, number: number): Promise<void> {
  const actor = systemActor(POOL);
  const entry = {
    ...{ action: 'test.done', subjectKind: 'test', subjectId: `s-${String(number)}` },
    details: { number, note: '统筹 "quoted" | 1:2,-', nothing: null },
  };
  if (number % 3 === 0) return Audit.look(tx, actor, { ...entry, personIds: [uuid7()] });
  return number % 3 === 1
    ? Audit.record(tx, actor, entry)
    : Audit.access(tx, actor, { ...entry, personIds: [PROVIDER, PERSON] });
}

class Undone extends Error {}

async function verifyAfter(app: TestApp, sql: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  let report: VerifyReport | undefined;
  const work = app.get(Transactions).run(async (tx) => {
    await tx.query('SET LOCAL ROLE NONE');
    await disarm(tx);
    await tx.query(sql);
    report = await app.get(AuditVerifier).verifyIn(tx, POOL, options);
    throw new Undone();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  if (report === undefined) throw new Error('nothing was verified');
  return report;
}

/** Takes every guard away, as a superuser can. */
export async function disarm(tx: Tx): Promise<void> {
  const guarded = await tx.query<{ name: string }>(
    `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT tgisinternal AND tgenabled <> 'D' AND c.relname ~ '^(audit|ledger)_'
       AND (NOT c.relispartition OR c.relname ~ '20260[456]$')`,
  );
  for (const { name } of guarded) await tx.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
}

/** A finding in the words that matter to whoever has to look for the row. */
export function named({ kind, stream, table, key, seq }: Finding): string {
  return [kind, stream, table, seq === null ? '-' : String(seq), key ?? '-'].join(' ');
}
