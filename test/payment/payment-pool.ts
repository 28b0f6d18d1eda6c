import { randomUUID } from 'node:crypto';
import type request from 'supertest';
import { type Fen, parseYuan } from '../../src/common/money/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { type Month, monthsOfYear } from '../../src/common/time/index.js';
import { Funding } from '../../src/funding/index.js';
import { systemActor } from '../../src/identity/index.js';
import { BudgetHistory, type Scheme } from '../../src/payment/index.js';
import { billOf, type Caller, type ClaimsPool, claimsPool, POOL } from '../claims/claims-pool.js';

export { billOf, line, POOL } from '../claims/claims-pool.js';

/** The people of the bureau, signed in on the day on which they act. */
export interface Bureau {
  readonly clerk: Caller;
  readonly reviewer: Caller;
  readonly approver: Caller;
  readonly inspector: Caller;
  readonly provider: Caller;
}

export interface PaymentPool extends ClaimsPool {
  /** Moves the clock to a day and signs everybody in. */
  on(day: string): Promise<Bureau>;
  /** Rows of a table as JSON text in a stable order, for comparing before and after. */
  rows(table: string): Promise<string[]>;
}

/** A pool with institutions, forecast income and recorded history of last year for both schemes. */
export async function paymentPool(): Promise<PaymentPool> {
  const pool = await claimsPool();
  const system = systemActor(POOL);
  await pool.get(Transactions).run(async (tx) => {
    for (const scheme of ['310', '390'] as const) {
      for (const year of [2025, 2026]) {
        const row = { scheme, year, kind: 'premium' as const, tier: 'none' as const, version: 0 };
        await pool.get(Funding).setForecast(tx, { ...row, forecast: parseYuan('1000000.00') }, system);
      }
    }
  });
  return {
    ...pool,
    on: async (day) => {
      pool.setToday(day);
      const [clerk, reviewer, approver, inspector, provider] = await Promise.all(
        ['clerk', 'reviewer', 'approver', 'inspector', 'provider'].map((name) => pool.as(name)),
      );
      if (!clerk || !reviewer || !approver || !inspector || !provider) throw new Error('five people');
      return {
        clerk: telling(clerk),
        reviewer: telling(reviewer),
        approver: telling(approver),
        inspector: telling(inspector),
        provider: telling(provider),
      };
    },
    rows: async (table) => {
      const rows = await pool.database.query<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
      );
      return rows.map(({ row }) => row);
    },
  };
}

/** A caller whose unexpected answers say what the server said. */
function telling(caller: Caller): Caller {
  const tell = (test: request.Test): request.Test => {
    const expectStatus = test.expect.bind(test) as (check: unknown) => request.Test;
    return Object.assign(test, {
      expect: (check: unknown) =>
        typeof check !== 'number'
          ? expectStatus(check)
          : expectStatus((answer: request.Response) => {
              if (answer.status !== check) {
                throw new Error(`expected ${String(check)}, got ${String(answer.status)}: ${answer.text}`);
              }
            }),
    });
  };
  return {
    get: (path) => tell(caller.get(path)),
    post: (path, body, key) => tell(caller.post(path, body, key)),
  };
}

/** Records twelve equal months of a year before the system began. */
export async function recordHistory(
  pool: PaymentPool,
  scheme: Scheme,
  year: number,
  monthly: Readonly<Record<string, Fen>>,
): Promise<void> {
  const months = Object.entries(monthly).flatMap(([providerId, budgeted]) =>
    monthsOfYear(year).map((month: Month) => ({ providerId, month, budgeted, visits: 1 })),
  );
  await pool.get(Transactions).run((tx) => pool.get(BudgetHistory).record(tx, systemActor(POOL), scheme, months));
}

/** A budget drafted by the clerk and approved by the approver, through HTTP; returns its id. */
export async function budgetInForce({ clerk, approver }: Bureau, scheme: Scheme, year: number): Promise<string> {
  const drafted = await clerk.post('budgets', { scheme, year }).expect(201);
  const id = String(drafted.body.id);
  await clerk.post(`budgets/${id}/publish`).expect(200);
  await clerk.post(`budgets/${id}/submit`, {}).expect(200);
  await approver.post(`budgets/${id}/approve`, {}).expect(200);
  return id;
}

/** Trial, submission, review and approval of a month by three people; returns its id. */
export async function approvedMonth(bureau: Bureau, scheme: Scheme, month: string): Promise<string> {
  const trial = await bureau.clerk.post('month-settlements', { scheme, month }).expect(200);
  const id = String(trial.body.id);
  await bureau.clerk.post(`month-settlements/${id}/submit`, {}).expect(200);
  await bureau.reviewer.post(`month-settlements/${id}/review`, { opinion: '核对无误' }).expect(200);
  await bureau.approver.post(`month-settlements/${id}/approve`, {}).expect(200);
  return id;
}

/** Closes an approved month. */
export async function closeMonth(bureau: Bureau, id: string): Promise<Record<string, string>> {
  const closed = await bureau.approver.post(`month-settlements/${id}/close`, {}, randomUUID()).expect(200);
  return closed.body as Record<string, string>;
}

/** Settles one bill of a new person through HTTP and returns its id. */
export async function settled(
  pool: PaymentPool,
  by: Caller,
  scheme: Scheme,
  over: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const bill = billOf(await pool.person({ scheme }), over);
  const answer = await by.post('settlements', bill, randomUUID()).expect(201);
  return String(answer.body.id);
}

/** Fen of a yuan text of an answer. */
export function fenOf(yuan: unknown): bigint {
  return BigInt(String(yuan).replace('.', ''));
}
