import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { as, confirmReset, makeUser, resetsOf } from './accounts.js';
import { openOffice, type Office, PASSWORD } from './office.js';

jest.setTimeout(60_000);

/** ASVS 6.4.6: an administrator starts, and neither learns nor chooses a password. */
let office: Office;
let order = 0;

beforeAll(async () => {
  office = await openOffice();
});

afterAll(async () => {
  await office.close();
});

beforeEach(async () => {
  await office.database.query('DELETE FROM sign_in_throttle');
});

const CHOSEN = 'chosen by the user 9';
const activate = (body: object) => office.call('post', '/api/v1/auth/activate').send({ newPassword: CHOSEN, ...body });

/** A new account with both codes. */
async function started(): Promise<{ id: string; username: string; code: string; resetId: string }> {
  order += 1;
  const username = `starter-${String(order)}`;
  const admin = await as(office, 'admin');
  const { body } = await admin('post', 'users').send({ username, displayName: '新人', areaCode: '331102' }).expect(201);
  const [reset] = await resetsOf(office, String(body.id));
  return { id: String(body.id), username, code: String(body.code), resetId: String(reset?.id) };
}

describe('a new account', () => {
  it('cannot be activated with the system administrator’s code alone, whatever is put beside it', async () => {
    const { username, code } = await started();
    for (const proof of [{}, { confirmation: code }, { factorCode: '123456' }, { confirmation: '' }]) {
      const { status } = await activate({ username, code, ...proof });
      expect([400, 401]).toContain(status);
    }
  });

  it('is activated once with both codes, by a password that only its user knows; both acts and the use are audited', async () => {
    const { id, username, code, resetId } = await started();
    const confirmation = await confirmReset(office, resetId);
    const weak = await activate({ username, code, confirmation, newPassword: 'short' }).expect(400);
    expect(weak.body.code).toBe('identity.password-weak');
    await activate({ username, code, confirmation }).expect(204);
    await activate({ username, code, confirmation }).expect(401);
    await office.signIn(username, CHOSEN);
    const audited = await office.database.query<{ action: string; actor_name: string }>(
      `SELECT action, actor_name FROM audit_event WHERE subject_id = $1 ORDER BY at`,
      [id],
    );
    expect(audited).toEqual(
      expect.arrayContaining([
        { action: 'identity.reset-started', actor_name: 'admin' },
        { action: 'identity.reset-confirmed', actor_name: 'security' },
        { action: 'identity.credentials-set', actor_name: username },
      ]),
    );
    const [row] = await office.database.query<{ all: string }>(
      `SELECT string_agg(c::text, '') || (SELECT string_agg(a::text, '') FROM audit_event a) AS all FROM credential_reset c`,
    );
    for (const secret of [code, confirmation, CHOSEN]) expect(row?.all).not.toContain(secret);
  });

  it('ends its codes after five wrong tries, after a day, and when they are cancelled', async () => {
    const first = await started();
    const confirmation = await confirmReset(office, first.resetId);
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await activate({ ...first, id: undefined, resetId: undefined, confirmation: first.code }).expect(401);
    }
    await office.database.query('DELETE FROM sign_in_throttle');
    await activate({ username: first.username, code: first.code, confirmation }).expect(401);

    const second = await started();
    const late = await confirmReset(office, second.resetId);
    await office.database.query(`UPDATE credential_reset SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      second.resetId,
    ]);
    await activate({ username: second.username, code: second.code, confirmation: late }).expect(401);

    const third = await started();
    const cancelled = await confirmReset(office, third.resetId);
    const admin = await as(office, 'admin');
    await admin('post', `credential-resets/${third.resetId}/cancel`).expect(204);
    await activate({ username: third.username, code: third.code, confirmation: cancelled }).expect(401);
  });

  it('is confirmed once, and never by who started it or whom it is about', async () => {
    const { id, resetId } = await started();
    await confirmReset(office, resetId);
    const security = await as(office, 'security');
    const again = await security('post', `credential-resets/${resetId}/confirm`);
    expect([again.status, again.body.code]).toEqual([409, 'identity.reset-ended']);
    for (const column of ['started_by', 'user_id']) {
      await expect(
        office.database.query(`UPDATE credential_reset SET confirmed_by = ${column} WHERE id = $1`, [resetId]),
      ).rejects.toMatchObject({ constraint: 'ck_credential_reset_two_persons' });
    }
    await expect(
      office.database.query('UPDATE credential_reset SET started_by = user_id WHERE user_id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'ck_credential_reset_two_persons' });
  });
});

describe('a forgotten password', () => {
  it('stays good until the user has chosen a new one; then every session ends, and the user is told', async () => {
    const user = await makeUser(office, {});
    const { accessToken } = await office.signIn(user.username);
    const admin = await as(office, 'admin');
    const { body } = await admin('post', `users/${user.id}/credential-resets`).send({ kind: 'password' }).expect(201);
    await office.signIn(user.username, PASSWORD);
    const confirmation = await confirmReset(office, String(body.id));
    await activate({ username: user.username, code: body.code, confirmation }).expect(204);
    await office.call('get', '/api/v1/auth/me', accessToken).expect(401);
    await office.call('post', '/api/v1/auth/login').send({ username: user.username, password: PASSWORD }).expect(401);
    const now = await office.signIn(user.username, CHOSEN);
    const own = await office.call('get', '/api/v1/auth/security', now.accessToken).expect(200);
    const kinds = (own.body.notices as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['reset-started', 'credentials-set']));
    await office.call('post', '/api/v1/auth/notices/seen', now.accessToken).expect(204);
    const seen = await office.call('get', '/api/v1/auth/security', now.accessToken).expect(200);
    expect(seen.body.notices).toEqual([]);
  });

  it('answers a name that does not exist like a wrong code', async () => {
    const { username } = await started();
    const codes = { code: '7H2K-9QWE-04MX-ZT3B', confirmation: '7H2K-9QWE-04MX-ZT3B' };
    const unknown = await activate({ username: 'nobody-here', ...codes }).expect(401);
    const wrong = await activate({ username, ...codes }).expect(401);
    const shape = (body: object) => ({ ...body, traceId: '' });
    expect(shape(unknown.body as object)).toEqual(shape(wrong.body as object));
  });
});
