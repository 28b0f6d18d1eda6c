import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { AuditArchive, AuditVerifier } from '../../src/audit/index.js';
import { parseMonth } from '../../src/common/time/index.js';
import { openRecord, POOL, type RecordApp } from './record.js';

jest.setTimeout(120_000);

let record: RecordApp;
const OLD = parseMonth('2024-01');

beforeAll(async () => {
  record = await openRecord();
  await record.database.query(`SELECT ensure_month_partitions('2024-01-01')`);
  await record.database.query(
    `INSERT INTO audit_event (pool_area, on_month, at, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id)
     SELECT '331100', '2024-01-01', '2024-01-05', gen_random_uuid(), gen_random_uuid(), 'before', '{}', 'look', 'test.old', 'test', n::text
     FROM generate_series(1, 20) AS n`,
  );
}, 120_000);

afterAll(async () => {
  await record.close();
});

const detach = (month = OLD): Promise<string> => record.get(AuditArchive).detach(month);
const verify = () => record.get(AuditVerifier).verify(POOL);

it('a month that is not chained yet stays', async () => {
  await record.events(1);
  await expect(detach()).rejects.toThrow(expect.objectContaining({ code: 'audit.month-not-sound' }));
});

it('a young month stays', async () => {
  await expect(detach(parseMonth('2099-01'))).rejects.toThrow(
    expect.objectContaining({ code: 'audit.month-too-young' }),
  );
});

it('a month that was changed stays, and says so', async () => {
  await record.chainAll();
  await record.database.query(`ALTER TABLE audit_event DISABLE TRIGGER tr_audit_event_append_only`);
  await record.database.query(
    `UPDATE audit_event SET actor_name = 'other' WHERE subject_id = '7' AND action = 'test.old'`,
  );
  await expect(detach()).rejects.toThrow(expect.objectContaining({ code: 'audit.month-not-sound' }));
  await record.database.query(
    `UPDATE audit_event SET actor_name = 'before' WHERE subject_id = '7' AND action = 'test.old'`,
  );
});

it('a sound one leaves whole, the chain goes on verifying, and back again every row is compared', async () => {
  expect(await detach()).toBe('audit_event_202401');
  await record.chainAll().catch(() => undefined);
  const without = await verify();
  expect([without.findings, without.streams[0]?.archived]).toEqual([[], 20]);
  await record.database.query(
    `ALTER TABLE audit_event ATTACH PARTITION audit_event_202401 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')`,
  );
  const again = await verify();
  expect([again.findings, again.streams[0]?.archived]).toEqual([[], 0]);
  expect(again.streams[0]?.rows).toBeGreaterThanOrEqual(21);
});

it('a month that leaves by itself is missed', async () => {
  const report = await record.verifyAfter('ALTER TABLE ledger_line DETACH PARTITION ledger_line_202606');
  expect(report.findings).toEqual([]);
  await record.journal('2026-04-01');
  await record.chainAll();
  const gone = await record.verifyAfter('ALTER TABLE ledger_line DETACH PARTITION ledger_line_202604');
  expect(gone.findings.map(({ kind, key }) => [kind, key])).toEqual([['month-missing', '2026-04']]);
});
