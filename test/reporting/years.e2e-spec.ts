import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bureau, billOf, fenOf, line, type PaymentPool, paymentPool } from '../payment/payment-pool.js';

interface Row {
  readonly scheme: string;
  readonly year: number;
  readonly part: string;
  readonly fund: string;
  readonly [field: string]: unknown;
}

let pool: PaymentPool;
let bureau: Bureau;

/** Settles a stay of a few days before `day` that costs so many yuan in all. */
async function bill(personId: string, day: string, yuan: number): Promise<void> {
  bureau = await pool.on(day);
  const stay = { admittedOn: `${day.slice(0, 8)}02`, dischargedOn: `${day.slice(0, 8)}05` };
  const lines = [line(1, 'XA001', String(yuan / 10), '10.00')];
  await bureau.provider.post('settlements', billOf(personId, { ...stay, lines }), randomUUID()).expect(201);
}

async function receive(year: number, day: string, amount: string): Promise<void> {
  const { body } = await bureau.clerk.get(`fund-incomes?scheme=310&year=${String(year)}`).expect(200);
  const route = `fund-incomes/${String((body as { id: string }[])[0]?.id)}/receipts`;
  await bureau.clerk.post(route, { receivedOn: day, amount, reference: `R-${day}` }, randomUUID()).expect(201);
}

beforeAll(async () => {
  pool = await paymentPool();
  const person = (wish: object): Promise<string> => pool.person({ scheme: '310', ...wish });
  const [city, county, december, newcomer] = await Promise.all([
    person({}),
    person({ area: '331121', coveredTo: '2026-01-01' }),
    person({}),
    person({ coveredFrom: '2026-01-01' }),
  ]);
  await bill(city, '2025-03-15', 1_000);
  await bill(county, '2025-03-15', 1_000);
  await bill(december, '2025-12-15', 5_000);
  await bill(newcomer, '2026-03-15', 3_000);
  await bill(newcomer, '2026-10-15', 900);
  bureau = await pool.on('2026-10-20');
  await receive(2025, '2025-03-02', '1500.00');
  await receive(2025, '2025-12-02', '500.00');
  await receive(2026, '2026-03-02', '1800.00');
}, 180_000);

afterAll(() => pool.close());

async function rowsOf(query = ''): Promise<Row[]> {
  const { body } = await bureau.reviewer.get(`reports/years${query}`).expect(200);
  return body.rows as Row[];
}

describe('the years one below the other', () => {
  it('count the year that is not over to its last whole month, and compare it with as many months', async () => {
    const { body } = await bureau.reviewer.get('reports/years').expect(200);
    expect(body.through).toBe('2026-09');
    const [now] = (body.rows as Row[]).filter(({ scheme, part }) => scheme === '310' && part === 'whole-city');
    expect(now).toMatchObject({
      ...{ year: 2026, months: 9, bills: 1, totalCost: '3000.00', totalGrowth: '50.00' },
      ...{ income: '1800.00', incomeGrowth: '20.00', heads: 3, headsGrowth: '0.00', costPerHead: '1000.00' },
    });
  });

  it('count a year that is over whole, with what its fund received, paid and had left', async () => {
    const row = (await rowsOf()).find(({ year, part }) => year === 2025 && part === 'whole-city');
    expect(row).toMatchObject({
      ...{ scheme: '310', months: 12, bills: 3, totalCost: '7000.00', totalGrowth: null },
      ...{ income: '2000.00', incomeGrowth: null, heads: 3, headsGrowth: null, costPerHead: '2333.33' },
    });
    const { body } = await bureau.reviewer.get('reports/year-table?year=2025').expect(200);
    const scopes = body.scopes as { key: string; scheme: string; fund: string }[];
    expect(row?.fund).toBe(scopes.find(({ key, scheme }) => key === 'whole-city' && scheme === '310')?.fund);
    expect(fenOf(row?.['surplus'])).toBe(200_000n - fenOf(row?.fund));
  });

  it('tell the city level apart, for which there is no income of its own', async () => {
    const rows = (await rowsOf()).filter(({ part }) => part === 'city-level');
    expect(
      rows.map(({ year, heads, totalCost, income, surplus }) => [year, heads, totalCost, income, surplus]),
    ).toEqual([
      [2026, 3, '3000.00', null, null],
      [2025, 2, '6000.00', null, null],
    ]);
  });

  it('can be asked for some years only; growth still knows the year before', async () => {
    const now = await rowsOf('?from=2026');
    expect([...new Set(now.map(({ year }) => year))]).toEqual([2026]);
    expect(now[0]).toMatchObject({ totalGrowth: '50.00' });
    const past = await rowsOf('?to=2025');
    expect(past.map(({ year, months }) => [year, months])).toEqual([
      [2025, 12],
      [2025, 12],
    ]);
    expect(await rowsOf('?to=2011')).toEqual([]);
  });

  it.each([
    ['from=2026&to=2025', 'reporting.years-reversed'],
    ['from=1999', 'http.invalid'],
    ['to=last', 'http.invalid'],
  ])('say what is wrong with %s', async (query, code) => {
    const { body } = await bureau.reviewer.get(`reports/years?${query}`).expect(400);
    expect(body.code).toBe(code);
  });

  it('show a user of a county the county, without the income of the whole fund', async () => {
    await pool.database.query(`UPDATE app_user SET area_code = '331121' WHERE username = 'inspector'`);
    const inspector = await pool.as('inspector');
    const { body } = await inspector.get('reports/years').expect(200);
    expect(body.rows).toEqual([
      expect.objectContaining({
        ...{ scheme: '310', year: 2025, part: 'whole-city', heads: 1, totalCost: '1000.00' },
        ...{ income: null, incomeGrowth: null, surplus: null },
      }),
    ]);
  });
});
