import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { AuditVerifier, ChainKeeper } from '../../src/audit/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { Audit, systemActor } from '../../src/identity/index.js';
import { named, openRecord, POOL, type RecordApp } from './record.js';

jest.setTimeout(180_000);

let record: RecordApp;
let keys: { key: string; stream: string }[];

beforeAll(async () => {
  record = await openRecord();
  await record.events(5);
  await record.journal('2026-04-01');
  await record.journal('2026-05-01');
  await record.chainAll();
  keys = await record.database.query(`SELECT stream, unnest(row_keys) AS key FROM audit_chain ORDER BY 1, 2`);
}, 120_000);

afterAll(async () => {
  await record.close();
});

const chained = async (key: string): Promise<bigint> => {
  const [row] = await record.database.query<{ n: bigint }>(
    'SELECT count(*) AS n FROM audit_chain WHERE $1 = ANY (row_keys)',
    [key],
  );
  return row?.n ?? 0n;
};

describe('any one change of any column of any row', () => {
  const TABLES = [
    ['audit', 'audit_event', 'id::text = $key'],
    ['ledger-journal', 'ledger_journal', 'id::text = $key'],
    ['ledger-line', 'ledger_line', `journal_id || '/' || line_no = $key`],
  ] as const;
  const OTHER: Readonly<Record<string, string>> = {
    text: `c || '!'`,
    uuid: 'gen_random_uuid()',
    date: `(c + interval '1 month')::date`,
    bigint: 'c + 1',
    // Beyond the numbers of the other rows: a key that is taken would be refused by the database.
    integer: 'c + 1000',
    smallint: 'c + 1000',
    jsonb: `c || '{"more": 1}'`,
    'text[]': `c || 'more'::text`,
    'uuid[]': 'c || gen_random_uuid()',
    'timestamp with time zone': `c + interval '1 microsecond'`,
  };

  it('is found', async () => {
    const columns = await record.database.query<{ table: string; name: string; type: string }>(
      `SELECT attrelid::regclass::text AS table, attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = ANY ('{audit_event,ledger_journal,ledger_line}'::regclass[]) AND attnum > 0 AND NOT attisdropped`,
    );
    expect(columns.length).toBeGreaterThan(35);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...columns), fc.nat(), async ({ table, name, type }, pick) => {
        const [stream, , where] = TABLES.find(([, name_]) => name_ === table) ?? ['', '', ''];
        const rows = keys.filter((row) => row.stream === stream);
        const { key } = rows[pick % rows.length] ?? { key: '' };
        const value = (OTHER[type] ?? `unknown type ${type}`).replace(
          'c ',
          `coalesce("${name}", ${type === 'text' ? `''` : `"${name}"`}) `,
        );
        // A constraint that refuses the value is no finding of ours, so they are lifted too.
        const drop = `DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = '${table}'::regclass
          AND contype = 'c' LOOP EXECUTE format('ALTER TABLE ${table} DROP CONSTRAINT %I', c.conname); END LOOP; END $$;`;
        const report = await record.verifyAfter(
          `${drop} UPDATE ${table} SET "${name}" = ${value} WHERE ${where.replace('$key', `'${key}'`)}`,
        );
        expect(report.count).toBeGreaterThan(0);
        expect(report.findings.map(named).join('\n')).toContain(key);
      }),
      { numRuns: Number(process.env['AUDIT_PROPERTY_RUNS'] ?? '15') },
    );
  });
});

describe('the sweep', () => {
  it('leaves a transaction that is still open to the next sweep, and loses nothing that commits out of order', async () => {
    const late = `late-${String(Math.random())}`;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let lateId = '';
    const slow = record.get(Transactions).run(async (tx) => {
      await Audit.record(tx, systemActor(POOL), { action: 'test.slow', subjectKind: 'test', subjectId: late });
      lateId = (await tx.one<{ id: string }>('SELECT id FROM audit_event WHERE subject_id = $1', [late])).id;
      await held;
    });
    while (lateId === '') await sleep(20);
    await record.events(2);
    await record.get(ChainKeeper).sweep();
    expect(await chained(lateId)).toBe(0n);
    release();
    await slow;
    await record.chainAll();
    expect(await chained(lateId)).toBe(1n);
    expect((await record.get(AuditVerifier).verify(POOL)).count).toBe(0);
  });

  it('of many at once chains every row once', async () => {
    await record.events(8);
    await Promise.all(Array.from({ length: 6 }, () => record.get(ChainKeeper).sweep()));
    await record.chainAll();
    const doubles = await record.database.query(
      `SELECT stream, key FROM audit_chain CROSS JOIN unnest(row_keys) AS key GROUP BY 1, 2 HAVING count(*) > 1`,
    );
    expect(doubles).toEqual([]);
    expect((await record.get(AuditVerifier).verify(POOL)).count).toBe(0);
  });

  it('writes nothing when there is nothing', async () => {
    const blocks = () => record.database.query('SELECT count(*) FROM audit_chain');
    await record.chainAll();
    const before = await blocks();
    await record.get(ChainKeeper).sweep();
    expect(await blocks()).toEqual(before);
  });

  it('begins a new form when a migration adds a column, and old blocks still verify', async () => {
    await record.database.query('ALTER TABLE audit_event ADD COLUMN terminal text');
    await record.events(3);
    await record.chainAll();
    const forms = await record.database.query(`SELECT form, 'terminal' = ANY (columns) AS has FROM audit_chain_form
      WHERE stream = 'audit' ORDER BY form`);
    expect(forms).toEqual([
      { form: 1, has: false },
      { form: 2, has: true },
    ]);
    expect((await record.get(AuditVerifier).verify(POOL)).count).toBe(0);
    const report = await record.verifyAfter(
      `UPDATE audit_event SET terminal = 'T1' WHERE xid = (SELECT max(xid) FROM audit_event)`,
    );
    expect(report.findings.map(({ kind }) => kind)).toEqual(['row-changed']);
  });

  it('begins anew over rows of another cluster, whose transactions had higher numbers', async () => {
    // As after a dump was restored: everything is there, but nothing is younger than what the numbers say.
    await record.database.query(`ALTER TABLE audit_chain DISABLE TRIGGER USER; DELETE FROM audit_chain`);
    await record.database.query(
      `INSERT INTO audit_event (pool_area, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id, xid)
       SELECT '331100', gen_random_uuid(), gen_random_uuid(), 'before', '{}', 'look', 'test.before', 'test', n::text,
         1000000000000 + n FROM generate_series(1, 1500) AS n`,
    );
    await record.get(ChainKeeper).sweep();
    await record.events(4);
    await record.chainAll();
    const markers = await record.database.query(`SELECT stream FROM audit_chain WHERE row_count = 0 ORDER BY 1`);
    expect(markers.map(({ stream }) => stream as string)).toEqual(['audit', 'ledger-journal', 'ledger-line']);
    const report = await record.get(AuditVerifier).verify(POOL);
    expect([report.count, report.streams[0]?.pending]).toEqual([0, 0]);
  });
});
