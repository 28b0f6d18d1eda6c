import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseYuan } from '../../src/common/money/index.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import {
  approvedMonth,
  budgetInForce,
  closeMonth,
  type PaymentPool,
  paymentPool,
  POOL,
  recordHistory,
  settled,
} from '../payment/payment-pool.js';
import { plantFault } from './books.js';

jest.setTimeout(60_000);

let pool: PaymentPool;

beforeAll(async () => {
  pool = await paymentPool();
  const { tertiary, secondary } = pool.institutions;
  const monthly = { [tertiary]: parseYuan('30000.00'), [secondary]: parseYuan('10000.00') };
  await recordHistory(pool, '310', 2025, monthly);
  let bureau = await pool.on('2026-10-20');
  await settled(pool, bureau.provider, '310');
  await settled(pool, bureau.clerk, '310', { providerId: secondary });
  bureau = await pool.on('2026-11-05');
  await budgetInForce(bureau, '310', 2026);
  await closeMonth(bureau, await approvedMonth(bureau, '310', '2026-10'));
}, 120_000);

afterAll(() => pool.close());

async function brokenCodes(): Promise<string[]> {
  const findings = await pool.get(Reconciliation).check(POOL);
  return findings.filter(({ count }) => count > 0).map(({ invariant }) => invariant.code);
}

const first = (table: string, condition = 'true'): string =>
  `ctid = (SELECT ctid FROM ${table} WHERE ${condition} ORDER BY provider_id LIMIT 1)`;

describe('a month that was closed', () => {
  it('agrees with its bills, its books and its orders', async () => {
    expect(await brokenCodes()).toEqual([]);
    const [rows] = await pool.database.query(
      `SELECT (SELECT count(*) FROM payment_month_line WHERE accepted_fen > 0 AND deposit_fen > 0) AS sheets,
         (SELECT count(*) FROM payment_order) AS orders,
         (SELECT count(*) FROM ledger_journal WHERE source_kind = 'month-settlement') AS journals`,
    );
    expect(rows).toEqual({ sheets: 2n, orders: 2n, journals: 1n });
  });

  it.each<[string, (sign: string) => string, string[]]>([
    [
      'a sheet that accepted a fen more than the bills say',
      (
        sign,
      ) => `UPDATE payment_month_line SET accepted_fen = accepted_fen ${sign} 1, budgeted_fen = budgeted_fen ${sign} 1
        WHERE ${first('payment_month_line')}`,
      ['R301', 'R302'],
    ],
    [
      'a deposit that is not the one posted',
      (
        sign,
      ) => `UPDATE payment_month_line SET deposit_fen = deposit_fen ${sign} 1, eligible_fen = eligible_fen ${sign} 1
        WHERE ${first('payment_month_line')}`,
      ['R303', 'R306'],
    ],
    [
      'an order over a fen more than the sheet',
      (sign) => `UPDATE payment_order SET amount_fen = amount_fen ${sign} 1 WHERE ${first('payment_order')}`,
      ['R304', 'R305'],
    ],
    [
      'an order that was paid without a posting',
      (sign) =>
        sign === '+'
          ? `UPDATE payment_order SET reviewed_by = gen_random_uuid(), approved_by = gen_random_uuid(),
               signed_by = gen_random_uuid(), sent_on = '2026-11-05', paid_on = '2026-11-05', bank_reference = 'x',
               state = 'paid' WHERE ${first('payment_order')}`
          : `UPDATE payment_order SET reviewed_by = NULL, approved_by = NULL, signed_by = NULL, sent_on = NULL,
               paid_on = NULL, bank_reference = NULL, state = 'prepared' WHERE state = 'paid'`,
      ['R305'],
    ],
    [
      'a quota that lost a fen on the way',
      (sign) =>
        `UPDATE payment_budget_quota SET quota_fen = quota_fen ${sign} 1 WHERE ${first('payment_budget_quota', 'quota_fen > 1')}`,
      ['R307'],
    ],
    [
      'a bill that came into the month after its close',
      (sign) => `UPDATE settlement SET settle_month = date '2026-10-01' ${sign === '+' ? `+ interval '1 month'` : ''}
        WHERE ${first('settlement')}`,
      ['R202', 'R203', 'R301'],
    ],
  ])('sees %s', async (_name, change, codes) => {
    await plantFault(pool.database, change('+'));
    expect(await brokenCodes()).toEqual(codes);
    await plantFault(pool.database, change('-'));
    expect(await brokenCodes()).toEqual([]);
  });
});
