import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditVerifier } from '../../src/audit/index.js';
import { named, openRecord, POOL, type RecordApp } from './record.js';

jest.setTimeout(120_000);

// F44: somebody with all the keys of the database changes the record. The verifier says where it begins to be untrue.

let record: RecordApp;
let journal: string;
/** Keys of the chained events in the order of the chain, and of which block each is. */
let events: { key: string; seq: bigint }[];

beforeAll(async () => {
  record = await openRecord();
  await record.events(6);
  await record.journal('2026-04-01');
  await record.database.query(
    `INSERT INTO ledger_period (pool_area, scheme, period, closed_by, journal_count, line_count, total_fen, content_hash)
     VALUES ('331100', '310', '2026-04-01', 'test', 0, 0, 0, '')`,
  );
  await record.chainAll();
  journal = await record.journal('2026-05-01');
  await record.events(6);
  await record.chainAll();
  events = await record.database.query(
    `SELECT u.key, b.seq FROM audit_chain b CROSS JOIN unnest(b.row_keys) WITH ORDINALITY AS u (key, n)
     WHERE b.stream = 'audit' ORDER BY b.seq, u.n`,
  );
}, 120_000);

afterAll(async () => {
  await record.close();
});

const at = (index: number): { key: string; seq: bigint } => events[index] ?? { key: 'none', seq: 0n };
const EVENT_COPY = (id: string, over: string): string => `
  INSERT INTO audit_event (pool_area, owner_id, on_month, id, actor_id, actor_name, actor_roles, kind, action, subject_kind,
    subject_id, at, xid)
  SELECT pool_area, owner_id, on_month, gen_random_uuid(), actor_id, actor_name, actor_roles, kind, action, subject_kind,
    subject_id, ${over} FROM audit_event WHERE id = '${id}'`;

it('a record that nobody touched verifies, every row of it', async () => {
  const report = await record.get(AuditVerifier).verify(POOL);
  expect(report.findings).toEqual([]);
  const rows = Object.fromEntries(report.streams.map((stream) => [stream.stream, stream.rows]));
  expect(rows).toMatchObject({ audit: 12, 'ledger-journal': 2, 'ledger-line': 4, 'ledger-period': 1 });
  expect(report.streams.map(({ pending }) => pending)).toEqual([0, 0, 0, 0]);
});

