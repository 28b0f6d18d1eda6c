import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOffice, type Office, POOL } from './office.js';

/** F8, F9 on a POST that records money: POST /api/v1/fund-incomes/{id}/receipts. */
let office: Office;
let clerk: string;
let income: string;
let order = 0;

beforeAll(async () => {
  office = await openOffice();
  clerk = await office.tokenOf('clerk');
  const forecast = {
    scheme: '310',
    year: Number(today().slice(0, 4)),
    kind: 'premium',
    tier: 'none',
    forecast: '1.00',
    version: 0,
  };
  income = String((await office.call('post', '/api/v1/fund-incomes', clerk).send(forecast).expect(200)).body.id);
}, 120_000);

afterAll(async () => {
  await office.close();
});

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

function receipt(over: object = {}): Record<string, unknown> {
  order += 1;
  return { receivedOn: today(), amount: '100.00', reference: `V-${String(order)}`, ...over };
}

const post = (body: object, key: string) =>
  office.call('post', `/api/v1/fund-incomes/${income}/receipts`, clerk).set('idempotency-key', key).send(body);

async function journals(): Promise<number> {
  const [row] = await office.database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM ledger_journal WHERE pool_area = $1',
    [POOL],
  );
  return row?.n ?? -1;
}

describe('an Idempotency-Key', () => {
  it('is required where money moves', async () => {
    const answer = await office.call('post', `/api/v1/fund-incomes/${income}/receipts`, clerk).send(receipt());
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency.key-missing']);
    for (const key of [' ', 'x'.repeat(201), 'a b']) {
      expect((await post(receipt(), key)).body.code).toBe('idempotency.key-missing');
    }
    expect(await journals()).toBe(0);
  });

  it('makes 50 simultaneous copies one effect, and every copy gets the same answer (F8)', async () => {
    const body = receipt();
    const key = randomUUID();
    const before = await journals();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(body, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(49);
    expect(await journals()).toBe(before + 1);
  }, 60_000);

  it('replays also when the members come in another order, and long after', async () => {
    const body = receipt();
    const key = randomUUID();
    const first = await post(body, key).expect(201);
    const reordered = Object.fromEntries(Object.entries(body).reverse());
    const again = await post(reordered, key).expect(201);
    expect(again.text).toBe(first.text);
  });

  it('with another body is refused and changes nothing (F9)', async () => {
    const body = receipt();
    const key = randomUUID();
    await post(body, key).expect(201);
    const before = await journals();
    const other = await post({ ...body, amount: '100.01' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.body-differs']);
    expect(await journals()).toBe(before);
  });

  it('of another client is another key (F9)', async () => {
    const key = randomUUID();
    await post(receipt(), key).expect(201);
    const stolen = await office.database.query('SELECT client_id FROM idempotency_key WHERE key = $1', [key]);
    await office.database.query(`UPDATE idempotency_key SET client_id = 'another-provider' WHERE key = $1`, [key]);
    const before = await journals();
    await post(receipt({ amount: '7.00' }), key).expect(201);
    expect(stolen).toHaveLength(1);
    expect(await journals()).toBe(before + 1);
  });

  it('is free again after a refusal, which left nothing behind', async () => {
    const key = randomUUID();
    const before = await journals();
    const refused = await post(receipt({ receivedOn: '2026-02-30' }), key);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(await journals()).toBe(before);
    await post(receipt(), key).expect(201);
    expect(await journals()).toBe(before + 1);
  });

  it('that a version before 0.2 left as running is never executed a second time by itself', async () => {
    const body = receipt();
    const key = randomUUID();
    await post(body, key).expect(201);
    await office.database.query(
      `UPDATE idempotency_key SET state = 'running', status = NULL, response = NULL, completed_at = NULL,
              created_at = now() - interval '61 seconds' WHERE key = $1`,
      [key],
    );
    const before = await journals();
    const answer = await post(body, key);
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency.in-progress']);
    expect(await journals()).toBe(before);
  }, 30_000);
});
