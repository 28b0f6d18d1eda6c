import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { as, askRoles, giveRoles, makeUser, type MadeUser, secondSecurity } from './accounts.js';
import { openOffice, type Office, POOL, PROVIDER_ID, type Role, ROLES } from './office.js';

/** F31: privilege escalation by role edit. One person asks, another confirms, and neither is the one concerned. */
jest.setTimeout(60_000);

let office: Office;
type Call = Awaited<ReturnType<typeof as>>;
const callers = new Map<Role, Call>();

beforeAll(async () => {
  office = await openOffice();
  for (const role of ROLES) callers.set(role, await as(office, role));
}, 120_000);

afterAll(async () => {
  await office.close();
});

const by = (role: Role): Call => {
  const call = callers.get(role);
  if (call === undefined) throw new Error(role);
  return call;
};

async function idOf(username: string): Promise<{ id: string; version: number }> {
  const [row] = await office.database.query<{ id: string; version: number }>(
    'SELECT id, version FROM app_user WHERE username = $1',
    [username],
  );
  if (row === undefined) throw new Error(username);
  return row;
}

const wish = (user: { version: number }, over: object = {}) => ({
  roles: ['clerk'],
  areaCode: '331102',
  reason: '岗位调整',
  version: user.version,
  ...over,
});

async function rolesOf(id: string): Promise<string[]> {
  const rows = await office.database.query<{ role_code: string }>(
    'SELECT role_code FROM user_role WHERE user_id = $1 ORDER BY 1',
    [id],
  );
  return rows.map(({ role_code }) => role_code);
}