describe('the first broken row is named when', () => {
  it.each<[string, () => string, () => string]>([
    [
      'an event is changed',
      () => `UPDATE audit_event SET details = '{}' WHERE id = '${at(8).key}'`,
      () => `row-changed audit audit_event ${String(at(8).seq)} ${at(8).key}`,
    ],
    [
      'two events are changed, the earlier',
      () => `UPDATE audit_event SET actor_name = 'somebody' WHERE id IN ('${at(9).key}', '${at(3).key}')`,
      () => `row-changed audit audit_event ${String(at(3).seq)} ${at(3).key}`,
    ],
    [
      'an event gives its person to another',
      () => `UPDATE audit_event SET person_ids = '{}' WHERE id = '${at(0).key}'`,
      () => `row-changed audit audit_event ${String(at(0).seq)} ${at(0).key}`,
    ],
    [
      'an event is deleted',
      () => `DELETE FROM audit_event WHERE id = '${at(5).key}'`,
      () => `row-missing audit audit_event ${String(at(5).seq)} ${at(5).key}`,
    ],
    [
      'the table is emptied',
      () => `DELETE FROM audit_event`,
      () => `row-missing audit audit_event ${String(at(0).seq)} ${at(0).key}`,
    ],
    [
      'the amount of a line is changed',
      () => `UPDATE ledger_line SET amount_fen = amount_fen + 1 WHERE journal_id = '${journal}' AND line_no = 2`,
      () => `row-changed ledger-line ledger_line 3 ${journal}/2`,
    ],
    [
      'a line is deleted',
      () => `DELETE FROM ledger_line WHERE journal_id = '${journal}' AND line_no = 1`,
      () => `row-missing ledger-line ledger_line 3 ${journal}/1`,
    ],
    [
      'a line moves to another provider and the head with it',
      () => `UPDATE ledger_line SET credit_party = gen_random_uuid() WHERE journal_id = '${journal}' AND line_no = 1`,
      () => `row-changed ledger-line ledger_line 3 ${journal}/1`,
    ],
    [
      'a journal is changed',
      () => `UPDATE ledger_journal SET memo = 'never mind' WHERE id = '${journal}'`,
      () => `row-changed ledger-journal ledger_journal 3 ${journal}`,
    ],
    [
      'a line is added to an old journal',
      () => `INSERT INTO ledger_line SELECT (jsonb_populate_record(l, '{"line_no": 3}')).*
        FROM ledger_line l WHERE journal_id = '${journal}' AND line_no = 2`,
      () => `row-added ledger-line ledger_line - ${journal}/3`,
    ],
    [
      'the seal of a closed period is changed',
      () => `UPDATE ledger_period SET content_hash = repeat('0', 64)`,
      () => `row-changed ledger-period ledger_period 1 310/2026-04`,
    ],
    [
      'a whole month is taken away',
      () => `DROP TABLE ledger_line_202604`,
      () => 'month-missing ledger-line ledger_line - 2026-04',
    ],
  ])('%s', async (_name, sql, expected) => {
    const report = await record.verifyAfter(sql());
    expect(report.findings.map(named)[0]).toBe(expected());
  });

  it('an event is put in with a transaction number of the past', async () => {
    const report = await record.verifyAfter(EVENT_COPY(at(4).key, 'at, xid'));
    expect(report.findings.map(({ kind, key }) => [kind, key])).toEqual([['row-added', expect.any(String)]]);
  });

  it('an event is put in now with an hour of the past', async () => {
    const report = await record.verifyAfter(
      EVENT_COPY(at(4).key, `at - interval '2 hours', pg_current_xact_id()::text::bigint`),
    );
    expect(report.findings.map(({ kind, table }) => [kind, table])).toEqual([['row-back-dated', 'audit_event']]);
  });
});

describe('the chain itself: named is the block when', () => {
  it.each<[string, string, string]>([
    [
      'its hashes are changed',
      `UPDATE audit_chain SET row_hashes[1] = sha256('x') WHERE stream = 'audit' AND seq = 1`,
      'block-changed audit audit_chain 1 -',
    ],
    [
      'its time is changed',
      `UPDATE audit_chain SET sealed_at = sealed_at + interval '1 second' WHERE stream = 'audit' AND seq = 3`,
      'block-changed audit audit_chain 3 -',
    ],
    [
      'it is taken out of the middle',
      `DELETE FROM audit_chain WHERE stream = 'audit' AND seq = 2`,
      'block-missing audit audit_chain 2 -',
    ],
    [
      'the beginning is cut off',
      `DELETE FROM audit_chain WHERE stream = 'audit' AND seq = 1`,
      'block-missing audit audit_chain 1 -',
    ],
    [
      'it is linked to another',
      `UPDATE audit_chain SET previous_hash = sha256('x') WHERE stream = 'ledger-line' AND seq = 3`,
      'block-not-linked ledger-line audit_chain 3 -',
    ],
    [
      'a form covers fewer columns',
      `UPDATE audit_chain_form SET columns = array_remove(columns, 'details') WHERE stream = 'audit'`,
      'block-changed audit audit_chain 1 -',
    ],
  ])('%s', async (_name, sql, expected) => {
    const report = await record.verifyAfter(sql);
    expect(report.findings.map(named)).toContain(expected);
  });

  it('a changed row whose leaf was changed too is found as a changed block', async () => {
    const report = await record.verifyAfter(
      `WITH u AS (UPDATE audit_event SET kind = 'look' WHERE id = '${at(1).key}' RETURNING 1)
       UPDATE audit_chain SET row_hashes[2] = sha256('x') WHERE stream = 'audit' AND seq = 1 AND EXISTS (SELECT FROM u)`,
    );
    expect(report.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['block-changed', 'row-changed']));
  });
});
