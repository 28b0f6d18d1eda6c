import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '../../src/common/db/index.js';
import { parseYuan } from '../../src/common/money/index.js';
import { addMonths, businessDate, monthOf, yearOf } from '../../src/common/time/index.js';
import { ProviderRegisters } from '../../src/providers/index.js';
import { budgetInForce, type PaymentPool, paymentPool, recordHistory, settled } from '../payment/payment-pool.js';
import { type ServerProcess, spawnServer } from '../support/server-process.js';

// The servers of this test have the machine's clock, so its month decides which month is due.
const TODAY = businessDate(new Date());
const MONTH = addMonths(monthOf(TODAY), -1);
/** The schedule starts a month from the third day on; before, the month before that one is the newest. */
const DUE = addMonths(monthOf(TODAY), Number(TODAY.slice(8)) >= 3 ? -1 : -2);
const HOSPITALS = 40;

let pool: PaymentPool;
const servers: ServerProcess[] = [];

/** Small hospitals, so that a month has many lines. */
async function registerHospitals(): Promise<void> {
  const institutions = Array.from({ length: HOSPITALS }, (_, at) => {
    const name = `示范卫生院${String(at + 1)}`;
    return {
      ...{ id: randomUUID(), code12: `H3311020${String(1001 + at)}`, name, areaCode: '331102', beds: 21 + at },
      ...{ type: 'hospital' as const, level: 'primary' as const, priceLevel: 'primary' as const },
      ...{ speciality: 'general', ownership: 'public' },
      ...{ payeeName: name, payeeBank: '示例银行', payeeAccount: `62000000${String(at + 1)}` },
    };
  });
  const register = { institutions, departments: [], physicians: [], agreements: [], suspensions: [] };
  await pool
    .get(Transactions)
    .run((tx) => pool.get(ProviderRegisters).insertMany(tx, '331100', register, { maker: 'test', signer: 'signer' }));
}

beforeAll(async () => {
  pool = await paymentPool();
  const { tertiary, secondary } = pool.institutions;
  await registerHospitals();
  for (const scheme of ['310', '390'] as const) {
    for (const year of new Set([yearOf(DUE), yearOf(MONTH)])) {
      const monthly = { [tertiary]: parseYuan('30000.00'), [secondary]: parseYuan('10000.00') };
      await recordHistory(pool, scheme, year - 1, monthly);
      await pool.database.query(
        `INSERT INTO fund_income (pool_area, id, scheme, year, kind, tier, forecast_fen, updated_by)
         VALUES ('331100', gen_random_uuid(), $1, $2, 'transfer', 'none', 100000000, 'test')`,
        [scheme, year],
      );
      await budgetInForce(await pool.on(TODAY), scheme, year);
    }
    for (const month of new Set([DUE, MONTH])) {
      await pool.database.query('SELECT ensure_month_partitions($1::date)', [`${month}-01`]);
      const bureau = await pool.on(`${month}-20`);
      const stay = { admittedOn: `${month}-10`, dischargedOn: `${month}-18` };
      for (let bill = 0; bill < 3; bill += 1) await settled(pool, bureau.provider, scheme, stay);
    }
  }
}, 180_000);

afterEach(async () => {
  for (const server of servers.splice(0)) await server.end('SIGKILL');
});

afterAll(() => pool.close());

async function serve(env: Record<string, string>): Promise<ServerProcess> {
  const server = await spawnServer(pool.database.url, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    JOB_LEASE_MS: '1000',
    ...env,
  });
  servers.push(server);
  return server;
}

async function until<T>(limitMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('it did not come about in time');
    await sleep(50);
  }
}

const sheets = async (scheme: string): Promise<string[]> => {
  const rows = await pool.database.query<{ row: string }>(
    `SELECT (to_jsonb(l) - 'month_id')::text AS row FROM payment_month_line l
     JOIN payment_month m ON m.pool_area = l.pool_area AND m.id = l.month_id WHERE m.scheme = $1 ORDER BY l.provider_id`,
    [scheme],
  );
  return rows.map(({ row }) => row);
};

