import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type request from 'supertest';
import { parseYuan } from '../../src/common/money/index.js';
import { monthsOfYear } from '../../src/common/time/index.js';
import type { Caller } from '../claims/claims-pool.js';
import {
  approvedMonth,
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
const JANUARY = '2025-01';
type Row = Record<string, string>;

let pool: PaymentPool;
let bureau: Bureau;
let tertiary: string;
let secondary: string;

beforeAll(async () => {
  pool = await paymentPool();
  ({ tertiary, secondary } = pool.institutions);
  const history = { [tertiary]: parseYuan('300000.00'), [secondary]: parseYuan('1000.00') };
  await recordHistory(pool, '310', YEAR - 1, history);
  bureau = await pool.on('2025-01-12');
  const stay = { admittedOn: '2025-01-02', dischargedOn: '2025-01-10', lines: [line(1, 'XA001', '400', '10.00')] };
  for (let bill = 0; bill < 3; bill += 1) await settled(pool, bureau.provider, '310', stay);
  for (let bill = 0; bill < 2; bill += 1) await settled(pool, bureau.clerk, '310', { ...stay, providerId: secondary });
  bureau = await pool.on('2025-02-05');
  await budgetInForce(bureau, '310', YEAR);
}, 120_000);

afterAll(() => pool.close());

/** Takes a file as a client does: type, name and caching checked, bytes returned. PAPERS_DIR keeps a copy to look at. */
async function taken(call: request.Test, name: string): Promise<Buffer> {
  const answer = await call.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      done(null, Buffer.concat(chunks));
    });
  });
  const bytes = answer.body as Buffer;
  if (answer.status !== 200) throw new Error(`expected 200, got ${String(answer.status)}: ${bytes.toString()}`);
  expect(answer.headers['content-type']).toBe(name.endsWith('.pdf') ? 'application/pdf' : 'text/csv; charset=utf-8');
  expect(answer.headers['content-disposition']).toMatch(
    /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%~!-]+$/,
  );
  expect(decodeURIComponent(String(answer.headers['content-disposition']).split("''")[1] ?? '')).toBe(name);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(Number(answer.headers['content-length'])).toBe(bytes.length);
  const copies = process.env['PAPERS_DIR'];
  if (copies !== undefined) await writeFile(join(copies, name), bytes);
  return bytes;
}

/** The PDF says its title and number in its information dictionary, in UTF-16. */
function expectPdf(bytes: Buffer, title: string): void {
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.includes(Buffer.from(title, 'utf16le').swap16())).toBe(true);
}

const audited = (action: string): Promise<{ actor: string; kind: string; details: Row }[]> =>
  pool.database.query('SELECT actor_name AS actor, kind, details FROM audit_event WHERE action = $1 ORDER BY at, id', [
    action,
  ]);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Someone of the bureau of one county only. */
async function countyInspector(): Promise<Caller> {
  await pool.database.query(`UPDATE app_user SET area_code = '331121' WHERE username = 'inspector'`);
  return pool.as('inspector');
}

describe('月度结算单', () => {
  const name = '月度结算单-JS310-202501-H33110200001.pdf';
  let id: string;
  let route: string;
  let trial: Buffer;

  it('can be printed as a trial, before anybody has signed', async () => {
    const started = await bureau.clerk.post('month-settlements', { scheme: '310', month: JANUARY }).expect(200);
    id = String(started.body.id);
    const adjustment = {
      providerId: tertiary,
      amount: '-12.30',
      reason: '上年度垫付款冲回',
      document: '会议纪要〔2025〕3号',
    };
    await bureau.clerk.post(`month-settlements/${id}/adjustments`, adjustment, randomUUID()).expect(201);
    route = `month-settlements/${id}/lines/${tertiary}/sheet.pdf`;
    trial = await taken(bureau.clerk.get(route), name);
    expectPdf(trial, 'JS310-202501-H33110200001');
  });

  it('of a closed month is always the same file, on whatever day and for whomever it is printed', async () => {
    await closeMonth(bureau, await approvedMonth(bureau, '310', JANUARY));
    const closed = await taken(bureau.clerk.get(route), name);
    expect(closed.equals(trial)).toBe(false);
    bureau = await pool.on('2025-02-09');
    expect(sha256(await taken(bureau.provider.get(route), name))).toBe(sha256(closed));
    await pool.database.query(`UPDATE institution SET name = '改名医院' WHERE id = $1`, [tertiary]);
    expect(sha256(await taken(bureau.reviewer.get(route), name))).toBe(sha256(closed));
    const issued = await audited('payment.month-sheet-issued');
    expect(issued.map((row) => [row.actor, row.kind])).toEqual(
      ['clerk', 'clerk', 'provider', 'reviewer'].map((actor) => [actor, 'look']),
    );
    expect(issued.at(-1)?.details).toMatchObject({ sha256: sha256(closed), providerId: tertiary });
  }, 60_000);

  it('is there for nobody out of its scope, and nothing is audited as issued', async () => {
    const before = await audited('payment.month-sheet-issued');
    const foreign = await bureau.provider.get(`month-settlements/${id}/lines/${secondary}/sheet.pdf`).expect(404);
    expect(foreign.body.code).toBe('payment.month-line-not-found');
    await bureau.clerk.get(`month-settlements/${randomUUID()}/lines/${tertiary}/sheet.pdf`).expect(404);
    const county = await countyInspector();
    await county.get(route).expect(404);
    await county.get(`month-settlements/${id}/lines/${secondary}/sheet.pdf`).expect(200);
    await pool.http().get(`/api/v1/${route}`).expect(401);
    expect(await audited('payment.month-sheet-issued')).toHaveLength(before.length + 1);
  });
});

