import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StrictFastifyAdapter } from '../../src/common/http/index.js';
import { type AccessRow, loadAccessPolicy } from '../../src/identity/index.js';
import { openOffice, type Office, type Role, ROLES } from './office.js';

/** Every row of the policy that needs a sign-in, as the matrix endpoint × role. */
const policy = loadAccessPolicy();
const guarded = policy.rows.filter((row) => row.access !== 'public');
const SOME_ID = '01900000-0000-7000-8000-0000000000ff';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
}, 120_000);

afterAll(async () => {
  await office.close();
});

const pathOf = (row: AccessRow): string => row.path.replace(/\{\w+\}/g, SOME_ID);
const nameOf = (row: { method: string; path: string }): string => `${row.method} ${row.path}`;
const braces = (url: string): string => url.replace(/:(\w+)/g, '{$1}');

/** The sets that must be equal; the router's parameter names are OpenAPI's. */
async function threeLists(): Promise<Record<'served' | 'described' | 'permitted', string[]>> {
  const adapter = office.app.getHttpAdapter() as unknown as StrictFastifyAdapter;
  const served = adapter.routes
    .under('/api/')
    .map(({ method, url }) => `${method} ${braces(url)}`)
    .filter((name) => !name.includes('/api/docs'));
  const { body } = await office.call('get', '/api/openapi.json').expect(200);
  const paths = body.paths as Record<string, Record<string, unknown>>;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  return { served, described, permitted: policy.rows.map(nameOf) };
}

describe('served routes = OpenAPI = rows of policy/access.yaml', () => {
  it('has no difference in any direction', async () => {
    const { served, described, permitted } = await threeLists();
    const without = (one: string[], other: string[]): string[] => one.filter((name) => !other.includes(name)).sort();
    expect(served.length).toBeGreaterThan(40);
    expect({
      servedButNotPermitted: without(served, permitted),
      permittedButNotServed: without(permitted, served),
      servedButNotDescribed: without(served, [...described, 'GET /api/openapi.json']),
      describedButNotServed: without(described, served),
    }).toEqual({
      servedButNotPermitted: [],
      permittedButNotServed: [],
      servedButNotDescribed: [],
      describedButNotServed: [],
    });
  });
});

describe('endpoint × role', () => {
  it(`holds for ${String(guarded.length)} endpoints × ${String(ROLES.length)} roles, and nobody gets in without a token`, async () => {
    const wrong: string[] = [];
    for (const row of guarded) {
      const anonymous = await office.call(row.method, pathOf(row));
      if (anonymous.status !== 401) wrong.push(`${nameOf(row)} without a token: ${String(anonymous.status)}`);
      for (const role of ROLES) wrong.push(...(await faultsOf(row, role)));
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  it('sees a hole: a row for another role than the one that is let in is reported', async () => {
    const row = guarded.find(({ path }) => path === '/api/v1/users');
    if (row === undefined) throw new Error('the row of /api/v1/users is missing');
    const forged: AccessRow = { ...row, roles: new Set(['clerk']) };
    expect(await faultsOf(forged, 'clerk')).toHaveLength(1);
    expect(await faultsOf(forged, 'admin')).toHaveLength(1);
  });

  it('answers 404 or 405, never data, to variants of a path', async () => {
    const token = await office.tokenOf('clerk');
    for (const path of [
      '/api/v1/USERS',
      '/api/v1//users',
      '/api/v1/users/',
      '/api/v1/./users',
      '/api/v1/users%2f',
      '/api/v1/users;x=1',
    ]) {
      const { status, headers } = await office.call('get', path, token);
      expect([path, [403, 404].includes(status)]).toEqual([path, true]);
      expect(headers['content-type']).toMatch(/problem\+json/);
    }
  });
});

/** Signing out would end the session that the rest of the matrix uses. */
const ENDS_SESSION = new Set(['POST /api/v1/auth/logout']);

async function faultsOf(row: AccessRow, role: Role): Promise<string[]> {
  const permitted = row.roles.has(role);
  const token = ENDS_SESSION.has(nameOf(row)) ? (await office.signIn(role)).accessToken : await office.tokenOf(role);
  const body = row.method === 'GET' ? undefined : {};
  const answer = await office.call(row.method, pathOf(row), token).send(body);
  const code = String(answer.body?.code ?? '');
  const refused = answer.status === 403 && code === 'http.forbidden';
  const faults: string[] = [];
  if (!permitted && !refused) faults.push(`${nameOf(row)} lets ${role} in: ${String(answer.status)} ${code}`);
  if (permitted && (answer.status === 401 || refused)) {
    faults.push(`${nameOf(row)} keeps ${role} out: ${String(answer.status)} ${code}`);
  }
  if (answer.status >= 500) faults.push(`${nameOf(row)} as ${role}: ${String(answer.status)} ${code}`);
  return faults;
}