describe('asking for roles', () => {
  let user: MadeUser;
  beforeAll(async () => {
    user = await makeUser(office, { roles: [] });
  });

  it.each(ROLES)('as %s: only a security administrator may', async (role) => {
    const { status, body } = await by(role)('post', `users/${user.id}/role-changes`).send(wish(user));
    expect([status, body.code]).toEqual(role === 'security' ? [201, undefined] : [403, 'http.forbidden']);
    if (status === 201) await by('security')('post', `role-changes/${String(body.id)}/withdraw`).expect(200);
  });

  it.each(ROLES)('for %s themselves: the matrix of own role edits is empty', async (role) => {
    const self = await idOf(role);
    for (const roles of ROLES) {
      const { status } = await by(role)('post', `users/${self.id}/role-changes`).send(wish(self, { roles: [roles] }));
      expect([role, roles, status]).toEqual([role, roles, 403]);
    }
    expect(await rolesOf(self.id)).toEqual([role]);
  });

  it.each([
    ['a role that does not exist', { roles: ['boss'] }, 400, 'identity.role-unknown'],
    ['two roles that exclude each other', { roles: ['clerk', 'approver'] }, 422, 'identity.roles-exclusive'],
    ['administration together with business', { roles: ['security', 'clerk'] }, 422, 'identity.roles-exclusive'],
    ['two administrations', { roles: ['admin', 'auditor'] }, 422, 'identity.roles-exclusive'],
    ['a bureau role for a provider’s user', { providerId: PROVIDER_ID }, 400, 'identity.provider-role'],
    ['the provider role without a provider', { roles: ['provider'] }, 400, 'identity.provider-role'],
    ['an area of another prefecture', { areaCode: '330100' }, 403, 'identity.grant-beyond-own'],
    ['no reason', { reason: '' }, 400, 'http.invalid'],
    ['another version than the one there is', { version: 99 }, 409, 'identity.version-conflict'],
    ['a decision of its own', { state: 'confirmed' }, 400, 'http.invalid'],
  ])('is refused with %s', async (_name, over, status, code) => {
    const answer = await by('security')('post', `users/${user.id}/role-changes`).send(wish(user, over));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('waits alone: a second request for the same user is a conflict', async () => {
    const first = await askRoles(office, user.id, { roles: ['clerk'] });
    const again = await by('security')('post', `users/${user.id}/role-changes`).send(wish(user));
    expect([again.status, again.body.code]).toEqual([409, 'identity.role-change-open']);
    await by('security')('post', `role-changes/${first}/withdraw`).expect(200);
  });

  it('reaches no further than the own county', async () => {
    const county = await makeUser(office, { roles: ['security'], areaCode: '331102' });
    const { accessToken } = await office.signIn(county.username);
    const call = (path: string) => office.call('post', `/api/v1/${path}`, accessToken);
    const wider = await call(`users/${user.id}/role-changes`).send(wish(user, { areaCode: POOL }));
    expect([wider.status, wider.body.code]).toEqual([403, 'identity.grant-beyond-own']);
    const elsewhere = await makeUser(office, { roles: [], areaCode: '331121' });
    await call(`users/${elsewhere.id}/role-changes`).send(wish(elsewhere)).expect(404);
    const fine = await call(`users/${user.id}/role-changes`).send(wish(user)).expect(201);
    await call(`role-changes/${String(fine.body.id)}/withdraw`).expect(200);
  });
});

describe('confirming a change', () => {
  const cells = ROLES.flatMap((confirmer) => ROLES.map((given) => [confirmer, given] as const));
  /** Whoever asked cannot; an approver confirms business roles; nobody else confirms anything. */
  const expected = (confirmer: Role, given: Role): string => {
    if (confirmer === 'security') return 'identity.same-person';
    if (confirmer !== 'approver') return 'http.forbidden';
    return ['admin', 'security', 'auditor'].includes(given) ? 'identity.grant-beyond-own' : 'confirmed';
  };

  it(`holds in ${String(cells.length)} cells of confirmer × role that is given`, async () => {
    const wrong: string[] = [];
    const users = new Map<Role, MadeUser>();
    for (const [confirmer, given] of cells) {
      const user = users.get(given) ?? (await makeUser(office, { roles: [] }));
      users.set(given, user);
      const scope = given === 'provider' ? { providerId: PROVIDER_ID } : {};
      const change = await askRoles(office, user.id, { roles: [given], ...scope });
      const answer = await by(confirmer)('post', `role-changes/${change}/confirm`);
      const seen = answer.status === 200 ? 'confirmed' : String(answer.body.code);
      if (seen !== expected(confirmer, given)) wrong.push(`${confirmer} × ${given}: ${seen}`);
      const held = await rolesOf(user.id);
      if (held.includes(given) !== (seen === 'confirmed')) wrong.push(`${confirmer} × ${given}: holds ${held.join()}`);
      if (seen === 'confirmed') users.delete(given);
      else await by('security')('post', `role-changes/${change}/withdraw`).expect(200);
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('of an administrator’s role needs a second security administrator', async () => {
    const user = await makeUser(office, { roles: [] });
    const second = await secondSecurity(office);
    const change = await askRoles(office, user.id, { roles: ['auditor'] });
    await second('post', `role-changes/${change}/confirm`).expect(200);
    expect(await rolesOf(user.id)).toEqual(['auditor']);
    const back = await askRoles(office, user.id, { roles: ['clerk'] });
    const refused = await by('approver')('post', `role-changes/${back}/confirm`);
    expect(refused.body.code).toBe('identity.grant-beyond-own');
    await second('post', `role-changes/${back}/refuse`).send({ reason: '暂不调整' }).expect(200);
    const late = await second('post', `role-changes/${back}/confirm`);
    expect([late.status, late.body.code]).toEqual([409, 'identity.role-change-decided']);
  });

  it('about oneself is refused, whoever asked for it', async () => {
    const approver = await makeUser(office, { roles: ['approver'], areaCode: POOL });
    const { accessToken } = await office.signIn(approver.username);
    const change = await askRoles(office, approver.id, { roles: ['approver', 'inspector'] });
    const own = await office.call('post', `/api/v1/role-changes/${change}/confirm`, accessToken);
    expect([own.status, own.body.code]).toEqual([403, 'identity.own-roles']);
    await by('security')('post', `role-changes/${change}/withdraw`).expect(200);
  });

  it('by ten at once takes effect once', async () => {
    const user = await makeUser(office, { roles: [] });
    const change = await askRoles(office, user.id, { roles: ['inspector'] });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => by('approver')('post', `role-changes/${change}/confirm`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
  });

  it('of a user who was changed meanwhile is refused: what was read is not what would be changed', async () => {
    const user = await makeUser(office, { roles: [] });
    const change = await askRoles(office, user.id, { roles: ['clerk'] });
    await by('admin')('patch', `users/${user.id}`).send({ displayName: '改名', version: user.version }).expect(200);
    const late = await by('approver')('post', `role-changes/${change}/confirm`);
    expect([late.status, late.body.code]).toEqual([409, 'identity.version-conflict']);
  });

  it('moves the scope with the roles, tells the user, and is effective at once', async () => {
    const user = await makeUser(office, { roles: ['clerk'], areaCode: '331102' });
    await giveRoles(office, user.id, { roles: ['inspector'], areaCode: '331121' });
    const { accessToken } = await office.signIn(user.username);
    const me = await office.call('get', '/api/v1/auth/me', accessToken).expect(200);
    expect(me.body).toMatchObject({ roles: ['inspector'], areaCodes: ['331121'] });
    const own = await office.call('get', '/api/v1/auth/security', accessToken).expect(200);
    expect(own.body.notices[0]).toMatchObject({
      kind: 'roles-changed',
      details: { requestedBy: '演示安全管理员', confirmedBy: '演示审批' },
    });
  });
});

describe('the table of changes', () => {
  it('refuses one person in two parts, tried with SQL by its owner', async () => {
    const user = await makeUser(office, { roles: [] });
    const change = await askRoles(office, user.id, { roles: ['clerk'] });
    const security = await idOf('security');
    const decide = (who: string, state = 'confirmed'): Promise<unknown> =>
      office.database.query(`UPDATE role_change SET state = $3, decided_by = $2, decided_at = now() WHERE id = $1`, [
        change,
        who,
        state,
      ]);
    await expect(decide(security.id)).rejects.toMatchObject({ constraint: 'ck_role_change_two_persons' });
    await expect(decide(security.id, 'refused')).rejects.toMatchObject({ constraint: 'ck_role_change_two_persons' });
    await expect(decide(user.id)).rejects.toMatchObject({ constraint: 'ck_role_change_not_own' });
    await expect(
      office.database.query('UPDATE role_change SET requested_by = user_id WHERE id = $1', [change]),
    ).rejects.toMatchObject({ constraint: 'ck_role_change_not_own' });
    await by('security')('post', `role-changes/${change}/withdraw`).expect(200);
  });

  it('lets the server decide a change, but not rewrite what was asked for', async () => {
    await expect(
      office.database.query(`SET LOCAL ROLE tongchou_app; UPDATE role_change SET roles = '{admin}'`),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
