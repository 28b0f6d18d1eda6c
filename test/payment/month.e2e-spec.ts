import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseYuan } from '../../src/common/money/index.js';
import type { Caller } from '../claims/claims-pool.js';
import {
  approvedMonth,
  billOf,
  type Bureau,
  budgetInForce,
  closeMonth,
  fenOf,
  line,
  type PaymentPool,
  paymentPool,
  recordHistory,
  settled,
} from './payment-pool.js';

let pool: PaymentPool;
let bureau: Bureau;
let tertiary: string;
let secondary: string;

const MONTH = '2026-10';

beforeAll(async () => {
  pool = await paymentPool();
  ({ tertiary, secondary } = pool.institutions);
  const monthly = { [tertiary]: parseYuan('30000.00'), [secondary]: parseYuan('10000.00') };
  await recordHistory(pool, '310', 2025, monthly);
  await recordHistory(pool, '390', 2025, monthly);
  bureau = await pool.on('2026-10-20');
}, 120_000);

afterAll(() => pool.close());

const linesOf = async (caller: Caller, id: string): Promise<Record<string, string>[]> => {
  const { body } = await caller.get(`month-settlements/${id}`).expect(200);
  return body.lines as Record<string, string>[];
};

const balance = async (account: string, scheme: string): Promise<bigint> => {
  const [row] = await pool.database.query<{ balance: bigint }>(
    `SELECT (coalesce(sum(amount_fen) FILTER (WHERE debit_account = $1), 0)
       - coalesce(sum(amount_fen) FILTER (WHERE credit_account = $1), 0))::bigint AS balance
     FROM ledger_line WHERE scheme = $2`,
    [account, scheme],
  );
  return row?.balance ?? 0n;
};

