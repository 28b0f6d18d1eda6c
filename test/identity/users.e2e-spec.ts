import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOffice, type Office, PASSWORD, PROVIDER_ID } from './office.js';

let office: Office;
let admin: string;
let order = 0;

beforeAll(async () => {
  office = await openOffice();
  admin = await office.tokenOf('admin');
}, 120_000);

afterAll(async () => {
  await office.close();
});

const users = (method: string, path = '', token = admin) => office.call(method, `/api/v1/users${path}`, token);
const me = (token: string) => office.call('get', '/api/v1/auth/me', token);

function wish(over: object = {}): Record<string, unknown> {
  order += 1;
  return { username: `user-${String(order)}`, displayName: '新用户', areaCode: '331102', roles: ['clerk'], ...over };
}

/** Makes an account and takes it through its first sign-in. */
async function newUser(over: object = {}): Promise<{ id: string; username: string; version: number; token: string }> {
  const { body } = await users('post').send(wish(over)).expect(201);
  const { id, username, oneTimePassword } = body as Record<string, string>;
  const { accessToken } = await office.signIn(String(username), oneTimePassword);
  const change = { currentPassword: oneTimePassword, newPassword: PASSWORD };
  await office.call('post', '/api/v1/auth/password', accessToken).send(change).expect(204);
  const { body: now } = await users('get', `/${String(id)}`).expect(200);
  return { id: String(id), username: String(username), version: now.version as number, token: accessToken };
}

describe('an account made by an administrator', () => {
  it('starts with a password for one sign-in, which must be changed before anything else', async () => {
    const { body } = await users('post').send(wish()).expect(201);
    expect(body).toMatchObject({ state: 'active', areaCode: '331102', roles: ['clerk'], mustChangePassword: true });
    const { accessToken } = await office.signIn(body.username, body.oneTimePassword);
    expect((await me(accessToken).expect(200)).body.mustChangePassword).toBe(true);
    const early = await office.call('get', '/api/v1/areas', accessToken).expect(403);
    expect(early.body.code).toBe('identity.password-change-first');
    const change = { currentPassword: body.oneTimePassword, newPassword: PASSWORD };
    await office.call('post', '/api/v1/auth/password', accessToken).send(change).expect(204);
    await office.call('get', '/api/v1/areas', accessToken).expect(200);
  });

  it.each([
    ['a name that is taken', { username: 'clerk' }, 409, 'identity.username-taken'],
    ['a role that does not exist', { roles: ['boss'] }, 400, 'identity.role-unknown'],
    ['two roles that exclude each other', { roles: ['clerk', 'approver'] }, 422, 'identity.roles-exclusive'],
    ['administration together with business', { roles: ['admin', 'clerk'] }, 422, 'identity.roles-exclusive'],
    ['a bureau role for a provider’s user', { providerId: PROVIDER_ID }, 400, 'identity.provider-role'],
    ['the provider role without a provider', { roles: ['provider'] }, 400, 'identity.provider-role'],
    ['an area of another prefecture', { areaCode: '330100' }, 400, 'identity.area-outside'],
    ['a name with blanks', { username: 'Mr X' }, 400, 'http.invalid'],
    ['a password of the administrator’s choice', { password: PASSWORD }, 400, 'http.invalid'],
    ['a column of the table', { version: 7, poolArea: '330100' }, 400, 'http.invalid'],
  ])('is refused with %s', async (_name, over, status, code) => {
    const answer = await users('post').send(wish(over));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('rights', () => {
  it('nobody changes their own', async () => {
    const { body } = await me(admin).expect(200);
    const id = String(body.userId);
    for (const [method, path, sent] of [
      ['put', `/${id}/roles`, { roles: ['admin', 'inspector'], version: 1 }],
      ['post', `/${id}/disable`, {}],
      ['post', `/${id.toUpperCase()}/reset-password`, {}],
    ] as const) {
      const answer = await users(method, path).send(sent);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'identity.own-roles']);
    }
  });

  it('that are taken away are gone with the next request, and that is audited', async () => {
    const user = await newUser();
    await office.call('get', '/api/v1/persons', user.token).expect(200);
    await users('put', `/${user.id}/roles`)
      .send({ roles: ['auditor'], version: user.version })
      .expect(200);
    await office.call('get', '/api/v1/persons', user.token).expect(401);
    const { accessToken } = await office.signIn(user.username);
    expect((await me(accessToken).expect(200)).body.roles).toEqual(['auditor']);
    const trail = await office
      .call('get', `/api/v1/audit-events?subjectKind=user&subjectId=${user.id}`, await office.tokenOf('auditor'))
      .expect(200);
    expect((trail.body.items as { action: string }[]).map(({ action }) => action)).toContain('identity.roles-changed');
  });

  it('end at once with the account', async () => {
    const user = await newUser();
    await me(user.token).expect(200);
    await users('post', `/${user.id}/disable`).expect(200);
    await me(user.token).expect(401);
    const login = { username: user.username, password: PASSWORD };
    await office.call('post', '/api/v1/auth/login').send(login).expect(401);
    await users('post', `/${user.id}/enable`).expect(200);
    await office.call('post', '/api/v1/auth/login').send(login).expect(200);
    await me(user.token).expect(401);
  });

  it('are not overwritten by someone who has read an older state', async () => {
    const user = await newUser();
    await users('patch', `/${user.id}`).send({ displayName: '甲', version: user.version }).expect(200);
    const late = await users('patch', `/${user.id}`).send({ displayName: '乙', version: user.version });
    expect([late.status, late.body.code]).toEqual([409, 'identity.version-conflict']);
  });
});

describe('the list of users', () => {
  it('comes page by page, complete, and only of the own area', async () => {
    await newUser({ areaCode: '331121' });
    const county = await newUser({ areaCode: '331102', roles: ['admin'] });
    const names: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await users('get', `?limit=3${more}`).expect(200);
      names.push(...(body.items as { username: string }[]).map(({ username }) => username));
      cursor = body.nextCursor as string | null;
    }
    expect(names).toEqual([...new Set(names)].sort());
    const [all] = await office.database.query<{ n: number }>('SELECT count(*)::int AS n FROM app_user');
    expect(names).toHaveLength(all?.n ?? -1);
    const { body } = await users('get', '?limit=200', county.token).expect(200);
    const areas = new Set((body.items as { areaCode: string }[]).map(({ areaCode }) => areaCode));
    expect([...areas]).toEqual(['331102']);
  });
});
