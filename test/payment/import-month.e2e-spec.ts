import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseYuan } from '../../src/common/money/index.js';
import {
  approvedMonth,
  type Bureau,
  budgetInForce,
  closeMonth,
  fenOf,
  type PaymentPool,
  paymentPool,
  recordHistory,
} from './payment-pool.js';

const MONTH = '2026-10';
const SMALL = join(import.meta.dirname, '../claims/files/discharges-small.csv');
/** 1 000 real discharges, where they are at hand; else the small committed file tells the same story. */
const REAL = resolve(import.meta.dirname, '../../../shared/data/inpatients/cases_1000.csv');
const isReal = existsSync(REAL);

let pool: PaymentPool;
let bureau: Bureau;

beforeAll(async () => {
  if (!isReal) process.stdout.write('../shared/data is not there: the small committed file is used instead\n');
  pool = await paymentPool();
  const monthly = { [pool.institutions.tertiary]: parseYuan('40000.00') };
  await recordHistory(pool, '310', 2025, monthly);
  await recordHistory(pool, '390', 2025, monthly);
  bureau = await pool.on('2026-11-05');
}, 120_000);

afterAll(() => pool.close());

interface Imported {
  readonly state: string;
  readonly rows: number;
  readonly imported: number;
  readonly errors: number;
  readonly schemes: readonly { scheme: string; total: string; importedTotal: string }[];
}

async function importFile(): Promise<Imported> {
  const clerk = await pool.as('clerk');
  const { body } = await clerk
    .upload('discharge-imports')
    .field('institutionId', pool.institutions.tertiary)
    .field('month', MONTH)
    .attach('file', readFileSync(isReal ? REAL : SMALL), 'discharges.csv')
    .expect(202);
  for (let wait = 0; wait < 600; wait += 1) {
    const answer = await clerk.get(`discharge-imports/${String(body.id)}`).expect(200);
    if (answer.body.state === 'done') return answer.body as Imported;
    await sleep(50);
  }
  throw new Error('the import did not end');
}

describe('a file of discharges becomes a closed month', () => {
  it('every row is accounted for, totals equal the file’s to the fen, and both schemes close', async () => {
    const done = await importFile();
    expect(done.imported + done.errors).toBe(done.rows);
    if (isReal) expect(done).toMatchObject({ rows: 1000, imported: 1000, errors: 0 });
    for (const sums of done.schemes) expect(sums.importedTotal).toBe(sums.total);

    for (const scheme of ['310', '390'] as const) {
      await budgetInForce(bureau, scheme, 2026);
      const id = await approvedMonth(bureau, scheme, MONTH);
      const closed = await closeMonth(bureau, id);
      const [booked] = await pool.database.query<{ total: bigint; fund: bigint }>(
        `SELECT sum(total_fen)::bigint AS total, sum(fund_pay_sum_fen)::bigint AS fund FROM settlement
         WHERE scheme = $1 AND settle_month = $2`,
        [scheme, `${MONTH}-01`],
      );
      expect(booked?.total).toBe(fenOf(done.schemes.find((sums) => sums.scheme === scheme)?.importedTotal));
      const { body } = await bureau.reviewer.get(`month-settlements/${id}`).expect(200);
      const lines = body.lines as Record<string, string>[];
      expect(lines.reduce((sum, line) => sum + fenOf(line['accepted']), 0n)).toBe(booked?.fund);
      const [orders] = await pool.database.query<{ total: bigint }>(
        `SELECT coalesce(sum(amount_fen), 0)::bigint AS total FROM payment_order WHERE scheme = $1 AND source_id = $2`,
        [scheme, id],
      );
      expect(orders?.total).toBe(fenOf(closed['paid']));
      expect(body.state).toBe('closed');
    }
  }, 120_000);
});