describe('a month from bills to paid orders, through HTTP, by three people', () => {
  let id: string;
  let hash: string;

  it('needs a budget that a second person approved', async () => {
    for (let bill = 0; bill < 6; bill += 1) await settled(pool, bureau.provider, '310');
    for (let bill = 0; bill < 4; bill += 1) await settled(pool, bureau.clerk, '310', { providerId: secondary });
    await settled(pool, bureau.provider, '310', { referral: 'emergency' });
    bureau = await pool.on('2026-11-05');
    const early = await bureau.clerk.post('month-settlements', { scheme: '310', month: MONTH }).expect(422);
    expect(early.body.code).toBe('payment.no-budget-in-force');
    await budgetInForce(bureau, '310', 2026);
  });

  it('the month that is not over is not settled', async () => {
    const answer = await bureau.clerk.post('month-settlements', { scheme: '310', month: '2026-11' }).expect(422);
    expect(answer.body.code).toBe('payment.month-not-over');
  });

  it('takes a deduction that one person proposed and another decided', async () => {
    const deduction = { providerId: secondary, scheme: '310', month: MONTH, amount: '123.45', reason: '超标准收费' };
    const proposed = await bureau.clerk.post('deductions', deduction, randomUUID()).expect(201);
    const decide = { uphold: true, opinion: '事实清楚' };
    await bureau.inspector.post(`deductions/${String(proposed.body.id)}/decide`, decide).expect(204);
    const own = await bureau.inspector.post('deductions', { ...deduction, amount: '1.00' }, randomUUID()).expect(201);
    const refused = await bureau.inspector.post(`deductions/${String(own.body.id)}/decide`, decide).expect(403);
    expect(refused.body.code).toBe('payment.same-person');
  });

  it('the trial gives one sheet a provider, with the answer to "how was this computed"', async () => {
    const trial = await bureau.clerk.post('month-settlements', { scheme: '310', month: MONTH }).expect(200);
    // The run that was refused for want of a budget goes on, now that there is one.
    expect(trial.body).toMatchObject({ state: 'done', created: false });
    id = String(trial.body.id);
    const lines = await linesOf(bureau.reviewer, id);
    expect(lines.map((sheet) => sheet['providerId'])).toEqual(expect.arrayContaining([tertiary, secondary]));
    const sheet = await bureau.reviewer.get(`month-settlements/${id}/lines/${secondary}`).expect(200);
    expect(sheet.body.deduction).toBe('123.45');
    expect(sheet.body.settlements).toBe(4);
    const steps = (sheet.body.trace as { code: string }[]).map((step) => step.code);
    expect(steps).toEqual(['accepted', 'budgeted', 'eligible', 'deposit', 'as-billed', 'deductions', 'pay']);
    expect(sheet.body.explained.zh.at(-1)).toContain('应拨付');
    expect(sheet.body.explained.en.at(-1)).toContain('To pay');
    const cells = sheet.body.cells as Record<string, string>[];
    const sum = (name: string): bigint => cells.reduce((total, cell) => total + fenOf(cell[name]), 0n);
    expect(sum('accepted')).toBe(fenOf(sheet.body.accepted));
    expect(sum('eligible')).toBe(fenOf(sheet.body.eligible));
    expect(sum('withheld')).toBe(fenOf(sheet.body.deposit) + fenOf(sheet.body.held));
  });

  it('asked for again it is the same run with the same rows', async () => {
    const before = await pool.rows('payment_month_line');
    const again = await bureau.clerk.post('month-settlements', { scheme: '310', month: MONTH }).expect(200);
    expect(again.body).toMatchObject({ id, created: false });
    expect(await pool.rows('payment_month_line')).toEqual(before);
  });

  it('an adjustment is a line with its reason, and moves what is paid by its amount', async () => {
    const [before] = (await linesOf(bureau.clerk, id)).filter((sheet) => sheet['providerId'] === tertiary);
    const adjustment = {
      providerId: tertiary,
      amount: '-100.00',
      reason: '上月多拨，本月调减',
      document: '浙医保〔2026〕1号',
    };
    const route = `month-settlements/${id}/adjustments`;
    const bare = await bureau.clerk.post(route, adjustment).expect(400);
    expect(bare.body.code).toBe('idempotency.key-missing');
    const key = randomUUID();
    const made = await bureau.clerk.post(route, adjustment, key).expect(201);
    // An answer that was lost on its way is asked for again, blindly: the line must not stand there twice.
    const again = await bureau.clerk.post(route, adjustment, key).expect(201);
    expect(again.body).toEqual(made.body);
    const sheet = await bureau.clerk.get(`month-settlements/${id}/lines/${tertiary}`).expect(200);
    expect(fenOf(sheet.body.pay)).toBe(fenOf(before?.['pay']) - 10_000n);
    expect(sheet.body.adjustments).toEqual([expect.objectContaining({ amount: '-100.00', reason: adjustment.reason })]);
    expect(sheet.body.exceptions).toContain('adjusted');
  });

  it('the maker neither reviews nor approves; a returned month goes round again', async () => {
    await bureau.clerk.post(`month-settlements/${id}/submit`, {}).expect(200);
    await bureau.clerk.post(`month-settlements/${id}/review`, {}).expect(403);
    await bureau.clerk.post(`month-settlements/${id}/approve`, {}).expect(403);
    await bureau.approver.post(`month-settlements/${id}/approve`, {}).expect(409);
    const silent = await bureau.reviewer.post(`month-settlements/${id}/return`, {}).expect(400);
    expect(silent.body.code).toBe('http.invalid');
    await bureau.reviewer.post(`month-settlements/${id}/return`, { opinion: '请补充依据' }).expect(200);
    await bureau.clerk.post(`month-settlements/${id}/submit`, {}).expect(200);
    await bureau.reviewer.post(`month-settlements/${id}/review`, {}).expect(200);
    await bureau.approver.post(`month-settlements/${id}/close`, {}, randomUUID()).expect(409);
    await bureau.approver.post(`month-settlements/${id}/approve`, {}).expect(200);
    const { body } = await bureau.reviewer.get(`month-settlements/${id}`).expect(200);
    expect(
      (body.timeline as { step: string; round: number }[]).map((act) => `${String(act.round)} ${act.step}`),
    ).toEqual(['1 submit', '1 return', '2 submit', '2 review', '2 approve']);
  });

  it('figures of a month under approval do not change, whoever tries', async () => {
    const adjustment = { providerId: tertiary, amount: '1.00', reason: '再调一点' };
    await bureau.clerk.post(`month-settlements/${id}/adjustments`, adjustment, randomUUID()).expect(409);
    await expect(
      pool.database.query('UPDATE payment_month_line SET pay_fen = pay_fen + 1 WHERE month_id = $1', [id]),
    ).rejects.toMatchObject({ code: 'TC010' });
  });

  it('a bill that comes after the trial keeps the month from being closed', async () => {
    bureau = await pool.on('2026-10-31');
    const late = await settled(pool, bureau.provider, '310');
    bureau = await pool.on('2026-11-05');
    const refused = await bureau.approver.post(`month-settlements/${id}/close`, {}, randomUUID()).expect(409);
    expect(refused.body.code).toBe('payment.month-changed-since-trial');
    const open = await pool.database.query(`SELECT FROM claims_month WHERE scheme = '310' AND state = 'closed'`);
    expect(open).toHaveLength(0);
    await bureau.approver.post(`month-settlements/${id}/return`, { opinion: '重新试算' }).expect(200);
    const request = { scheme: '310', month: MONTH, recompute: true };
    const again = await bureau.clerk.post('month-settlements', request).expect(200);
    expect(again.body).toMatchObject({ id, created: true, state: 'done' });
    expect(late).not.toBe('');
    const [sheet] = (await linesOf(bureau.clerk, id)).filter((row) => row['providerId'] === tertiary);
    expect(sheet).toMatchObject({ settlements: 8, adjustment: '-100.00' });
  });

  it('closes once: sheets = ledger = payment orders, to the fen', async () => {
    await approvedMonth(bureau, '310', MONTH);
    const closed = await closeMonth(bureau, id);
    hash = String(closed['hash']);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const lines = await linesOf(bureau.reviewer, id);
    const sum = (name: string): bigint => lines.reduce((total, sheet) => total + fenOf(sheet[name]), 0n);
    const orders = (await bureau.clerk.get(`payment-orders?sourceId=${id}`).expect(200)).body.items as Record<
      string,
      string
    >[];
    const ordered = orders.reduce((total, order) => total + fenOf(order['amount']), 0n);
    expect(ordered).toBe(sum('pay'));
    expect(fenOf(closed['paid'])).toBe(ordered);
    expect(-(await balance('2004', '310'))).toBe(ordered);
    expect(-(await balance('2002', '310'))).toBe(sum('deposit'));
    expect(-(await balance('4101', '310'))).toBe(sum('deduction'));
    // What is still owed to providers is what was accepted and neither paid, withheld as deposit nor refused.
    expect(-(await balance('2001', '310'))).toBe(
      sum('accepted') + sum('account') - sum('pay') - sum('deposit') - sum('deduction'),
    );
    const applied = (await bureau.clerk.get('deductions?state=applied').expect(200)).body.items;
    expect(applied).toEqual([expect.objectContaining({ amount: '123.45', appliedMonthId: id })]);
  });

  it('F16: a closed month run or closed again changes nothing and answers as it did', async () => {
    const tables = ['payment_month', 'payment_month_line', 'payment_month_cell', 'payment_order', 'ledger_line'];
    const before = await Promise.all(tables.map((table) => pool.rows(table)));
    const trial = await bureau.clerk.post('month-settlements', { scheme: '310', month: MONTH }).expect(200);
    expect(trial.body).toMatchObject({ id, created: false, state: 'done' });
    expect(await closeMonth(bureau, id)).toMatchObject({ hash });
    const again = { scheme: '310', month: MONTH, recompute: true };
    await bureau.clerk.post('month-settlements', again).expect(409);
    await bureau.clerk.post(`month-settlements/${id}/submit`, {}).expect(409);
    expect(await Promise.all(tables.map((table) => pool.rows(table)))).toEqual(before);
  });

  it('the closed month takes no bill and cannot be changed in the database either', async () => {
    bureau = await pool.on('2026-10-31');
    const bill = billOf(await pool.person({ scheme: '310' }));
    const refused = await bureau.provider.post('settlements', bill, randomUUID());
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.body.code).toContain('month-closed');
    bureau = await pool.on('2026-11-06');
    for (const sql of [
      `UPDATE payment_month SET state = 'approved' WHERE id = $1`,
      'DELETE FROM payment_month_cell WHERE month_id = $1',
      `UPDATE payment_month_input SET facts = '{}' WHERE month_id = $1`,
    ]) {
      await expect(pool.database.query(sql, [id])).rejects.toMatchObject({ code: 'TC010' });
    }
  });

  it('orders go through three people and the bank; each step posts', async () => {
    const orders = (await bureau.clerk.get(`payment-orders?sourceId=${id}`).expect(200)).body.items as { id: string }[];
    const [first, second] = orders;
    if (!first || !second) throw new Error('two orders');
    await bureau.approver.post(`payment-orders/${first.id}/approve`, {}).expect(409);
    for (const order of [first, second]) {
      await bureau.reviewer.post(`payment-orders/${order.id}/review`, {}).expect(200);
      await bureau.approver.post(`payment-orders/${order.id}/approve`, { opinion: '同意拨付' }).expect(200);
      await bureau.approver.post(`payment-orders/${order.id}/sign-off`, {}, randomUUID()).expect(200);
      await bureau.clerk.post(`payment-orders/${order.id}/send`, {}, randomUUID()).expect(200);
    }
    const key = randomUUID();
    for (let copy = 0; copy < 2; copy += 1) {
      await bureau.clerk.post(`payment-orders/${first.id}/paid`, { bankReference: 'BOC-1' }, key).expect(200);
    }
    const reason = { reason: '账号户名不符' };
    await bureau.clerk.post(`payment-orders/${second.id}/returned`, reason, randomUUID()).expect(200);
    const anew = await bureau.clerk.post(`payment-orders/${second.id}/reissue`, {}, randomUUID()).expect(201);
    const [paid, returned, reissued] = await Promise.all(
      [first.id, second.id, String(anew.body.id)].map(
        async (order) => (await bureau.clerk.get(`payment-orders/${order}`)).body,
      ),
    );
    expect([paid.state, returned.state, reissued.state]).toEqual(['paid', 'returned', 'prepared']);
    expect(reissued).toMatchObject({ attempt: 2, amount: returned.amount });
    expect(-(await balance('1003', '310'))).toBe(fenOf(paid.amount));
    expect(-(await balance('2004', '310'))).toBe(fenOf(reissued.amount));
    const three = new Set([paid.preparedBy, paid.reviewedBy, paid.approvedBy]);
    expect(three.size).toBe(3);
  });

  it('the provider sees its own sheet and orders and nobody else’s', async () => {
    const lines = await linesOf(bureau.provider, id);
    expect(lines.map((sheet) => sheet['providerId'])).toEqual([tertiary]);
    await bureau.provider.get(`month-settlements/${id}/lines/${secondary}`).expect(404);
    const orders = (await bureau.provider.get('payment-orders').expect(200)).body.items as Record<string, string>[];
    expect(new Set(orders.map((order) => order['providerId']))).toEqual(new Set([tertiary]));
  });
});

