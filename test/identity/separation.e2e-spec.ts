import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadAccessPolicy } from '../../src/identity/index.js';
import { openOffice, type Office, POOL, type Role } from './office.js';

/** Three administrators that exclude each other (GB/T 22239 8.1.4.2): what the policy says, and what the database enforces. */
const policy = loadAccessPolicy();
const codes = policy.roles.map(({ code }) => code);
const ADMINISTRATORS: readonly Role[] = ['admin', 'security', 'auditor'];
const BUSINESS = ['clerk', 'reviewer', 'approver', 'inspector', 'provider'];

jest.setTimeout(60_000);

let office: Office;

beforeAll(async () => {
  office = await openOffice();
}, 120_000);

afterAll(async () => {
  await office.close();
});

const pairs = codes.flatMap((one, index) => codes.slice(index + 1).map((other) => [one, other] as const));
const named = ([one, other]: readonly [string, string]): string => [one, other].sort().join(' + ');

/** Tries to give one user both roles, as the owner of the database; the constraint that refused, or undefined. */
async function refusal(roles: readonly string[], inOneStatement: boolean): Promise<string | undefined> {
  const id = randomUUID();
  await office.database.query(
    `INSERT INTO app_user (id, pool_area, username, display_name, area_code, password_changed_at, created_by)
     VALUES ($1, $2, $3, '试', $2, now(), 'test')`,
    [id, POOL, `u${id}`],
  );
  const insert = (some: readonly string[]): Promise<unknown> =>
    office.database.query(
      `INSERT INTO user_role (user_id, role_code, granted_by) SELECT $1, unnest($2::text[]), 'test'`,
      [id, some],
    );
  try {
    if (inOneStatement) await insert(roles);
    else for (const role of roles) await insert([role]);
    return undefined;
  } catch (error) {
    return String((error as { constraint?: string }).constraint);
  }
}

describe('roles that nobody may hold together', () => {
  it('are the same pairs in the policy and in the database, tried with SQL by its owner', async () => {
    const refused: string[] = [];
    for (const pair of pairs) {
      const constraint = await refusal(pair, false);
      if (constraint !== undefined) {
        expect(['ex_user_role_one_duty', 'ex_user_role_one_step']).toContain(constraint);
        refused.push(named(pair));
      }
    }
    expect(refused.sort()).toEqual(policy.exclusive.map(named).sort());
    expect(refused.length).toBeLessThan(pairs.length);
  });

  it('are refused in one statement, too, and for a role that is not invented yet', async () => {
    expect(await refusal(['admin', 'auditor'], true)).toBe('ex_user_role_one_duty');
    expect(await refusal(['clerk', 'approver'], true)).toBe('ex_user_role_one_step');
    for (const administrator of ADMINISTRATORS) {
      expect(await refusal([administrator, 'supervisor'], false)).toBe('ex_user_role_one_duty');
    }
    expect(await refusal(['clerk', 'inspector'], true)).toBeUndefined();
  });

  it('cannot be slipped in by changing a row', async () => {
    const [clerk] = await office.database.query<{ id: string }>(`SELECT id FROM app_user WHERE username = 'clerk'`);
    await office.database.query(
      `INSERT INTO user_role (user_id, role_code, granted_by) VALUES ($1, 'inspector', 't')`,
      [clerk?.id],
    );
    await expect(
      office.database.query(
        `UPDATE user_role SET role_code = 'security' WHERE user_id = $1 AND role_code = 'inspector'`,
        [clerk?.id],
      ),
    ).rejects.toMatchObject({ constraint: 'ex_user_role_one_duty' });
    await office.database.query(`DELETE FROM user_role WHERE user_id = $1 AND role_code = 'inspector'`, [clerk?.id]);
  });
});

describe('each administrator', () => {
  const rows = policy.rows.filter(({ access }) => access === 'permission');
  /** Rows of rights, accounts or the trail that belong to one administrator and to nobody else. */
  const ownRows = (role: string) =>
    rows.filter(({ roles }) => roles.has(role) && ADMINISTRATORS.every((other) => other === role || !roles.has(other)));

  it.each(ADMINISTRATORS)('%s is refused at every endpoint of the other two', async (role) => {
    const theirs = ADMINISTRATORS.filter((other) => other !== role).flatMap((other) => ownRows(other));
    expect(theirs.length).toBeGreaterThan(3);
    const let_in: string[] = [];
    for (const row of theirs) {
      const path = row.path.replace(/\{\w+\}/g, randomUUID());
      const answer = await office
        .call(row.method, path, await office.tokenOf(role))
        .send(row.method === 'GET' ? undefined : {});
      if (answer.status !== 403 || answer.body.code !== 'http.forbidden') let_in.push(`${row.method} ${row.path}`);
    }
    expect(let_in).toEqual([]);
  });

  it.each(ADMINISTRATORS)('%s sees no business: no person, bill, budget, payment or book', (role) => {
    const business = rows.filter(
      ({ path, roles }) =>
        roles.has(role) &&
        /\/(persons|settlements|budgets|month-|clearings|payment-|ledger|fund-|discharge|reports)/.test(path),
    );
    expect(business.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('of the system reads no trail, of security makes no account, of audit only takes anchors along', () => {
    const permissions = (role: string): string[] => [...policy.permissionsOf([role])];
    expect(permissions('admin')).not.toContain('identity.audit.read');
    expect(permissions('security')).not.toEqual(expect.arrayContaining(['identity.users.write']));
    const written = rows.filter(({ method, roles }) => method !== 'GET' && roles.has('auditor'));
    // An anchor is a signed copy of the heads of the chains: it changes nothing of what it attests.
    expect(written.map(({ path }) => path)).toEqual(['/api/v1/audit-anchors']);
    for (const role of BUSINESS) expect(permissions(role)).not.toContain('identity.roles.request');
  });
});
