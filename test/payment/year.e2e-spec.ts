import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseYuan } from '../../src/common/money/index.js';
import { monthsOfYear } from '../../src/common/time/index.js';
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

const YEAR = 2025;
const SCHEME = '310';
type Line = Record<string, string>;

let pool: PaymentPool;
let bureau: Bureau;
let tertiary: string;
let secondary: string;

beforeAll(async () => {
  pool = await paymentPool();
  ({ tertiary, secondary } = pool.institutions);
  await recordHistory(pool, SCHEME, YEAR - 1, {
    [tertiary]: parseYuan('3000.00'),
    [secondary]: parseYuan('1000.00'),
  });
}, 120_000);

afterAll(() => pool.close());

/** Every table of the room, as one text. */
const everything = async (): Promise<string> => {
  const tables = await pool.database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
       AND (relname LIKE 'payment%' OR relname IN ('ledger_journal', 'ledger_line', 'approval_act')) ORDER BY 1`,
  );
  const rows = await Promise.all(tables.map(async ({ name }) => [name, await pool.rows(name)]));
  return JSON.stringify(rows);
};

describe('the budget of a year', () => {
  let id: string;

  it('is drafted from forecast income and history, and sums to what is available, to the fen', async () => {
    bureau = await pool.on('2025-01-10');
    const drafted = await bureau.clerk.post('budgets', { scheme: SCHEME, year: YEAR }).expect(201);
    id = String(drafted.body.id);
    const { body } = await bureau.reviewer.get(`budgets/${id}`).expect(200);
    const lines = body.lines as { amount: string; quotas: string[]; providerId: string }[];
    const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + fenOf(amount), 0n);
    expect(sum(lines.map((row) => row.amount))).toBe(fenOf(body.available));
    for (const row of lines) expect(sum(row.quotas)).toBe(fenOf(row.amount));
    const setAside = sum((body.setAsides as { amount: string }[]).map((row) => row.amount));
    expect(fenOf(body.income)).toBe(fenOf(body.reserve) + setAside + fenOf(body.available));
    await bureau.clerk.post('budgets', { scheme: SCHEME, year: YEAR }).expect(409);
  });

  it('a what-if shows every provider’s difference and writes nothing', async () => {
    const before = await everything();
    const change = { income: '2000000.00', growth: '1.10' };
    const { body } = await bureau.clerk.post(`budgets/${id}/what-if`, change).expect(200);
    const lines = body.lines as Line[];
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((row) => fenOf(row['difference']) === fenOf(row['whatIf']) - fenOf(row['amount']))).toBe(true);
    expect(lines.some((row) => fenOf(row['difference']) > 0n)).toBe(true);
    expect(await everything()).toBe(before);
  });

  it('a negotiated amount replaces the formula amount, and the sum stays', async () => {
    const { body: draft } = await bureau.clerk.get(`budgets/${id}`).expect(200);
    await bureau.clerk.post(`budgets/${id}/publish`).expect(200);
    const http = pool.http();
    const token = await http.post('/api/v1/auth/login').send({
      username: 'clerk',
      password: 'correct horse battery staple',
    });
    const put = (body: object) =>
      pool
        .http()
        .put(`/api/v1/budgets/${id}/providers/${secondary}`)
        .set('authorization', `Bearer ${String(token.body.accessToken)}`)
        .send(body);
    await put({ amount: '3000.00', reason: '新院区尚未启用' }).expect(200);
    const tooMuch = await put({ amount: '99999999.00', reason: '过多' });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([422, 'payment.budget-negotiated-exceeds']);
    const { body } = await bureau.clerk.get(`budgets/${id}`).expect(200);
    const lines = body.lines as (Line & { negotiated: string | null })[];
    expect(lines.find((row) => row['providerId'] === secondary)).toMatchObject({
      negotiated: '3000.00',
      amount: '3000.00',
    });
    expect(lines.reduce((total, row) => total + fenOf(row['amount']), 0n)).toBe(fenOf(draft.available));
    expect(body.state).toBe('negotiated');
  });

  it('is approved by a second person and then no longer changed, only adjusted by a new version', async () => {
    await bureau.clerk.post(`budgets/${id}/submit`, {}).expect(200);
    await bureau.clerk.post(`budgets/${id}/approve`, {}).expect(403);
    await bureau.approver.post(`budgets/${id}/return`, { opinion: '补充协商纪要' }).expect(200);
    await bureau.clerk.post(`budgets/${id}/submit`, {}).expect(200);
    await bureau.approver.post(`budgets/${id}/approve`, {}).expect(200);
    await expect(
      pool.database.query('UPDATE payment_budget_line SET weight_fen = 0 WHERE budget_id = $1', [id]),
    ).rejects.toMatchObject({ code: 'TC010' });
    const adjusted = await bureau.clerk.post(`budgets/${id}/adjust`, { reason: '疫情期间调增' }).expect(201);
    const next = String(adjusted.body.id);
    await bureau.clerk.post(`budgets/${next}/publish`).expect(200);
    await bureau.clerk.post(`budgets/${next}/submit`, {}).expect(200);
    await bureau.approver.post(`budgets/${next}/approve`, {}).expect(200);
    const list = (await bureau.clerk.get(`budgets?scheme=${SCHEME}&year=${String(YEAR)}`).expect(200)).body.items;
    expect((list as Line[]).map((row) => [row['version'], row['state'], row['reason']])).toEqual([
      [2, 'in-force', '疫情期间调增'],
      [1, 'adjusted', ''],
    ]);
  });
});

describe('a year cleared', () => {
  let id: string;
  const linesOf = async (): Promise<Line[]> => {
    const { body } = await bureau.reviewer.get(`clearings/${id}`).expect(200);
    return body.lines as Line[];
  };

  // Paid in advance beyond what the year will owe, so that the clearing finds something to recover.
  const overpay = async (month: string): Promise<void> => {
    const trial = await bureau.clerk.post('month-settlements', { scheme: SCHEME, month }).expect(200);
    const adjustment = { providerId: secondary, amount: '9000.00', reason: '年末周转' };
    await bureau.clerk
      .post(`month-settlements/${String(trial.body.id)}/adjustments`, adjustment, randomUUID())
      .expect(201);
  };

  it('needs all twelve months closed', async () => {
    for (const day of ['2025-01-12', '2025-07-12']) {
      bureau = await pool.on(day);
      const stay = { admittedOn: day.replace('12', '02'), dischargedOn: day.replace('-12', '-10') };
      const lines = [line(1, 'XA001', '400', '10.00')];
      for (let bill = 0; bill < 3; bill += 1) await settled(pool, bureau.provider, SCHEME, { ...stay, lines });
      for (let bill = 0; bill < 2; bill += 1) {
        await settled(pool, bureau.clerk, SCHEME, { ...stay, lines, providerId: secondary });
      }
    }
    // A maternity hospital takes the same person back five days after the discharge.
    await pool.database.query(`UPDATE institution SET speciality = 'maternity' WHERE id = $1`, [secondary]);
    bureau = await pool.on('2025-08-20');
    const personId = await pool.person({ scheme: SCHEME });
    for (const [admittedOn, dischargedOn] of [
      ['2025-08-01', '2025-08-05'],
      ['2025-08-10', '2025-08-14'],
    ]) {
      const stay = billOf(personId, { admittedOn, dischargedOn, providerId: secondary });
      await bureau.clerk.post('settlements', stay, randomUUID()).expect(201);
    }
    bureau = await pool.on('2026-01-12');
    const january = { admittedOn: '2026-01-02', dischargedOn: '2026-01-10', lines: [line(1, 'XA001', '400', '10.00')] };
    await settled(pool, bureau.clerk, SCHEME, { ...january, providerId: secondary });
    bureau = await pool.on('2026-02-10');
    const early = await bureau.clerk.post('clearings', { scheme: SCHEME, year: YEAR }).expect(422);
    expect(early.body.code).toBe('payment.clearing-months-open');
    for (const month of monthsOfYear(YEAR)) {
      if (month === '2025-12') await overpay(month);
      await closeMonth(bureau, await approvedMonth(bureau, SCHEME, month));
    }
  }, 120_000);

  it('the trial conserves: accepted = payable + borne + refused − retained, per provider and in total', async () => {
    const trial = await bureau.clerk.post('clearings', { scheme: SCHEME, year: YEAR }).expect(200);
    expect(trial.body.state).toBe('done');
    id = String(trial.body.id);
    const lines = await linesOf();
    const totals = { left: 0n, right: 0n };
    for (const row of lines) {
      const left = fenOf(row['accepted']) + fenOf(row['retained']);
      const right = fenOf(row['payable']) + fenOf(row['borne']) + fenOf(row['refused']);
      expect(left).toBe(right);
      totals.left += left;
      totals.right += right;
    }
    expect(totals.left).toBe(totals.right);
    expect(totals.left).toBeGreaterThan(0n);
    const over = lines.find((row) => row['providerId'] === secondary);
    expect(over?.['exceptions']).toContain('over-budget');
    expect(fenOf(over?.['borne'])).toBeGreaterThan(0n);
    const traced = await bureau.reviewer.get(`clearings/${id}/lines/${secondary}`).expect(200);
    const codes = (traced.body.trace as { code: string }[]).map((step) => step.code);
    expect(codes).toEqual(expect.arrayContaining(['a', 'use', 'band-1', 'payable', 'deposit', 'balance']));
    expect(traced.body.explained.zh.join('\n')).toContain('超支第 1 段');
  });

  it('a what-if with other bands changes nothing', async () => {
    const before = await everything();
    const generous = [{ upTo: '0.10', share: '1' }, { share: '1' }];
    const { body } = await bureau.clerk.post(`clearings/${id}/what-if`, { overspend: generous }).expect(200);
    expect(fenOf(body.whatIfPayable)).toBeGreaterThan(fenOf(body.payable));
    const bad = [
      { upTo: '0.10', share: '1' },
      { upTo: '0.05', share: '1' },
    ];
    const refused = await bureau.clerk.post(`clearings/${id}/what-if`, { overspend: bad }).expect(400);
    expect(refused.body.code).toBe('payment.policy-invalid');
    expect(await everything()).toBe(before);
  });

  it('is not submitted before every provider with a deposit was assessed by two people', async () => {
    const early = await bureau.clerk.post(`clearings/${id}/submit`, {}).expect(422);
    expect(early.body.code).toBe('payment.assessment-missing');
    const scores = { [tertiary]: '97', [secondary]: '50' };
    const others = Object.values(pool.institutions).filter((one) => one !== tertiary && one !== secondary);
    for (const [providerId, score] of [...Object.entries(scores), ...others.map((one) => [one, '90'] as const)]) {
      const assessment = { providerId, year: YEAR, score, gradeIndex: '1.0', complaints: 0 };
      const scored = await bureau.clerk.post('assessments', assessment).expect(201);
      await bureau.clerk.post(`assessments/${String(scored.body.id)}/confirm`).expect(403);
      await bureau.reviewer.post(`assessments/${String(scored.body.id)}/confirm`).expect(204);
    }
    const again = await bureau.clerk.post('clearings', { scheme: SCHEME, year: YEAR, recompute: true }).expect(200);
    expect(again.body).toMatchObject({ id, state: 'done' });
  });

  it('a readmission to a special hospital is judged by a person, with a reason, before the year is submitted', async () => {
    const key = { scheme: SCHEME, year: YEAR };
    expect((await bureau.clerk.post('readmission-reviews', key).expect(200)).body).toEqual({ added: 1 });
    expect((await bureau.clerk.post('readmission-reviews', key).expect(200)).body).toEqual({ added: 0 });
    const early = await bureau.clerk.post(`clearings/${id}/submit`, {}).expect(422);
    expect(early.body.code).toBe('payment.reviews-open');
    const { body } = await bureau.inspector.get('readmission-reviews?state=open').expect(200);
    const [item] = body.items as { id: string; gapDays: number; providerId: string }[];
    expect(item).toMatchObject({ gapDays: 5, providerId: secondary });
    const decision = { reasonable: true, reason: '产后并发症', evidence: '病历首页' };
    await bureau.inspector.post(`readmission-reviews/${String(item?.id)}/decide`, decision).expect(204);
    await bureau.inspector.post(`readmission-reviews/${String(item?.id)}/decide`, decision).expect(409);
    const again = await bureau.clerk.post('clearings', { ...key, recompute: true }).expect(200);
    expect(again.body).toMatchObject({ id, state: 'done' });
    const [facts] = await pool.database.query<{ reasonable: number }>(
      `SELECT (facts ->> 'reasonableReadmissions')::int AS reasonable FROM payment_clearing_input
       WHERE clearing_id = $1 AND provider_id = $2`,
      [id, secondary],
    );
    expect(facts?.reasonable).toBe(1);
  });

  it('forfeits of the worst go to the best, to the fen', async () => {
    const lines = await linesOf();
    const of = (providerId: string) => lines.find((row) => row['providerId'] === providerId);
    expect(fenOf(of(secondary)?.['depositForfeited'])).toBe(fenOf(of(secondary)?.['depositHeld']));
    expect(fenOf(of(secondary)?.['depositForfeited'])).toBeGreaterThan(0n);
    expect(of(tertiary)?.['poolShare']).toBe(of(secondary)?.['depositForfeited']);
    expect(of(tertiary)?.['depositReturned']).toBe(of(tertiary)?.['depositHeld']);
  });

  it('three people close it; afterwards nothing of the year is owed but what stands on orders', async () => {
    await bureau.clerk.post(`clearings/${id}/submit`, {}).expect(200);
    await bureau.clerk.post(`clearings/${id}/review`, {}).expect(403);
    await bureau.reviewer.post(`clearings/${id}/review`, {}).expect(200);
    await bureau.approver.post(`clearings/${id}/approve`, {}).expect(200);
    const closed = await bureau.approver.post(`clearings/${id}/close`, {}, randomUUID()).expect(200);
    const lines = await linesOf();
    const positive = lines.map((row) => fenOf(row['balance'])).filter((amount) => amount > 0n);
    expect(fenOf(closed.body.paid)).toBe(positive.reduce((a, b) => a + b, 0n));
    // Without the bills of the next year, which are owed rightly.
    const balances = await pool.database.query<{ account: string; balance: bigint }>(
      `WITH lines AS (SELECT l.* FROM ledger_line l JOIN ledger_journal j
           ON j.pool_area = l.pool_area AND j.period = l.period AND j.id = l.journal_id
         WHERE l.scheme = $1 AND NOT (j.source_kind = 'settlement' AND l.period >= '2026-01-01'))
       SELECT account, sum(amount)::bigint AS balance FROM (
         SELECT debit_account AS account, amount_fen AS amount FROM lines
         UNION ALL SELECT credit_account, -amount_fen FROM lines) AS t GROUP BY account`,
      [SCHEME],
    );
    const of = (account: string): bigint => balances.find((row) => row.account === account)?.balance ?? 0n;
    expect([of('2001'), of('2002'), of('1201')]).toEqual([0n, 0n, 0n]);
    expect(of('1202')).toBe(fenOf(closed.body.toRecover));
    const [orders] = await pool.database.query<{ total: bigint }>(
      `SELECT sum(amount_fen)::bigint AS total FROM payment_order WHERE scheme = $1 AND state = 'prepared'`,
      [SCHEME],
    );
    expect(-of('2004')).toBe(orders?.total);
  });

  it('closed again it answers as it did; what is to be recovered is collected from the next month', async () => {
    const before = await everything();
    await bureau.approver.post(`clearings/${id}/close`, {}, randomUUID()).expect(200);
    await bureau.clerk.post('clearings', { scheme: SCHEME, year: YEAR }).expect(200);
    expect(await everything()).toBe(before);
    await expect(
      pool.database.query('UPDATE payment_clearing_line SET borne_fen = 0 WHERE clearing_id = $1', [id]),
    ).rejects.toMatchObject({ code: 'TC010' });
    const { body } = await bureau.clerk.get(`budgets?scheme=${SCHEME}&year=${String(YEAR)}`).expect(200);
    expect((body.items as Line[])[0]?.['state']).toBe('closed');
    const owed = (await linesOf()).filter((row) => fenOf(row['balance']) < 0n);
    expect(owed.map((row) => row['providerId'])).toEqual([secondary]);
    await budgetInForce(bureau, SCHEME, YEAR + 1);
    const month = await approvedMonth(bureau, SCHEME, '2026-01');
    const { body: sheet } = await bureau.clerk.get(`month-settlements/${month}/lines/${secondary}`).expect(200);
    expect(fenOf(sheet.recovered)).toBeGreaterThan(0n);
    expect(fenOf(sheet.recovered)).toBeLessThanOrEqual(-fenOf(owed[0]?.['balance']));
    expect((sheet.trace as { code: string }[]).map((step) => step.code)).toContain('recovered');
  });
});
