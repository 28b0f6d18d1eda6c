import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { billOf, type ClaimsPool, claimsPool, type FileCaller, PASSWORD } from '../claims/claims-pool.js';

jest.setTimeout(120_000);

// F43: the audit trail cannot be written. Then nothing happens that would have to stand in it, and everybody can see why.

let pool: ClaimsPool;
let provider: FileCaller;
let clerk: FileCaller;
let person: string;

beforeAll(async () => {
  pool = await claimsPool();
  [provider, clerk] = await Promise.all([pool.as('provider'), pool.as('clerk')]);
  person = await pool.person();
}, 120_000);

afterAll(async () => {
  await pool.close();
});

const MONTH = `to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMM')`;
const partition = async (): Promise<string> => {
  const [row] = await pool.database.query<{ name: string }>(`SELECT 'audit_event_' || ${MONTH} AS name`);
  return row?.name ?? '';
};
const monthBounds = (name: string): string => {
  const month = `${name.slice(-6, -2)}-${name.slice(-2)}-01`;
  return `FROM (date '${month}') TO ((date '${month}' + interval '1 month')::date)`;
};

/** How the store is broken, and how it is mended. */
const FAULTS: readonly (readonly [name: string, broken: () => Promise<string>, mended: () => Promise<string>])[] = [
  [
    'the right to insert is gone',
    () => Promise.resolve('REVOKE INSERT ON audit_event FROM tongchou_app'),
    () => Promise.resolve('GRANT INSERT ON audit_event TO tongchou_app'),
  ],
  [
    'the partition of the month is gone',
    async () => `ALTER TABLE audit_event DETACH PARTITION ${await partition()}`,
    async () =>
      `ALTER TABLE audit_event ATTACH PARTITION ${await partition()} FOR VALUES ${monthBounds(await partition())}`,
  ],
  [
    'its disk is full',
    () =>
      Promise.resolve(`CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER tr_disk_full BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION disk_full()`),
    () => Promise.resolve('DROP TRIGGER tr_disk_full ON audit_event; DROP FUNCTION disk_full()'),
  ],
];

const ready = () => pool.http().get('/api/health/ready');
const failures = async (): Promise<number> => {
  const { text } = await pool.http().get('/api/metrics').expect(200);
  return Number(/^tongchou_audit_write_failures_total (\d+)$/m.exec(text)?.[1] ?? 'NaN');
};
const events = async (): Promise<unknown> => pool.database.query('SELECT count(*) FROM audit_event');
const traces = async (): Promise<unknown> =>
  pool.database.query(
    `SELECT (SELECT count(*) FROM auth_session) AS sessions,
       (SELECT count(*) FROM person_mark) AS marks, (SELECT sum(version) FROM benefit_accumulator) AS accumulators`,
  );

describe.each(FAULTS)('%s:', (_name, broken, mended) => {
  let key = 0;
  const settle = () =>
    provider.post('settlements', billOf(person), `key-${String(Math.random())}-${String((key += 1))}`);
  const mark = () => clerk.post(`persons/${person}/marks`, { mark: 'veteran', from: '2026-01-01' });
  const look = () => clerk.get(`persons/${person}`);
  const signIn = () => pool.http().post('/api/v1/auth/login').send({ username: 'reviewer', password: PASSWORD });

  it('change, look and sign-in are refused, nothing is written, readiness turns red; mended, all is well', async () => {
    await ready().expect(200);
    await look().expect(200);
    const before = [await pool.footprint(), await traces(), await failures()] as const;
    const told = await events();
    await pool.database.query(await broken());
    try {
      for (const attempt of [look, mark, signIn]) {
        const answer = await attempt();
        expect([answer.status, answer.body.code]).toEqual([503, 'audit.unwritable']);
        expect(answer.headers['retry-after']).toBe('2');
        expect(JSON.stringify(answer.body)).not.toMatch(/audit_event|permission denied|示例人/);
      }
      expect((await settle()).status).toBe(503);
      expect([await pool.footprint(), await traces()]).toEqual(before.slice(0, 2));
      expect(await failures()).toBeGreaterThanOrEqual(before[2] + 3);
      const { body } = await ready().expect(503);
      expect(body.checks.audit).toMatch(/^(unwritable|month-missing)$/);
      expect(body.checks.database).toBe('ok');
    } finally {
      await pool.database.query(await mended());
    }
    expect(await events()).toEqual(told);
    await ready().expect(200);
    await look().expect(200);
    await signIn().expect(200);
    await settle().expect(201);
  });
});
