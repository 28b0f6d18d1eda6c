import request from 'supertest';
import { Transactions } from '../../src/common/db/index.js';
import { DemoAccounts } from '../../src/identity/index.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../support/app.js';

export const POOL = '331100';
export const PASSWORD = 'office-of-the-tests-7';
export const PROVIDER_ID = '01900000-0000-7000-8000-00000000a001';
export const ROLES = [
  'admin',
  'security',
  'auditor',
  'clerk',
  'reviewer',
  'approver',
  'inspector',
  'provider',
] as const;
export type Role = (typeof ROLES)[number];

/** The application with an account for every role, and calls in the name of each. */
export interface Office extends TestApp {
  /** A fresh sign-in. */
  signIn(username: string, password?: string): Promise<{ accessToken: string; refreshToken: string }>;
  /** The access token of a role's account, signed in once. */
  tokenOf(role: Role): Promise<string>;
  /** One call with a token (or none). */
  call(method: string, path: string, token?: string): request.Test;
}

/** Boots the application and makes the accounts through the same facade as the demonstration. */
export async function openOffice(options: TestAppOptions = {}): Promise<Office> {
  const app = await createTestApp(options);
  const accounts = app.get(DemoAccounts);
  await app
    .get(Transactions)
    .run((tx) => accounts.ensure(tx, { poolArea: POOL, password: PASSWORD, providerId: PROVIDER_ID }));
  const tokens = new Map<Role, Promise<string>>();
  const call = (method: string, path: string, token?: string): request.Test => {
    const agent = app.http() as unknown as Record<string, (path: string) => request.Test>;
    const start = agent[method.toLowerCase()];
    if (start === undefined) throw new Error(`no method ${method}`);
    const test = start.call(agent, path);
    return token === undefined ? test : test.set('authorization', `Bearer ${token}`);
  };
  const signIn = async (username: string, password = PASSWORD) => {
    const { body } = await call('post', '/api/v1/auth/login').send({ username, password }).expect(200);
    return body as { accessToken: string; refreshToken: string };
  };
  const tokenOf = (role: Role): Promise<string> => {
    const known = tokens.get(role) ?? signIn(role).then(({ accessToken }) => accessToken);
    tokens.set(role, known);
    return known;
  };
  return { ...app, signIn, tokenOf, call };
}
