import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, Clock } from '../../src/common/time/index.js';
import { Demo, type DemoOptions } from '../../src/demo/index.js';
import { PUBLISHED_YEARS, PUBLISHED_SHARES } from '../../src/demo/domain/published.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

const PASSWORD = 'a demonstration password';
const ENV = { SCHEDULES: 'off', LOG_LEVEL: 'silent', ACTOR_CACHE_MS: '0' };
const SCALE = '1:2000';
const PUBLISHED_FILE = '../shared/data/lishui/expenditure.csv';

/** What a region is, in figures that any other bill, person or payment would change; without ids and instants of writing. */
const FINGERPRINT = `
  SELECT (SELECT md5(string_agg(name || birth_date || sex || area_code, ',' ORDER BY id)) FROM person) AS people,
    (SELECT md5(string_agg(person_id::text || scheme || valid, ',' ORDER BY person_id, valid)) FROM coverage) AS coverages,
    (SELECT md5(string_agg(bill_no || kind || person_id || total_fen || fund_pay_sum_fen || settled_on, ',' ORDER BY bill_no, kind)) FROM settlement) AS bills,
    (SELECT md5(string_agg(m.scheme || m.month || m.state || l.provider_id || l.pay_fen, ',' ORDER BY m.scheme, m.month, l.provider_id))
       FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id) AS months,
    (SELECT md5(string_agg(scheme || provider_id || a_fen || budget_fen || balance_fen, ',' ORDER BY scheme, provider_id))
       FROM payment_clearing_line l JOIN payment_clearing c ON c.pool_area = l.pool_area AND c.id = l.clearing_id) AS clearing,
    (SELECT md5(string_agg(account || ':' || net, ',' ORDER BY account)) FROM (
       SELECT debit_account AS account, sum(amount_fen) AS net FROM ledger_line GROUP BY debit_account) x) AS books`;

function options(app: TestApp, years: string): DemoOptions {
  return { seed: 'test', scale: SCALE, years, today: app.get(Clock).today(), password: PASSWORD };
}

async function bearerOf(app: TestApp, username: string): Promise<string> {
  const signIn = await app.http().post('/api/v1/auth/login').send({ username, password: PASSWORD }).expect(200);
  return `Bearer ${String(signIn.body.accessToken)}`;
}

interface ScopeRow {
  readonly scheme: string;
  readonly key: string;
  readonly totalCost: string;
  readonly totalGrowth: string | null;
  readonly fund: string;
  readonly fundGrowth: string | null;
}

