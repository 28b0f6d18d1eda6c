import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askRoles, makeUser, resetsOf, type UserWish } from './accounts.js';
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
  return { username: `new-${String(order)}`, displayName: '新用户', areaCode: '331102', ...over };
}

/** Makes an account with rights and signs it in. */
async function newUser(over: UserWish = {}): Promise<{ id: string; username: string; version: number; token: string }> {
  const user = await makeUser(office, over);
  return { ...user, token: (await office.signIn(user.username)).accessToken };
}

describe('an account made by the system administrator', () => {
  it('has no right and no password, and nobody can sign in to it', async () => {
    const { body } = await users('post').send(wish()).expect(201);
    expect(body).toMatchObject({ state: 'active', areaCode: '331102', roles: [], activated: false });
    for (const password of [body.code, '', PASSWORD]) {
      const login = await office.call('post', '/api/v1/auth/login').send({ username: body.username, password });
      expect([400, 401]).toContain(login.status);
    }
    const [row] = await office.database.query<{ password_hash: string | null }>(
      'SELECT password_hash FROM app_user WHERE id = $1',
      [body.id],
    );
    expect(row?.password_hash).toBeNull();
    expect(await resetsOf(office, String(body.id))).toMatchObject([{ kind: 'activation' }]);
  });

  it.each([
    ['a name that is taken', { username: 'clerk' }, 409, 'identity.username-taken'],
    ['an area of another prefecture', { areaCode: '330100' }, 400, 'identity.area-outside'],
    ['a name with blanks', { username: 'Mr X' }, 400, 'http.invalid'],
    ['a password of the administrator’s choice', { password: PASSWORD }, 400, 'http.invalid'],
    ['a role: the system administrator gives none', { roles: ['clerk'] }, 400, 'http.invalid'],
    ['a provider: its scope is given with the role', { providerId: PROVIDER_ID }, 400, 'http.invalid'],
    ['a column of the table', { version: 7, poolArea: '330100' }, 400, 'http.invalid'],
  ])('is refused with %s', async (_name, over, status, code) => {
    const answer = await users('post').send(wish(over));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('rights', () => {
  it('nobody changes their own state or credentials', async () => {
    const { body } = await me(admin).expect(200);
    const id = String(body.userId);
    for (const [method, path, sent] of [
      ['post', `/${id}/disable`, {}],
      ['post', `/${id.toUpperCase()}/credential-resets`, { kind: 'password' }],
    ] as const) {
      const answer = await users(method, path).send(sent);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'identity.own-roles']);
    }
  });

  it('that are taken away are gone with the next request, and that is audited', async () => {
    const user = await newUser();
    await office.call('get', '/api/v1/persons', user.token).expect(200);
    const change = await askRoles(office, user.id, { roles: [] });
    await office.call('get', '/api/v1/persons', user.token).expect(200);
    await office.call('post', `/api/v1/role-changes/${change}/confirm`, await office.tokenOf('approver')).expect(200);
    await office.call('get', '/api/v1/persons', user.token).expect(401);
    const { accessToken } = await office.signIn(user.username);
    expect((await me(accessToken).expect(200)).body.roles).toEqual([]);
    await office.call('get', '/api/v1/persons', accessToken).expect(403);
    const trail = await office
      .call('get', `/api/v1/audit-events?subjectKind=user&subjectId=${user.id}`, await office.tokenOf('auditor'))
      .expect(200);
    const actions = (trail.body.items as { action: string }[]).map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['identity.role-change-requested', 'identity.roles-changed', 'identity.user-created']),
    );
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

  it('of the last administrator of a kind are not taken: nobody could give them again', async () => {
    const [auditor] = await office.database.query<{ id: string }>(`SELECT id FROM app_user WHERE username = 'auditor'`);
    const answer = await users('post', `/${String(auditor?.id)}/disable`);
    expect([answer.status, answer.body.code]).toEqual([422, 'identity.last-administrator']);
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
