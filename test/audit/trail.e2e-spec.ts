import { rm } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditVerifier, ChainKeeper } from '../../src/audit/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { uuid7 } from '../../src/common/ids/index.js';
import { Audit, systemActor } from '../../src/identity/index.js';
import { type Office, openOffice, POOL } from '../identity/office.js';

jest.setTimeout(120_000);

let office: Office;
let auditor: string;
const folder = mkdtempSync(join(tmpdir(), 'trail-'));
const [alone, one, other] = [uuid7(), uuid7(), uuid7()];

beforeAll(async () => {
  office = await openOffice({ env: { ANCHOR_DIR: folder, ANCHOR_KEY_FILE: join(folder, 'key.pem') } });
  auditor = await office.tokenOf('auditor');
  const actor = systemActor(POOL);
  await office.get(Transactions).run(async (tx) => {
    await Audit.look(tx, actor, { action: 'test.looked', subjectKind: 'person', subjectId: alone, personIds: [alone] });
    await Audit.look(tx, actor, {
      action: 'test.listed',
      subjectKind: 'list',
      subjectId: 'l-1',
      personIds: [one, other],
    });
    await Audit.record(tx, actor, {
      ...{ action: 'test.changed', subjectKind: 'note', subjectId: '=cmd|calc!A1', personIds: [one] },
      details: { formula: '@SUM(1+1)' },
    });
  });
}, 120_000);

afterAll(async () => {
  await office.close();
  await rm(folder, { recursive: true });
  for (const name of ['ANCHOR_DIR', 'ANCHOR_KEY_FILE']) Reflect.deleteProperty(process.env, name);
});

async function actions(query: string): Promise<string[]> {
  const { body } = await office.call('get', `/api/v1/audit-events?${query}`, auditor).expect(200);
  return (body.items as { action: string }[]).map(({ action }) => action);
}

describe('the audit trail over REST', () => {
  it.each<[string, () => string, string[]]>([
    ['who looked at a person: alone', () => `personId=${alone}`, ['test.looked']],
    ['who looked at a person: in a list, and changed alone', () => `personId=${one}`, ['test.changed', 'test.listed']],
    ['who looked at a person: only in a list', () => `personId=${other}`, ['test.listed']],
    ['nobody looked', () => `personId=${uuid7()}`, []],
    ['by one action', () => 'action=test.listed', ['test.listed']],
    ['by the actions of a room', () => 'action=test.', ['test.changed', 'test.listed', 'test.looked']],
    ['by user', () => 'actorName=system&action=test.looked', ['test.looked']],
    ['by another user', () => 'actorName=clerk&action=test.looked', []],
    ['by kind', () => 'kind=change&action=test.', ['test.changed']],
    ['by subject', () => 'subjectKind=list&subjectId=l-1', ['test.listed']],
    ['of another time', () => 'action=test.&before=2020-01-01', []],
  ])('%s', async (_name, query, expected) => {
    expect(await actions(query())).toEqual(expected);
  });

  it('is exported as CSV that runs nothing in a spreadsheet, and the export stands in it', async () => {
    const { text, headers } = await office
      .call('get', '/api/v1/audit-events/export.csv?action=test.changed', auditor)
      .expect(200);
    expect(headers['content-disposition']).toContain('audit-events.csv');
    const [head, row] = text.replace('\ufeff', '').split('\n');
    expect(head).toContain('时间 at');
    expect(row).toContain(`,'=cmd|calc!A1,`);
    expect(row).toContain('""formula"":""@SUM(1+1)""');
    expect(await actions('action=identity.audit-exported')).toHaveLength(1);
  });

  it('is not exported by the ten thousands', async () => {
    await office.database.query(
      `INSERT INTO audit_event (pool_area, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id)
       SELECT '331100', gen_random_uuid(), gen_random_uuid(), 'many', '{}', 'look', 'test.many', 'test', n::text
       FROM generate_series(1, 20001) AS n`,
    );
    const { body } = await office.call('get', '/api/v1/audit-events/export.csv?action=test.many', auditor).expect(422);
    expect(body).toMatchObject({ code: 'audit.export-too-large', limit: 20_000 });
  });

  it.each(['audit-events/export.csv', 'audit-chain', 'audit-anchors', 'audit-anchors/anchors.ndjson'])(
    '%s is for the auditor only',
    async (path) => {
      for (const role of ['admin', 'clerk', 'provider'] as const) {
        await office.call('get', `/api/v1/${path}`, await office.tokenOf(role)).expect(403);
      }
    },
  );
});

describe('the state of the chain over REST', () => {
  it('has nothing to anchor before anything was chained', async () => {
    const { body } = await office.call('post', '/api/v1/audit-anchors', auditor).expect(409);
    expect(body.code).toBe('audit.nothing-chained');
    expect((await office.call('get', '/api/v1/audit-chain', auditor).expect(200)).body).toMatchObject({
      ...{ streams: [], verification: null, anchor: null },
    });
  });

  it('tells how far it reaches, when it was verified and what was anchored', async () => {
    await office.get(ChainKeeper).sweep();
    await office.get(AuditVerifier).verifyAndRecord(POOL);
    const { body: made } = await office.call('post', '/api/v1/audit-anchors', auditor).expect(201);
    const { body } = await office.call('get', '/api/v1/audit-chain', auditor).expect(200);
    expect(body.streams.map(({ stream }: { stream: string }) => stream)).toContain('audit');
    expect(body.streams[0].verifiedBlock).toBe(body.streams[0].block);
    expect(body.verification).toMatchObject({ intact: true, differences: 0, by: 'system' });
    expect(body.anchor).toEqual(made);
    expect(body.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    const file = await office.call('get', '/api/v1/audit-anchors/anchors.ndjson', auditor).buffer(true).expect(200);
    expect(file.text).toBe(`${String(made.line)}\n`);
    const sheet = await office.call('get', `/api/v1/audit-anchors/${String(made.seq)}/sheet.txt`, auditor).expect(200);
    expect(sheet.text).toContain('审计锚点 Audit anchor');
    expect((await office.call('get', '/api/v1/audit-anchors', auditor).expect(200)).body).toHaveLength(1);
    await office.call('get', '/api/v1/audit-anchors/99/sheet.txt', auditor).expect(404);
    await office.call('get', '/api/v1/audit-anchors/x/sheet.txt', auditor).expect(404);
  });
});