describe('reversals and late bills', () => {
  it('a reversal is netted in the month it happens, and what it makes negative is carried', async () => {
    bureau = await pool.on('2026-10-20');
    const bill = await settled(pool, bureau.clerk, '390', {
      providerId: secondary,
      lines: [line(1, 'XA001', '500', '10.00')],
    });
    bureau = await pool.on('2026-11-05');
    await budgetInForce(bureau, '390', 2026);
    await closeMonth(bureau, await approvedMonth(bureau, '390', MONTH));
    await bureau.clerk.post(`settlements/${bill}/reverse`, { reason: '录入错误' }, randomUUID());
    bureau = await pool.on('2026-12-05');
    const id = await approvedMonth(bureau, '390', '2026-11');
    const [sheet] = (await linesOf(bureau.clerk, id)).filter((row) => row['providerId'] === secondary);
    expect(fenOf(sheet?.['accepted'])).toBeLessThan(0n);
    expect(sheet).toMatchObject({ pay: '0.00', settlements: -1, deposit: '0.00' });
    expect(fenOf(sheet?.['carryOut'])).toBe(-fenOf(sheet?.['accepted']) - fenOf(sheet?.['account']));
    expect(sheet?.['exceptions']).toContain('carried');
  });

  it('months are settled one after the other', async () => {
    bureau = await pool.on('2027-01-05');
    const answer = await bureau.clerk.post('month-settlements', { scheme: '390', month: '2026-12' }).expect(409);
    expect(answer.body.code).toBe('payment.month-order');
  });
});