describe('a demonstration region with the published years', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ env: ENV });
  }, 120_000);

  afterAll(() => app.close(), 60_000);

  it('loads, and everything in it reconciles', async () => {
    expect(await app.get(Demo).load(options(app, '2011-2015'))).toBe('loaded');
    const findings = await app.get(Reconciliation).check('331100');
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
    expect(findings.length).toBeGreaterThan(20);
  }, 300_000);

  it('is a prefecture with a cleared year behind it and a month open for review', async () => {
    const [facts] = await app.database.query(
      `SELECT (SELECT count(*)::int FROM area WHERE level = 'county') AS counties,
         (SELECT count(*)::int FROM institution) AS institutions,
         (SELECT count(DISTINCT scheme)::int FROM coverage) AS schemes,
         (SELECT count(*)::int FROM payment_clearing WHERE state = 'closed') AS cleared,
         (SELECT string_agg(state, ',' ORDER BY scheme) FROM payment_month WHERE state <> 'closed') AS waiting,
         (SELECT count(*)::int FROM agreement_suspension) AS suspensions,
         (SELECT scale || ' ' || years FROM demo_region) AS region`,
    );
    expect(facts).toEqual({
      counties: 9,
      institutions: 38,
      schemes: 2,
      cleared: 2,
      waiting: 'submitted,trial',
      suspensions: 1,
      region: '1:2000 2011-2015',
    });
  });

  it('shows in its report the growth that was published, within 0.2 points', async () => {
    const authorization = await bearerOf(app, 'reviewer');
    const missed: string[] = [];
    let compared = 0;
    for (const year of [2011, 2012, 2013, 2014, 2015]) {
      const { body } = await app
        .http()
        .get(`/api/v1/reports/year-table?year=${String(year)}`)
        .set('authorization', authorization)
        .expect(200);
      for (const row of PUBLISHED_YEARS.filter((one) => one.year === year)) {
        const found = (body.scopes as ScopeRow[]).find(({ scheme, key }) => scheme === row.scheme && key === row.scope);
        // 10⁸ yuan at 1 : 2000 are 50 000 yuan; what was printed is rounded to two decimals.
        const off = (amount: string | undefined, printed: number): number =>
          Math.abs(Number(amount) / 50_000 - printed);
        const name = `${row.scheme} ${String(year)} ${row.scope}`;
        if (!(off(found?.totalCost, row.total) <= 0.0051)) missed.push(`${name} total ${String(found?.totalCost)}`);
        if (!(off(found?.fund, row.fund) <= 0.0051)) missed.push(`${name} fund ${String(found?.fund)}`);
        const growths = [
          [row.totalGrowth, found?.totalGrowth],
          [row.fundGrowth, found?.fundGrowth],
        ] as const;
        for (const [printed, shown] of growths) {
          if (printed === null) continue;
          compared += 1;
          if (!(Math.abs(Number(shown ?? NaN) - printed) <= 0.2))
            missed.push(`${name} growth ${String(shown)} for ${String(printed)}`);
        }
      }
    }
    expect(missed).toEqual([]);
    expect(compared).toBe(18);
  });

  it('shows the years one below the other as the tables of the years show them, heads and growth included', async () => {
    const authorization = await bearerOf(app, 'reviewer');
    const get = (path: string) => app.http().get(`/api/v1/reports/${path}`).set('authorization', authorization);
    const { body } = await get('years?from=2011&to=2015').expect(200);
    const rows = body.rows as (ScopeRow & { year: number; part: string; months: number; heads: number })[];
    expect(rows.map(({ year }) => year).filter((year, at, all) => all.indexOf(year) === at)).toHaveLength(5);
    for (const year of [2011, 2013, 2015]) {
      const table = await get(`year-table?year=${String(year)}`).expect(200);
      const own = rows.filter((row) => row.year === year);
      expect(own).toHaveLength(4);
      for (const { scheme, part, totalCost, totalGrowth, fund, fundGrowth } of own) {
        const same = { scheme, key: part, totalCost, totalGrowth, fund, fundGrowth };
        expect(table.body.scopes).toContainEqual(expect.objectContaining(same));
      }
    }
    const published = PUBLISHED_YEARS.filter(({ totalGrowth }) => totalGrowth !== null);
    const missed = published.filter(({ scheme, year, scope, totalGrowth }) => {
      const row = rows.find((one) => one.scheme === scheme && one.year === year && one.part === scope);
      return !(Math.abs(Number(row?.totalGrowth ?? NaN) - (totalGrowth ?? NaN)) <= 0.2);
    });
    expect(missed).toEqual([]);
    const heads = await app.database.query<{ scheme: string; heads: number }>(
      `SELECT scheme, count(*)::int AS heads FROM coverage WHERE valid @> date '2015-12-31' GROUP BY scheme ORDER BY scheme`,
    );
    const shown = rows.filter(({ year, part }) => year === 2015 && part === 'whole-city');
    expect(shown.map((row) => ({ scheme: row.scheme, heads: row.heads }))).toEqual(heads);
  });

  it('aims at the very table that was published', () => {
    if (!existsSync(PUBLISHED_FILE)) {
      process.stdout.write(`skipped: ${PUBLISHED_FILE} is not here\n`);
      return;
    }
    const printed = (value: number | null): string => (value === null ? '' : value.toFixed(2));
    const own = PUBLISHED_YEARS.map(({ scheme, year, scope, total, totalGrowth, fund, fundGrowth }) =>
      [scheme, String(year), scope, printed(total), printed(totalGrowth), printed(fund), printed(fundGrowth)].join(','),
    );
    const lines = readFileSync(PUBLISHED_FILE, 'utf8').trim().split('\n').slice(1);
    expect([...own].sort()).toEqual([...lines].sort());
  });

  it('takes the inpatient cost to the hospitals as published: in the five years, last year and this year, within three points', async () => {
    const rows = await app.database.query<{ year: number; city: number; whole: number; open: number }>(
      `WITH stay AS (
         SELECT extract(year FROM s.settle_month)::int AS year, s.scheme, s.area_code = '331102' AS city, s.level, i.ownership,
           s.total_fen::float8 AS cost
         FROM settlement s JOIN institution i ON i.id = s.provider_id WHERE s.category = 'inpatient')
       SELECT greatest(year, 2015) AS year,
         sum(cost) FILTER (WHERE scheme = '310' AND city AND level = 'tertiary') / sum(cost) FILTER (WHERE scheme = '310' AND city) AS city,
         sum(cost) FILTER (WHERE scheme = '310' AND level = 'tertiary') / sum(cost) FILTER (WHERE scheme = '310') AS whole,
         sum(cost) FILTER (WHERE ownership = 'public') / sum(cost) AS open
       FROM stay GROUP BY greatest(year, 2015) ORDER BY 1`,
    );
    // The smallest region has some forty stays of employees in a year of the past, too few to hold a share in each.
    expect(rows).toHaveLength(3);
    const off = (found: number, wanted: number): boolean => Math.abs(found - wanted) > 0.03;
    const { tertiaryCity, tertiaryWhole, publicHospitals } = PUBLISHED_SHARES;
    expect(
      rows.filter(
        ({ city, whole, open }) => off(city, tertiaryCity) || off(whole, tertiaryWhole) || off(open, publicHospitals),
      ),
    ).toEqual([]);
  });

  it('has closed books behind it: nothing is owed for a year that was taken over, and none of it takes a posting', async () => {
    const [books] = await app.database.query(
      `SELECT (SELECT coalesce(sum(CASE WHEN credit_account = '2001' THEN amount_fen ELSE 0 END
                - CASE WHEN debit_account = '2001' THEN amount_fen ELSE 0 END), 0)::text
                FROM ledger_line WHERE period < '2016-01-01') AS owed,
         (SELECT count(*)::int FROM claims_month WHERE month < '2016-01-01' AND state = 'closed') AS months,
         (SELECT count(*)::int FROM ledger_period WHERE period < '2016-01-01') AS periods,
         (SELECT count(*)::int FROM fund_income WHERE year < 2016) AS sources`,
    );
    expect(books).toEqual({ owed: '0', months: 5 * 12 * 2, periods: 5 * 12 * 2, sources: 5 * 9 });
  });

  it('lets the demo accounts sign in, each with one role', async () => {
    for (const username of ['admin', 'clerk', 'reviewer', 'approver', 'inspector', 'auditor', 'provider']) {
      await bearerOf(app, username);
    }
  });

  it('shows its years and what waits for whom', async () => {
    const bearer = await bearerOf(app, 'reviewer');
    const year = Number(app.get(Clock).today().slice(0, 4)) - 1;
    const table = await app
      .http()
      .get(`/api/v1/reports/year-table?year=${String(year)}`)
      .set('authorization', bearer);
    const [sums] = await app.database.query<{ total: string }>(
      `SELECT (sum(total_fen) / 100.0)::numeric(20, 2)::text AS total FROM settlement WHERE scheme = '310' AND extract(year FROM settle_month) = $1`,
      [year],
    );
    const whole = table.body.scopes.find((row: ScopeRow) => row.scheme === '310' && row.key === 'whole-city');
    expect(whole.totalCost).toBe(sums?.total);
    const places = await app.http().get('/api/v1/reports/workplace').set('authorization', bearer).expect(200);
    expect(places.body.todo).toContainEqual(expect.objectContaining({ kind: 'month-settlement', state: 'submitted' }));
  });

  it('is not loaded a second time', async () => {
    expect(await app.get(Demo).load(options(app, '2011-2015'))).toBe('present');
  });
});

