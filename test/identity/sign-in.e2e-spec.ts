import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BootstrapService } from '../../src/identity/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { openOffice, type Office, PASSWORD } from './office.js';

const AUTH = '/api/v1/auth';
let office: Office;

beforeAll(async () => {
  office = await openOffice();
}, 120_000);

afterAll(async () => {
  await office.close();
});

const login = (username: unknown, password: unknown) =>
  office.call('post', `${AUTH}/login`).send({ username, password });
const me = (token: string) => office.call('get', `${AUTH}/me`, token);
const refresh = (refreshToken: string) => office.call('post', `${AUTH}/refresh`).send({ refreshToken });

describe('sign-in', () => {
  it('tells who is signed in, with the rights from the policy', async () => {
    const { body } = await me(await office.tokenOf('reviewer')).expect(200);
    expect(body).toMatchObject({ username: 'reviewer', roles: ['reviewer'], poolArea: '331100', wholePool: true });
    expect(body.permissions).toContain('payment.month.review');
    expect(body.permissions).not.toContain('payment.month.approve');
  });

  it('answers an unknown user exactly like a wrong password', async () => {
    const unknown = await login('nobody-here', PASSWORD).expect(401);
    const wrong = await login('auditor', 'not the password').expect(401);
    const shape = ({ body }: { body: Record<string, unknown> }) => ({ ...body, traceId: '' });
    expect(shape(unknown)).toEqual(shape(wrong));
    expect(unknown.body.code).toBe('identity.sign-in-refused');
  });

  it('locks after five wrong passwords, for a while only, and further tries do not prolong it', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) await login('inspector', 'wrong').expect(401);
    await login('inspector', PASSWORD).expect(401);
    const before = await locks();
    expect(before).toHaveLength(1);
    await login('inspector', 'wrong').expect(401);
    expect(await locks()).toEqual(before);
    await office.database.query(
      `UPDATE sign_in_throttle SET locked_until = now() - interval '1 second' WHERE locked_until IS NOT NULL`,
    );
    await login('inspector', PASSWORD).expect(200);
    expect(await locks()).toEqual([]);
  });

  it('lets at most five of many simultaneous guesses count', async () => {
    const guesses = Array.from({ length: 12 }, (_unused, index) => login('approver', `guess ${String(index)}`));
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(Array(12).fill(401));
    await login('approver', PASSWORD).expect(401);
    await office.database.query('DELETE FROM sign_in_throttle');
  });

  it('refuses mass assignment and wrong types', async () => {
    const extra = await office
      .call('post', `${AUTH}/login`)
      .send({ username: 'clerk', password: PASSWORD, roles: ['admin'] });
    expect([extra.status, extra.body.code]).toEqual([400, 'http.invalid']);
    for (const password of [1, null, true, [PASSWORD], { a: 1 }]) await login('clerk', password).expect(400);
  });

  it('keeps only hashes of passwords and tokens', async () => {
    const { refreshToken, accessToken } = await office.signIn('clerk');
    const [row] = await office.database.query<{ all: string }>(
      `SELECT (SELECT string_agg(u::text, '') FROM app_user u) || (SELECT string_agg(t::text, '') FROM refresh_token t)
              || (SELECT string_agg(a::text, '') FROM audit_event a) AS all`,
    );
    for (const secret of [refreshToken, accessToken, PASSWORD]) expect(row?.all).not.toContain(secret);
    expect(row?.all).toMatch(/\$argon2id\$v=19\$(?=[^$]*\bm=19456\b)(?=[^$]*\bt=2\b)(?=[^$]*\bp=1\b)/);
  });
});

describe('refresh tokens', () => {
  it('work once each and carry the session on', async () => {
    const first = await office.signIn('clerk');
    const second = (await refresh(first.refreshToken).expect(200)).body;
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const third = (await refresh(second.refreshToken).expect(200)).body;
    await me(third.accessToken).expect(200);
  });

  it('revoke the whole family when one comes a second time, and audit it', async () => {
    const first = await office.signIn('clerk');
    const second = (await refresh(first.refreshToken).expect(200)).body;
    const reused = await refresh(first.refreshToken).expect(401);
    expect(reused.body.code).toBe('identity.refresh-refused');
    await refresh(second.refreshToken).expect(401);
    await me(second.accessToken).expect(401);
    await me(first.accessToken).expect(401);
    const audited = await office.database.query(`SELECT 1 FROM audit_event WHERE action = 'identity.refresh-reused'`);
    expect(audited.length).toBeGreaterThan(0);
  });

  it('are given out once of twenty simultaneous uses, and the family is revoked', async () => {
    const { refreshToken } = await office.signIn('clerk');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
    await me(String(winners[0]?.body.accessToken)).expect(401);
  });

  it('end with idleness and with the session', async () => {
    const idle = await office.signIn('clerk');
    await office.database.query(`UPDATE auth_session SET last_used_at = last_used_at - interval '16 minutes'`);
    await refresh(idle.refreshToken).expect(401);
    const old = await office.signIn('clerk');
    await office.database.query(
      `UPDATE auth_session SET created_at = created_at - interval '13 hours', last_used_at = now(), expires_at = now() - interval '1 second'`,
    );
    await refresh(old.refreshToken).expect(401);
  });
});

