import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, Clock } from '../../src/common/time/index.js';
import { Demo } from '../../src/demo/index.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

const PASSWORD = 'a demonstration password';
const ENV = { SCHEDULES: 'off', LOG_LEVEL: 'silent', ACTOR_CACHE_MS: '0' };

/** What a region is, in figures that any other bill, person or payment would change; without ids and instants of writing. */
const FINGERPRINT = `
  SELECT (SELECT md5(string_agg(c.blind_index::text || p.name || p.area_code, ',' ORDER BY c.blind_index))
     FROM person p JOIN person_certificate c ON c.person_id = p.id) AS people,
    (SELECT md5(string_agg(bill_no || kind || total_fen || fund_pay_sum_fen || settled_on, ',' ORDER BY bill_no, kind)) FROM settlement) AS bills,
    (SELECT md5(string_agg(m.scheme || m.month || m.state || l.provider_id || l.pay_fen, ',' ORDER BY m.scheme, m.month, l.provider_id))
       FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id) AS months,
    (SELECT md5(string_agg(scheme || provider_id || a_fen || budget_fen || balance_fen, ',' ORDER BY scheme, provider_id))
       FROM payment_clearing_line l JOIN payment_clearing c ON c.pool_area = l.pool_area AND c.id = l.clearing_id) AS clearing,
    (SELECT md5(string_agg(account || ':' || net, ',' ORDER BY account)) FROM (
       SELECT debit_account AS account, sum(amount_fen) AS net FROM ledger_line GROUP BY debit_account) x) AS books`;

const SCALE = '1:2000';
let first: TestApp;
let second: TestApp;

beforeAll(async () => {
  first = await createTestApp({ env: ENV });
  second = await createTestApp({ env: ENV });
}, 120_000);

afterAll(async () => {
  await first.close();
  await second.close();
}, 60_000);

function options(app: TestApp): Parameters<Demo['load']>[0] {
  return { seed: 'test', scale: SCALE, years: 'none', today: app.get(Clock).today(), password: PASSWORD };
}

describe('a demonstration region', () => {
  it('loads, and everything in it reconciles', async () => {
    expect(await first.get(Demo).load(options(first))).toBe('loaded');
    const findings = await first.get(Reconciliation).check('331100');
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
    expect(findings.length).toBeGreaterThan(20);
  }, 300_000);

  it('is a prefecture with a cleared year behind it and a month open for review', async () => {
    const [facts] = await first.database.query(
      `SELECT (SELECT count(*)::int FROM area WHERE level = 'county') AS counties,
         (SELECT count(*)::int FROM institution) AS institutions,
         (SELECT count(DISTINCT scheme)::int FROM coverage) AS schemes,
         (SELECT count(*)::int FROM payment_clearing WHERE state = 'closed') AS cleared,
         (SELECT string_agg(state, ',' ORDER BY scheme) FROM payment_month WHERE state <> 'closed') AS waiting,
         (SELECT count(*)::int FROM agreement_suspension) AS suspensions`,
    );
    expect(facts).toEqual({
      counties: 9,
      institutions: 38,
      schemes: 2,
      cleared: 2,
      waiting: 'submitted,trial',
      suspensions: 1,
    });
  });

  it('lets the demo accounts sign in, each with one role', async () => {
    for (const username of ['admin', 'security', 'auditor', 'clerk', 'reviewer', 'approver', 'inspector', 'provider']) {
      await first.http().post('/api/v1/auth/login').send({ username, password: PASSWORD }).expect(200);
    }
  });

  it('shows its years and what waits for whom', async () => {
    const signIn = await first.http().post('/api/v1/auth/login').send({ username: 'reviewer', password: PASSWORD });
    const bearer = `Bearer ${String(signIn.body.accessToken)}`;
    const year = Number(first.get(Clock).today().slice(0, 4)) - 1;
    const table = await first
      .http()
      .get(`/api/v1/reports/year-table?year=${String(year)}`)
      .set('authorization', bearer);
    const [sums] = await first.database.query<{ total: string }>(
      `SELECT (sum(total_fen) / 100.0)::numeric(20, 2)::text AS total FROM settlement WHERE scheme = '310' AND extract(year FROM settle_month) = $1`,
      [year],
    );
    const whole = table.body.scopes.find(
      (row: { scheme: string; key: string }) => row.scheme === '310' && row.key === 'whole-city',
    );
    expect(whole.totalCost).toBe(sums?.total);
    const places = await first.http().get('/api/v1/reports/workplace').set('authorization', bearer).expect(200);
    expect(places.body.todo).toContainEqual(expect.objectContaining({ kind: 'month-settlement', state: 'submitted' }));
  });

  it('is not loaded a second time', async () => {
    expect(await first.get(Demo).load(options(first))).toBe('present');
  });

  it('goes on after an interruption and ends in the very same region', async () => {
    let parts = 0;
    const interrupted = second.get(Demo).load({
      ...options(second),
      progress: () => {
        parts += 1;
        if (parts === 20) throw new Error('the power failed');
      },
    });
    await expect(interrupted).rejects.toThrow('the power failed');
    // What it began with counts, not what a later call says.
    const later = { ...options(second), seed: 'other', today: addDays(second.get(Clock).today(), -40) };
    expect(await second.get(Demo).load(later)).toBe('loaded');
    expect(await second.database.query(FINGERPRINT)).toEqual(await first.database.query(FINGERPRINT));
  }, 300_000);
});