describe('付款凭证 and 银行付款文件', () => {
  const bankFile = `payment-orders/bank-file.csv?scheme=310&period=${JANUARY}`;
  const fileName = `银行付款文件-310-${JANUARY}.csv`;
  let orders: Row[];

  const csv = async (caller: Caller): Promise<string[][]> => {
    const text = (await taken(caller.get(bankFile), fileName)).toString('utf8');
    expect(text.codePointAt(0)).toBe(0xfeff);
    return text
      .slice(1)
      .trimEnd()
      .split('\n')
      .map((row) => row.split(','));
  };

  it('an order that nobody signed is no payment: its voucher exists, the bank file is empty', async () => {
    const list = await bureau.clerk.get(`payment-orders?scheme=310`).expect(200);
    orders = list.body.items as Row[];
    expect(orders.length).toBeGreaterThanOrEqual(2);
    const [first] = orders;
    const number = String(first?.['orderNo']);
    expectPdf(
      await taken(bureau.clerk.get(`payment-orders/${String(first?.['id'])}/voucher.pdf`), `付款凭证-${number}.pdf`),
      number,
    );
    const [head, ...rows] = await csv(bureau.clerk);
    expect(head?.[5]).toBe('金额 amount');
    expect(rows.map((row) => [row[0], row[1], row[5]])).toEqual([['合计 total', '0', '0.00']]);
  });

  it('signed orders stand in the bank file, with their sum; a formula is only text', async () => {
    await pool.database.query(`UPDATE payment_order SET payee_name = '=HYPERLINK("http://x")' WHERE id = $1`, [
      orders[0]?.['id'],
    ]);
    for (const { id } of orders) {
      await bureau.reviewer.post(`payment-orders/${String(id)}/review`, {}).expect(200);
      await bureau.approver.post(`payment-orders/${String(id)}/approve`, {}).expect(200);
      await bureau.approver.post(`payment-orders/${String(id)}/sign-off`, {}, randomUUID()).expect(200);
    }
    await bureau.clerk.post(`payment-orders/${String(orders[0]?.['id'])}/send`, {}, randomUUID()).expect(200);
    const [, ...rows] = await csv(bureau.clerk);
    const trailer = rows.pop();
    expect(rows.map((row) => row[1])).toEqual(orders.map((order) => order['orderNo']).sort());
    const sum = orders.reduce((total, order) => total + fenOf(order['amount']), 0n);
    expect([trailer?.[1], fenOf(trailer?.[5])]).toEqual([String(orders.length), sum]);
    const formula = rows.find((row) => row[1] === orders[0]?.['orderNo']);
    expect(formula?.[2]).toBe(`"'=HYPERLINK(""http://x"")"`);
    expect((await audited('payment.bank-file-issued')).at(-1)?.details).toMatchObject({ orders: orders.length });
  });

  it('each sees the own ones only; a file without scheme and month is refused', async () => {
    const [, ...rows] = await csv(bureau.provider);
    const own = orders.filter((order) => order['providerId'] === tertiary).map((order) => order['orderNo']);
    expect(rows.slice(0, -1).map((row) => row[1])).toEqual(own);
    const foreign = orders.find((order) => order['providerId'] === secondary);
    await bureau.provider.get(`payment-orders/${String(foreign?.['id'])}/voucher.pdf`).expect(404);
    await bureau.clerk.get('payment-orders/bank-file.csv').expect(400);
    await bureau.clerk.get('payment-orders/bank-file.csv?scheme=310&period=2025-13').expect(400);
  });

  it('a voucher shows who made, reviewed, approved and signed; a reissued one has a number of its own', async () => {
    const second = String(orders[1]?.['id']);
    const number = String(orders[1]?.['orderNo']);
    await taken(bureau.clerk.get(`payment-orders/${second}/voucher.pdf`), `付款凭证-${number}.pdf`);
    await bureau.clerk.post(`payment-orders/${second}/send`, {}, randomUUID()).expect(200);
    await bureau.clerk.post(`payment-orders/${second}/returned`, { reason: '账号户名不符' }, randomUUID()).expect(200);
    const anew = await bureau.clerk.post(`payment-orders/${second}/reissue`, {}, randomUUID()).expect(201);
    const reissued = `payment-orders/${String(anew.body.id)}/voucher.pdf`;
    expectPdf(await taken(bureau.clerk.get(reissued), `付款凭证-${number}-2.pdf`), `${number}/2`);
  });

  it('a character that the font lacks is named and nothing is handed out', async () => {
    const before = await audited('payment.voucher-issued');
    await pool.database.query(`UPDATE institution SET name = '𠮷祥医院' WHERE id = $1`, [secondary]);
    const order = orders.find((row) => row['providerId'] === secondary);
    const refused = await bureau.clerk.get(`payment-orders/${String(order?.['id'])}/voucher.pdf`).expect(503);
    expect(refused.body.code).toBe('documents.missing-glyph');
    expect(JSON.stringify(refused.body)).toContain('𠮷');
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(await audited('payment.voucher-issued')).toHaveLength(before.length);
    await pool.database.query(`UPDATE institution SET name = '示范县人民医院' WHERE id = $1`, [secondary]);
  });
});