const runs = (scheme: string) =>
  pool.database.query<{
    state: string;
    attempts: number;
    result: { hash: string } | null;
    done: number;
    planned: number;
  }>(
    `SELECT state, attempts, result, units_done AS done, units_planned AS planned FROM job_run
     WHERE kind = 'month-settlement' AND area_code = $1 ORDER BY period`,
    [`331100:${scheme}`],
  );

async function post(
  server: ServerProcess,
  path: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const signIn = await fetch(`${server.baseUrl}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'clerk', password: 'correct horse battery staple' }),
  });
  const { accessToken } = (await signIn.json()) as { accessToken: string };
  const answer = await fetch(`${server.baseUrl}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('kill -9 in the middle of a month settlement (F1)', () => {
  it('another server goes on where it was, and the rows are those of a run that nobody disturbed', async () => {
    // Each unit takes long enough to be hit in the middle.
    await pool.database.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$`);
    await pool.database.query(
      'CREATE TRIGGER slow AFTER INSERT ON payment_month_line FOR EACH STATEMENT EXECUTE FUNCTION slow()',
    );
    const [first, second] = [await serve({ SCHEDULES: 'off' }), await serve({ SCHEDULES: 'off' })];
    const lost = post(first, 'month-settlements', { scheme: '310', month: MONTH }).catch(() => undefined);
    await until(20_000, async () => {
      const [run] = await runs('310');
      return run !== undefined && run.done >= 2 ? run : undefined;
    });
    await first.end('SIGKILL');
    await lost;
    const [killed] = await runs('310');
    expect(killed?.state).toBe('running');
    expect(killed?.done).toBeLessThan(killed?.planned ?? 0);

    await sleep(1200); // as long as the dead one is believed to live
    const resumed = await post(second, 'month-settlements', { scheme: '310', month: MONTH });
    expect([resumed.status, resumed.body['state'], resumed.body['created']]).toEqual([200, 'done', false]);
    const rows = await sheets('310');
    expect(rows).toHaveLength(HOSPITALS + 4);
    const again = await post(second, 'month-settlements', { scheme: '310', month: MONTH, recompute: true });
    expect(again.body).toMatchObject({ id: resumed.body['id'], state: 'done', created: true });
    expect(await sheets('310')).toEqual(rows);
    const [attempt, undisturbed] = await runs('310');
    expect(attempt?.attempts).toBe(2);
    expect(attempt?.result?.hash).toBe(undisturbed?.result?.hash);
    await pool.database.query('DROP TRIGGER slow ON payment_month_line');
  }, 90_000);
});

describe('two servers on one database (F5)', () => {
  it('both asked at once by hand: one run, one month, the same answer', async () => {
    const pair = [await serve({ SCHEDULES: 'off' }), await serve({ SCHEDULES: 'off' })];
    const month = { scheme: '310', month: MONTH };
    const answers = await Promise.all([...pair, ...pair].map((server) => post(server, 'month-settlements', month)));
    expect(new Set(answers.map((answer) => answer.body['runId'])).size).toBe(1);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  }, 60_000);

  it('both schedules fire: the month that is due is run once', async () => {
    await serve({ SCHEDULES: 'on' });
    await serve({ SCHEDULES: 'on' });
    await until(100_000, async () => {
      const [run] = await runs('390');
      return run?.state === 'done' ? run : undefined;
    });
    await sleep(1500);
    const [run, ...more] = await runs('390');
    expect(more).toEqual([]);
    expect(run).toMatchObject({ state: 'done', attempts: 1 });
    const months = await pool.database.query<{ month: string; state: string; by: string }>(
      `SELECT to_char(month, 'YYYY-MM') AS month, state, started_by AS by FROM payment_month WHERE scheme = '390'`,
    );
    expect(months).toEqual([{ month: DUE, state: 'trial', by: 'system' }]);
    expect(await sheets('390')).toHaveLength(HOSPITALS + 4);
  }, 130_000);
});