describe('a load', () => {
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

  // Early in a year there are few months to settle, which is enough to be interrupted in.
  const inFebruary = (app: TestApp): DemoOptions => {
    const today = app.get(Clock).today();
    const year = Number(today.slice(0, 4)) - (today.slice(5) < '02-20' ? 1 : 0);
    return { ...options(app, 'all'), years: `2011-2011`, today: `${String(year)}-02-20` as DemoOptions['today'] };
  };

  it('goes on after an interruption and ends in the very same region', async () => {
    expect(await first.get(Demo).load(inFebruary(first))).toBe('loaded');
    let parts = 0;
    const interrupted = second.get(Demo).load({
      ...inFebruary(second),
      progress: () => {
        parts += 1;
        if (parts === 14) throw new Error('the power failed');
      },
    });
    await expect(interrupted).rejects.toThrow('the power failed');
    // What it began with counts, not what a later call says.
    const later = {
      ...inFebruary(second),
      seed: 'other',
      scale: '1:1500',
      today: addDays(inFebruary(second).today, -40),
    };
    expect(await second.get(Demo).load(later)).toBe('loaded');
    expect(await second.database.query(FINGERPRINT)).toEqual(await first.database.query(FINGERPRINT));
  }, 300_000);

  it.each([
    [{ scale: '200' }, 'demo.bad-scale'],
    [{ scale: '1:0' }, 'demo.bad-scale'],
    [{ scale: '1:2001' }, 'demo.bad-scale'],
    [{ years: '2010-2015' }, 'demo.bad-years'],
    [{ years: '2015-2012' }, 'demo.bad-years'],
  ])('of %p is refused before anything is done', async (wrong, code) => {
    await expect(first.get(Demo).load({ ...inFebruary(first), ...wrong })).rejects.toMatchObject({ code });
  });

  it('is refused by a database with other data', async () => {
    await first.database.query(`DELETE FROM demo_step`);
    await first.database.query(`DELETE FROM demo_region`);
    await expect(first.get(Demo).load(inFebruary(first))).rejects.toMatchObject({ code: 'demo.database-not-empty' });
  });
});