describe('年终清算通知书', () => {
  let id: string;
  const route = (providerId: string): string => `clearings/${id}/lines/${providerId}/letter.pdf`;
  const name = `年终清算通知书-QS310-${String(YEAR)}-H33112100001.pdf`;

  it('goes to each provider with its own figures, marked until the year is closed', async () => {
    bureau = await pool.on('2026-02-10');
    for (const month of monthsOfYear(YEAR).slice(1)) {
      await closeMonth(bureau, await approvedMonth(bureau, '310', month));
    }
    for (const providerId of Object.values(pool.institutions)) {
      const assessment = { providerId, year: YEAR, score: '96', gradeIndex: '1.0', complaints: 0 };
      const scored = await bureau.clerk.post('assessments', assessment).expect(201);
      await bureau.reviewer.post(`assessments/${String(scored.body.id)}/confirm`).expect(204);
    }
    const started = await bureau.clerk.post('clearings', { scheme: '310', year: YEAR }).expect(200);
    id = String(started.body.id);
    const trial = await taken(bureau.clerk.get(route(secondary)), name);
    await bureau.clerk.post(`clearings/${id}/submit`, {}).expect(200);
    await bureau.reviewer.post(`clearings/${id}/review`, {}).expect(200);
    await bureau.approver.post(`clearings/${id}/approve`, {}).expect(200);
    await bureau.approver.post(`clearings/${id}/close`, {}, randomUUID()).expect(200);
    const closed = await taken(bureau.clerk.get(route(secondary)), name);
    expectPdf(closed, `QS310-${String(YEAR)}-H33112100001`);
    expect(closed.equals(trial)).toBe(false);
    bureau = await pool.on('2026-02-20');
    expect(sha256(await taken(bureau.approver.get(route(secondary)), name))).toBe(sha256(closed));
    expect(await audited('payment.clearing-letter-issued')).toHaveLength(3);
  }, 120_000);

  it('a provider gets its own letter and no other', async () => {
    await taken(bureau.provider.get(route(tertiary)), `年终清算通知书-QS310-${String(YEAR)}-H33110200001.pdf`);
    await bureau.provider.get(route(secondary)).expect(404);
    await bureau.clerk.get(`clearings/${randomUUID()}/lines/${tertiary}/letter.pdf`).expect(404);
  });
});
