import request from 'supertest';
import { type Area, Areas } from '../../src/catalogue/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { DemoAccounts } from '../../src/identity/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

export const PASSWORD = 'correct horse battery staple';
export const POOL = '331100';

const AREAS: readonly Area[] = [
  { code: POOL, name: '丽水市', level: 'pool', parentCode: null, path: POOL },
  { code: '331102', name: '莲都区', level: 'county', parentCode: POOL, path: `${POOL}.331102` },
  { code: '331121', name: '青田县', level: 'county', parentCode: POOL, path: `${POOL}.331121` },
];

/** An application on a pool of two counties with the demo accounts; `as('clerk')` speaks for one of them. */
export interface SmallPool extends TestApp {
  as(username: string): Promise<Caller>;
  /** Moves an account into one county, so that it sees only that. */
  moveTo(username: string, areaCode: string): Promise<void>;
}

export interface Caller {
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  patch(path: string, body: object): request.Test;
}

export async function smallPool(): Promise<SmallPool> {
  const app = await createTestApp({ env: { ACTOR_CACHE_MS: '0', SCHEDULES: 'off', LOG_LEVEL: 'silent' } });
  await app.get(Transactions).run(async (tx) => {
    await app.get(Areas).add(tx, AREAS);
    await app.get(DemoAccounts).ensure(tx, { poolArea: POOL, password: PASSWORD });
  });
  return {
    ...app,
    as: (username) => signIn(app, username),
    moveTo: async (username, areaCode) => {
      await app.database.query('UPDATE app_user SET area_code = $2 WHERE username = $1', [username, areaCode]);
    },
  };
}

async function signIn(app: TestApp, username: string): Promise<Caller> {
  const answer = await app.http().post('/api/v1/auth/login').send({ username, password: PASSWORD }).expect(200);
  const bearer = `Bearer ${String(answer.body.accessToken)}`;
  const url = (path: string): string => `/api/v1/${path}`;
  return {
    get: (path) => app.http().get(url(path)).set('authorization', bearer),
    post: (path, body) => app.http().post(url(path)).set('authorization', bearer).send(body),
    patch: (path, body) => app.http().patch(url(path)).set('authorization', bearer).send(body),
  };
}

/** Completes 17 digits to a valid identity number (ISO 7064 MOD 11-2). */
export function idNo(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}
