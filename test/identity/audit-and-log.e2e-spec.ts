import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '../../src/common/db/index.js';
import { configureLogger, mask, rootLogger } from '../../src/common/logging/index.js';
import { Audit, systemActor } from '../../src/identity/index.js';
import { openOffice, type Office, PASSWORD, POOL } from './office.js';

let office: Office;
const lines: string[] = [];

beforeAll(async () => {
  office = await openOffice();
  const memory = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  configureLogger('trace', memory);
}, 120_000);

afterAll(async () => {
  await office.close();
});

const asApp = <T>(sql: string, params: unknown[] = []): Promise<T[]> =>
  office.get(Transactions).run((tx) => tx.query(sql, params)) as Promise<T[]>;

async function oneEvent(): Promise<string> {
  const subjectId = `subject-${String(Math.random())}`;
  await office
    .get(Transactions)
    .run((tx) => Audit.record(tx, systemActor(POOL), { action: 'test.done', subjectKind: 'test', subjectId }));
  return subjectId;
}

describe('the audit trail', () => {
  it.each([
    ['changed', `UPDATE audit_event SET action = 'x.y'`],
    ['deleted', 'DELETE FROM audit_event'],
    ['emptied', 'TRUNCATE audit_event'],
  ])('cannot be %s by the application, nor by the owner', async (_name, sql) => {
    await oneEvent();
    const before = await office.database.query('SELECT * FROM audit_event ORDER BY id');
    await expect(asApp(sql)).rejects.toThrow(/permission denied/);
    await expect(office.database.query(sql)).rejects.toThrow(/append-only/);
    await expect(
      office.database.query(`SET session_replication_role = replica; ${sql}; SET session_replication_role = origin`),
    ).rejects.toThrow(/append-only/);
    expect(await office.database.query('SELECT * FROM audit_event ORDER BY id')).toEqual(before);
  });

  it('runs the application without the right to change the schema or to leave its role', async () => {
    const [row] = await asApp<{ current_user: string }>('SELECT current_user');
    expect(row?.current_user).toBe('tongchou_app');
    await expect(asApp('CREATE TABLE intruder (id int)')).rejects.toThrow(/permission denied/);
    await expect(asApp('DROP TABLE app_user')).rejects.toThrow(/must be owner/);
    await expect(asApp('ALTER TABLE audit_event DISABLE TRIGGER ALL')).rejects.toThrow(/must be owner/);
  });

  it('is part of the transaction: what cannot be audited does not happen', async () => {
    const user = async () =>
      (await office.database.query(`SELECT display_name FROM app_user WHERE username = 'clerk'`))[0];
    const before = await user();
    const admin = await office.tokenOf('admin');
    const { body } = await office.call('get', '/api/v1/users', admin).expect(200);
    const clerk = (body.items as { id: string; username: string; version: number }[]).find(
      ({ username }) => username === 'clerk',
    );
    await office.database.query('REVOKE INSERT ON audit_event FROM tongchou_app');
    try {
      const answer = await office
        .call('patch', `/api/v1/users/${String(clerk?.id)}`, admin)
        .send({ displayName: '改名', version: clerk?.version });
      expect(answer.status).toBe(503);
      expect(answer.body).toMatchObject({ code: 'audit.unwritable', status: 503 });
      expect(JSON.stringify(answer.body)).not.toMatch(/audit_event|permission denied/);
    } finally {
      await office.database.query('GRANT INSERT ON audit_event TO tongchou_app');
    }
    expect(await user()).toEqual(before);
  });

  it('tells the auditor who did what, newest first, page by page, and records that it was looked at', async () => {
    const subject = await oneEvent();
    const auditor = await office.tokenOf('auditor');
    const { body } = await office.call('get', `/api/v1/audit-events?subjectKind=test&limit=1`, auditor).expect(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      subjectId: subject,
      action: 'test.done',
      actorName: 'system',
      kind: 'change',
    });
    const next = await office
      .call('get', `/api/v1/audit-events?subjectKind=test&limit=1&cursor=${String(body.nextCursor)}`, auditor)
      .expect(200);
    expect(next.body.items[0]?.id < body.items[0].id).toBe(true);
    const looked = await office.call('get', '/api/v1/audit-events?subjectKind=audit-trail', auditor).expect(200);
    expect(looked.body.items[0]).toMatchObject({ action: 'identity.audit-read', actorName: 'auditor', kind: 'look' });
    await office.call('get', '/api/v1/audit-events', await office.tokenOf('admin')).expect(403);
  });
});

describe('the log', () => {
  it('writes one line for each request, with its id and who sent it', async () => {
    lines.length = 0;
    const token = await office.tokenOf('reviewer');
    const { headers } = await office.call('get', '/api/v1/auth/me?secret=1', token).expect(200);
    const own = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ route }) => route === '/api/v1/auth/me');
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      level: 'info',
      actor: 'reviewer',
      status: 200,
      traceId: headers['x-trace-id'],
      path: '/api/v1/auth/me',
    });
  });

  it('holds no password, token, identity number or telephone number of a whole run, and no line can be forged', async () => {
    lines.length = 0;
    const idNo = '331102198005050014';
    const phone = '13800001234';
    const { accessToken, refreshToken } = await office.signIn('clerk');
    await office.call('post', '/api/v1/persons', accessToken).send({ idNo, phone, name: '雷小明', areaCode: '331102' });
    await office.call('get', `/api/v1/persons/${idNo}`, accessToken);
    await office.call('get', `/api/v1/persons?idNo=${idNo}`, accessToken);
    await office.call('get', `/api/v1/nowhere/${idNo}`, accessToken);
    await office.call('post', '/api/v1/auth/login').send({ username: `x\n{"level":"info"}`, password: PASSWORD });
    await office.call('post', '/api/v1/auth/refresh').send({ refreshToken });
    rootLogger().info(
      { idNo, nested: { deep: [`call ${phone}`] }, authorization: `Bearer ${accessToken}` },
      `seen ${idNo} ${accessToken}`,
    );
    rootLogger().error({ err: { message: `row (${idNo})`, password: PASSWORD } }, 'line one\nline two');
    const log = lines.join('');
    expect(lines.length).toBeGreaterThan(6);
    for (const secret of [idNo, phone, accessToken, refreshToken, PASSWORD]) expect(log).not.toContain(secret);
    for (const line of lines) expect(line.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['331102198005050014', '331102********0014'],
    ['证件33110219800505001X。', '证件331102********001X。'],
    ['331102800505001', '331102******001'],
    ['tel 13800001234', 'tel 138****1234'],
    ['a\r\nb', 'a\\r\\nb'],
    ['amount 7595.62, 20261122', 'amount 7595.62, 20261122'],
  ])('masks %s', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });
});