describe('sign-out and password', () => {
  it('kills the access token at once', async () => {
    const { accessToken, refreshToken } = await office.signIn('reviewer');
    await me(accessToken).expect(200);
    await office.call('post', `${AUTH}/logout`, accessToken).expect(204);
    await me(accessToken).expect(401);
    await refresh(refreshToken).expect(401);
  });

  it('changes the password, ends the other sessions and refuses weak ones', async () => {
    const here = await office.signIn('reviewer');
    const elsewhere = await office.signIn('reviewer');
    const change = (currentPassword: string, newPassword: string) =>
      office.call('post', `${AUTH}/password`, here.accessToken).send({ currentPassword, newPassword });
    for (const weak of ['short', 'passwordpassword', '123456789012', 'aaaaaaaaaaaaaaaa', 'my-reviewer-word-1']) {
      expect((await change(PASSWORD, weak).expect(400)).body.code).toBe('identity.password-weak');
    }
    expect((await change('not it', 'a long enough phrase 8').expect(422)).body.code).toBe('identity.password-wrong');
    await change(PASSWORD, '十二个以上的汉字也可以作为密码').expect(204);
    await me(here.accessToken).expect(200);
    await me(elsewhere.accessToken).expect(401);
    await login('reviewer', PASSWORD).expect(401);
    await login('reviewer', '十二个以上的汉字也可以作为密码').expect(200);
  });
});

describe('an address that tries one password on many accounts', () => {
  it('is stopped with 429, and other addresses are not known by a forged header', async () => {
    const lonely = await openOffice();
    try {
      const spray = async (index: number) =>
        (
          await lonely
            .call('post', `${AUTH}/login`)
            .set('x-forwarded-for', `10.0.0.${String(index)}`)
            .send({ username: `user-${String(index)}`, password: 'Spring-2026-now' })
        ).status;
      for (let index = 0; index < 100; index += 1) expect(await spray(index)).toBe(401);
      expect(await spray(101)).toBe(429);
    } finally {
      await lonely.close();
    }
  }, 120_000);
});

describe('an installation without demonstration', () => {
  let fresh: TestApp;
  let dataDir: string;
  const person = { username: 'first.admin', displayName: '首位管理员', password: 'erste phrase 2026 x' };
  const bootstrap = (body: object) => fresh.http().post(`${AUTH}/bootstrap`).send(body);

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'tongchou-'));
    fresh = await createTestApp({ env: { DATA_DIR: dataDir } });
  }, 120_000);

  afterAll(async () => {
    await fresh.close();
    delete process.env['DATA_DIR'];
    rmSync(dataDir, { recursive: true });
  });

  it('has no account at all', async () => {
    expect(await fresh.database.query('SELECT 1 FROM app_user')).toEqual([]);
    await fresh.http().post(`${AUTH}/login`).send({ username: 'admin', password: 'admin' }).expect(401);
    await bootstrap({ token: 'x'.repeat(32), ...person }).expect(403);
  });

  it('fills four seats with tokens that work once each, so that one of security can confirm what the other asks', async () => {
    const { tokens, file } = await fresh.get(BootstrapService).createTokens();
    expect(tokens.map(({ role }) => role)).toEqual(['admin', 'security', 'security', 'auditor']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(tokens.map(({ role, token }) => `${role} ${token}\n`).join(''));
    for (const [index, { role, token }] of tokens.entries()) {
      const who = { ...person, username: `first.${role}.${String(index)}`, password: 'erste phrase 2026 x' };
      await bootstrap({ token, ...who, password: 'short' }).expect(400);
      expect((await bootstrap({ token, ...who }).expect(201)).body.role).toBe(role);
      const again = await bootstrap({ token, ...who, username: 'second.one' }).expect(403);
      expect(again.body.code).toBe('identity.bootstrap-refused');
      const { body } = await fresh
        .http()
        .post(`${AUTH}/login`)
        .send({ username: who.username, password: who.password })
        .expect(200);
      const me = await fresh
        .http()
        .get(`${AUTH}/me`)
        .set('authorization', `Bearer ${String(body.accessToken)}`);
      expect(me.body.roles).toEqual([role]);
    }
    expect((await fresh.get(BootstrapService).createTokens()).tokens).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it('gives a token again for a seat that became vacant, and none of the older tokens works then', async () => {
    await fresh.database.query(`UPDATE app_user SET state = 'disabled' WHERE username = 'first.security.1'`);
    const older = await fresh.get(BootstrapService).createTokens();
    expect(older.tokens.map(({ role }) => role)).toEqual(['security']);
    const newer = await fresh.get(BootstrapService).createTokens();
    const take = (token = '', username = '') => bootstrap({ ...person, token, username });
    await take(older.tokens[0]?.token, 'older.one').expect(403);
    await fresh.database.query(`UPDATE app_user SET state = 'active' WHERE username = 'first.security.1'`);
    await take(newer.tokens[0]?.token, 'too.late').expect(403);
    await fresh.database.query(`UPDATE app_user SET state = 'disabled' WHERE username = 'first.security.1'`);
    await take(newer.tokens[0]?.token, 'newer.one').expect(201);
  });
});

/** The ends of all rests that are under way. */
async function locks(): Promise<unknown[]> {
  const rows = await office.database.query<{ key: string; locked_until: Date }>(
    'SELECT key, locked_until FROM sign_in_throttle WHERE locked_until IS NOT NULL',
  );
  return rows;
}
