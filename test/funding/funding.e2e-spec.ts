import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Transactions } from '../../src/common/db/index.js';
import { Clock } from '../../src/common/time/index.js';
import { Funding } from '../../src/funding/index.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { type Caller, type SmallPool, smallPool } from '../enrollment/small-pool.js';

jest.setTimeout(60_000);

let pool: SmallPool;
let clerk: Caller;
let inspector: Caller;
let keys = 0;

beforeAll(async () => {
  pool = await smallPool();
  Object.assign(pool.get(Clock), { now: () => new Date('2026-10-20T04:00:00Z') });
  await pool.database.query(
    `SELECT ensure_month_partitions(m::date) FROM generate_series(date '2026-09-01', date '2026-10-01', interval '1 month') m`,
  );
  clerk = await pool.as('clerk');
  inspector = await pool.as('inspector');
}, 60_000);

afterAll(async () => {
  await pool.close();
});

/** Money-moving POST with a key of its own. */
function move(path: string, body: object): ReturnType<Caller['post']> {
  keys += 1;
  return clerk.post(path, body).set('idempotency-key', `k${String(keys)}`);
}

const premium = { scheme: '390', year: 2026, kind: 'premium', tier: 'none', forecast: '400000000.00', version: 0 };

async function balance(account: string): Promise<string> {
  const { body } = await inspector.get('ledger/trial-balance?scheme=390').expect(200);
  const rows = body.accounts as { account: string; balance: string }[];
  return rows.find((row) => row.account === account)?.balance ?? '0.00';
}

describe('the forecast of income', () => {
  it('is set by source and summed for the budget', async () => {
    await clerk.post('fund-incomes', premium).expect(200);
    await clerk
      .post('fund-incomes', { ...premium, kind: 'subsidy', tier: 'central', forecast: '100000000.55' })
      .expect(200);
    const { body } = await inspector.get('fund-incomes?scheme=390&year=2026').expect(200);
    expect(
      body.map((row: Record<string, unknown>) => [row['kind'], row['tier'], row['forecast'], row['received']]),
    ).toEqual([
      ['premium', 'none', '400000000.00', '0.00'],
      ['subsidy', 'central', '100000000.55', '0.00'],
    ]);
    const total = pool
      .get(Transactions)
      .read((tx) => pool.get(Funding).forecastIncome(tx, { poolArea: '331100', scheme: '390', year: 2026 }));
    expect(await total).toBe(50_000_000_055n);
  });

  it('is not overwritten by somebody who read an older one', async () => {
    const changed = await clerk.post('fund-incomes', { ...premium, forecast: '410000000.00', version: 1 }).expect(200);
    expect(changed.body).toMatchObject({ version: 2, forecast: '410000000.00' });
    for (const version of [0, 1, 3]) {
      const refused = await clerk.post('fund-incomes', { ...premium, version }).expect(409);
      expect(refused.body.code).toBe('funding.version-changed');
    }
  });

  it.each([
    [{ tier: 'county' }, 'funding.bad-tier'],
    [{ kind: 'subsidy' }, 'funding.bad-tier'],
    [{ forecast: 1 }, 'http.invalid'],
    [{ forecast: '-1.00' }, 'http.invalid'],
    [{ year: 1999 }, 'http.invalid'],
  ])('%j is refused', async (over, code) => {
    expect((await clerk.post('fund-incomes', { ...premium, year: 2027, ...over }).expect(400)).body.code).toBe(code);
  });
});

describe('money', () => {
  it('that comes is posted, moves along the two lines, and never more than there is', async () => {
    const [income] = (await inspector.get('fund-incomes?scheme=390&year=2026').expect(200)).body as { id: string }[];
    const receipt = { receivedOn: '2026-09-30', amount: '1000.00', reference: 'bank-1' };
    const path = `fund-incomes/${String(income?.id)}/receipts`;
    await move(path, receipt).expect(201);
    expect((await move(path, receipt).expect(409)).body.code).toBe('funding.reference-used');
    expect((await move(path, { ...receipt, reference: 'x', receivedOn: '2026-10-21' }).expect(400)).body.code).toBe(
      'funding.future-day',
    );
    expect((await move(path, { ...receipt, reference: 'x', amount: '0.00' }).expect(400)).body.code).toBe(
      'funding.nothing-received',
    );
    const sweep = { scheme: '390', from: '1001', to: '1002', movedOn: '2026-10-01', amount: '999.99', reference: 't1' };
    await move('fund-transfers', sweep).expect(201);
    const more = await move('fund-transfers', { ...sweep, amount: '0.02', reference: 't2' }).expect(422);
    expect(more.body).toMatchObject({ code: 'funding.not-enough' });
    const across = { ...sweep, from: '1001', to: '1003', reference: 't3' };
    expect((await move('fund-transfers', across).expect(400)).body.code).toBe('funding.bad-path');
    expect([await balance('1001'), await balance('1002'), await balance('4001')]).toEqual([
      '0.01',
      '999.99',
      '-1000.00',
    ]);
    const [read] = (await inspector.get('fund-incomes?scheme=390&year=2026').expect(200)).body as {
      received: string;
    }[];
    expect(read?.received).toBe('1000.00');
  });

  it('is moved once when two clicks want the last of it', async () => {
    const wanted = { scheme: '390', from: '1002', to: '1003', movedOn: '2026-10-02', amount: '600.00' };
    const answers = await Promise.all(
      ['c1', 'c2'].map((reference) => move('fund-transfers', { ...wanted, reference }).then(({ status }) => status)),
    );
    expect(answers.sort()).toEqual([201, 422]);
    expect(await balance('1003')).toBe('600.00');
  });

  it('needs a key, and a clerk', async () => {
    const body = { scheme: '390', from: '1002', to: '1003', movedOn: '2026-10-02', amount: '1.00', reference: 'nokey' };
    await clerk.post('fund-transfers', body).expect(400);
    await inspector.post('fund-transfers', body).set('idempotency-key', 'a').expect(403);
  });

  it('agrees with the books afterwards', async () => {
    const findings = await pool.get(Reconciliation).check('331100');
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
  });
});
