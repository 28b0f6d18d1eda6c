import type request from 'supertest';
import { type Office, PASSWORD, type Role } from './office.js';

/** What a test wishes of a new user. */
export interface UserWish {
  readonly username?: string;
  readonly areaCode?: string;
  readonly roles?: readonly string[];
  readonly providerId?: string;
}

export interface MadeUser {
  readonly id: string;
  readonly username: string;
  readonly version: number;
}

let order = 0;

/** Calls in the name of a role's account, without the prefix of the API. */
export async function as(office: Office, role: Role): Promise<(method: string, path: string) => request.Test> {
  const token = await office.tokenOf(role);
  return (method, path) => office.call(method, `/api/v1/${path}`, token);
}

/** An account as it is made: by the system administrator, activated with both codes, its roles asked for and confirmed. */
export async function makeUser(office: Office, wish: UserWish = {}): Promise<MadeUser> {
  order += 1;
  const { username = `user-${String(order)}`, areaCode = '331102', roles = ['clerk'], providerId } = wish;
  const admin = await as(office, 'admin');
  const { body } = await admin('post', 'users').send({ username, displayName: '新用户', areaCode }).expect(201);
  const id = String(body.id);
  const [reset] = await resetsOf(office, id);
  const confirmation = await confirmReset(office, String(reset?.id));
  await office
    .call('post', '/api/v1/auth/activate')
    .send({ username, code: body.code, confirmation, newPassword: PASSWORD })
    .expect(204);
  if (roles.length > 0) await giveRoles(office, id, { roles, areaCode, ...(providerId && { providerId }) });
  const now = await admin('get', `users/${id}`).expect(200);
  return { id, username, version: Number(now.body.version) };
}

/** The open resets of a user, as the security administrator sees them. */
export async function resetsOf(office: Office, userId: string): Promise<{ id: string; kind: string }[]> {
  const security = await as(office, 'security');
  const { body } = await security('get', 'credential-resets?limit=200').expect(200);
  return (body.items as { id: string; userId: string; kind: string }[]).filter((row) => row.userId === userId);
}

/** The security administrator's code for an activation or reset. */
export async function confirmReset(office: Office, id: string): Promise<string> {
  const security = await as(office, 'security');
  const { body } = await security('post', `credential-resets/${id}/confirm`).expect(200);
  return String(body.confirmation);
}

/** Asks for roles as the security administrator; returns the id of the change. */
export async function askRoles(
  office: Office,
  userId: string,
  wish: { roles: readonly string[]; areaCode?: string; providerId?: string },
): Promise<string> {
  const security = await as(office, 'security');
  const { body: user } = await security('get', `users/${userId}`).expect(200);
  const { body } = await security('post', `users/${userId}/role-changes`)
    .send({ areaCode: user.areaCode, reason: '岗位调整', version: user.version, ...wish })
    .expect(201);
  return String(body.id);
}

/** Gives business roles: asked for by the security administrator, confirmed by the approver. */
export async function giveRoles(
  office: Office,
  userId: string,
  wish: { roles: readonly string[]; areaCode?: string; providerId?: string },
): Promise<void> {
  const change = await askRoles(office, userId, wish);
  const approver = await as(office, 'approver');
  const administrators = wish.roles.some((role) => ['admin', 'security', 'auditor'].includes(role));
  const confirmer = administrators ? await secondSecurity(office) : approver;
  await confirmer('post', `role-changes/${change}/confirm`).expect(200);
}

/** A second security administrator, put there by the owner of the database: the demonstration has one only. */
export async function secondSecurity(office: Office): Promise<(method: string, path: string) => request.Test> {
  await office.database.query(
    `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, password_changed_at, created_by)
     SELECT gen_random_uuid(), pool_area, 'security.two', '第二安全管理员', password_hash, area_code, now(), 'test'
       FROM app_user WHERE username = 'security' ON CONFLICT DO NOTHING`,
  );
  await office.database.query(
    `INSERT INTO user_role (user_id, role_code, granted_by)
     SELECT id, 'security', 'test' FROM app_user WHERE username = 'security.two' ON CONFLICT DO NOTHING`,
  );
  const { accessToken } = await office.signIn('security.two');
  return (method, path) => office.call(method, `/api/v1/${path}`, accessToken);
}
