import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadAccessPolicy } from '../../src/identity/index.js';
import { Clock } from '../../src/common/time/index.js';
import { openOffice, type Office, PASSWORD, type Role } from './office.js';

jest.setTimeout(60_000);

/** ASVS 7.5.3: what cannot be taken back asks again who is there. Generated over the rows of policy/access.yaml. */
const policy = loadAccessPolicy();
const rows = policy.rows.filter(({ stepUp }) => stepUp);
const START = Date.parse('2026-11-22T01:00:00.000Z');

let office: Office;
let nowMs = START;

beforeAll(async () => {
  office = await openOffice({ env: { ACTOR_CACHE_MS: '0' } });
  Object.assign(office.get(Clock), { now: () => new Date(nowMs) });
});

afterAll(async () => {
  delete process.env['ACTOR_CACHE_MS'];
  await office.close();
});

const call = (row: (typeof rows)[number], token: string) =>
  office
    .call(row.method, row.path.replace(/\{\w+\}/g, randomUUID()), token)
    .set('idempotency-key', randomUUID())
    .send({});

describe('a step that asks for a fresh proof', () => {
  it('is closing of months, years and books, signing off, changing rights, confirming resets, and the own factor', () => {
    expect(rows.map(({ path }) => path.replace('/api/v1/', '')).sort()).toEqual([
      'auth/second-factor',
      'auth/second-factor/recovery-codes',
      'clearings/{id}/close',
      'credential-resets/{id}/confirm',
      'ledger/periods/close',
      'month-settlements/{id}/close',
      'payment-orders/{id}/sign-off',
      'role-changes/{id}/confirm',
      'users/{id}/credential-resets',
      'users/{id}/role-changes',
    ]);
    expect(policy.stepUpMinutes).toBe(10);
  });

  it.each(rows.map((row) => [`${row.method} ${row.path}`, row] as const))('%s', async (_name, row) => {
    nowMs = START;
    const role = ([...row.roles][0] ?? 'clerk') as Role;
    const token = (await office.signIn(role)).accessToken;
    const codeAt = async (minutes: number): Promise<string> => {
      nowMs = START + minutes * 60_000;
      await office.database.query('UPDATE auth_session SET last_used_at = $1', [new Date(nowMs)]);
      return String((await call(row, token)).body.code);
    };
    expect(await codeAt(9)).not.toBe('identity.step-up-required');
    await office.database.query('UPDATE auth_session SET proved_at = $1', [new Date(START - 2 * 60_000)]);
    nowMs = START + 9 * 60_000;
    const refused = await call(row, token);
    expect([refused.status, refused.body]).toEqual([
      403,
      expect.objectContaining({
        code: 'identity.step-up-required',
        proof: 'password',
        withinMinutes: 10,
        remedy: 'POST /api/v1/auth/proof',
      }),
    ]);
    const prove = (password: string) => office.call('post', '/api/v1/auth/proof', token).send({ password });
    expect((await prove('not the password').expect(422)).body.code).toBe('identity.proof-wrong');
    expect((await call(row, token)).body.code).toBe('identity.step-up-required');
    await prove(PASSWORD).expect(204);
    expect((await call(row, token)).body.code).not.toBe('identity.step-up-required');
  });

  it('is nothing to somebody without the right: the answer does not tell that it exists', async () => {
    nowMs = START;
    const { accessToken } = await office.signIn('clerk');
    await office.database.query('UPDATE auth_session SET proved_at = NULL');
    const row = rows.find(({ path }) => path.includes('role-changes'));
    if (row === undefined) throw new Error('no row');
    expect((await call(row, accessToken)).body.code).toBe('http.forbidden');
  });

  it('cannot be worn down: five wrong proofs lock the account, and the sixth is not looked at', async () => {
    nowMs = START;
    const { accessToken } = await office.signIn('inspector');
    const prove = (password: string) => office.call('post', '/api/v1/auth/proof', accessToken).send({ password });
    for (let wrong = 0; wrong < 5; wrong += 1) await prove('not the password').expect(422);
    await prove(PASSWORD).expect(422);
    nowMs += 15 * 60_000 - 1;
    await office.database.query('UPDATE auth_session SET last_used_at = $1', [new Date(nowMs)]);
  });
});
