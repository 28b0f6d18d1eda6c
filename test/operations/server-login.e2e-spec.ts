import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { Transactions } from '../../src/common/db/index.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { makeServerLogin } from '../../src/server-login.js';
import { openOffice, type Office } from '../identity/office.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

jest.setTimeout(120_000);

/** The server under a login of its own that is a member of tongchou_app and nothing else (ASVS 13.2.2). */
const LOGIN = `tongchou_server_${String(process.pid)}`;
const PASSWORD = 'a-Long-pass:word/of@the-server';

let database: TestDatabase;
let serverUrl: string;
let office: Office;

beforeAll(async () => {
  database = await cloneDatabase();
  const url = new URL(database.url);
  url.username = LOGIN;
  url.password = encodeURIComponent(PASSWORD);
  serverUrl = url.href;
  await makeServerLogin(serverUrl, database.url);
  office = await openOffice({ database: { ...database, url: serverUrl } });
});

afterAll(async () => {
  await office.close();
  await database.query(`DROP OWNED BY ${LOGIN}`);
  await database.drop();
  const server = new pg.Client({ connectionString: String(process.env['TEST_DATABASE_URL']) });
  await server.connect();
  await server.query(`DROP ROLE ${LOGIN}`);
  await server.end();
});

async function asServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl, options: '-c role=tongchou_app' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const refusalOf = (sql: string): Promise<string> =>
  asServer((client) =>
    client.query(sql).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    ),
  );

describe('under its own login the server', () => {
  it('is ready, signs people in, reads, writes and reconciles', async () => {
    const { body } = await office.call('get', '/api/health/ready').expect(200);
    expect(body.status).toBe('ready');
    const admin = await office.tokenOf('admin');
    await office.call('get', '/api/v1/users?limit=5', admin).expect(200);
    await office.call('get', '/api/v1/areas', await office.tokenOf('clerk')).expect(200);
    const findings = await office.get(Reconciliation).check('331100');
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
  });

  it('works as tongchou_app on a session of its own, and makes next month’s partitions through their function only', async () => {
    const row = await office
      .get(Transactions)
      .run((tx) => tx.one('SELECT current_user::text AS works_as, session_user::text AS login'));
    expect(row).toEqual({ works_as: 'tongchou_app', login: LOGIN });
    await office.get(Transactions).run((tx) => tx.query(`SELECT ensure_month_partitions('2031-01-01')`));
  });

  it.each([
    ['become the owner', 'SET ROLE postgres'],
    ['make a table', 'CREATE TABLE mine (id int)'],
    ['make a table after leaving its role', 'RESET ROLE; CREATE TABLE mine (id int)'],
    ['make a table as its bare login', 'SET ROLE NONE; CREATE TABLE mine (id int)'],
    ['make a temporary table', 'CREATE TEMPORARY TABLE mine (id int)'],
    ['make a schema', 'CREATE SCHEMA mine'],
    ['make a role', 'CREATE ROLE mine'],
    ['make a function', 'CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['change a table', 'ALTER TABLE person ADD COLUMN mine int'],
    ['switch a trigger off', 'ALTER TABLE audit_event DISABLE TRIGGER ALL'],
    ['change the audit trail', 'UPDATE audit_event SET actor_name = actor_name'],
    ['delete from the ledger', 'SET ROLE NONE; DELETE FROM ledger_line'],
    ['empty a table', 'TRUNCATE audit_event'],
    ['pretend a migration', `INSERT INTO schema_migration (timestamp, name) VALUES (1, 'x')`],
    ['read the passwords of the database', 'SELECT rolpassword FROM pg_authid'],
    ['read a file of the server', `COPY person FROM '/etc/passwd'`],
  ])('cannot %s', async (_what, sql) => {
    expect(await refusalOf(sql)).toBe('42501');
  });

  it('is told apart from the owner, who could leave the role', async () => {
    const owner = new pg.Client({ connectionString: database.url, options: '-c role=tongchou_app' });
    await owner.connect();
    await owner.query('SET ROLE NONE; CREATE TABLE mine (id int); DROP TABLE mine');
    await owner.end();
  });
});

describe('the command that makes the login', () => {
  it('gives an existing login its password anew, which is stored as a verifier', async () => {
    expect(await makeServerLogin(serverUrl, database.url)).toEqual({ login: LOGIN, made: false });
    const [row] = await database.query<{ rolpassword: string }>(
      'SELECT rolpassword FROM pg_authid WHERE rolname = $1',
      [LOGIN],
    );
    expect(row?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(await asServer((client) => client.query('SELECT 1'))).toMatchObject({ rowCount: 1 });
  });

  it('refuses the owner itself, a short password, and a login with more rights, and then changes nothing', async () => {
    await expect(makeServerLogin(database.url, database.url)).rejects.toThrow(/owner|16 characters/);
    const short = new URL(serverUrl);
    short.password = 'short';
    await expect(makeServerLogin(short.href, database.url)).rejects.toThrow('16 characters');
    const strong = `tongchou_strong_${String(process.pid)}`;
    await database.query(`CREATE ROLE ${strong} LOGIN CREATEROLE`);
    try {
      const url = new URL(serverUrl);
      url.username = strong;
      url.password = randomUUID();
      await expect(makeServerLogin(url.href, database.url)).rejects.toThrow('it may make roles');
      const [member] = await database.query(
        `SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1`,
        [strong],
      );
      expect(member).toBeUndefined();
    } finally {
      await database.query(`DROP ROLE ${strong}`);
    }
  });
});
