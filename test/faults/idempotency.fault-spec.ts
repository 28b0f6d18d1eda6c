import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Office, openOffice, POOL } from '../identity/office.js';
import { type ServerProcess, spawnServer } from '../support/server-process.js';

/** A POST that moves money, in a server that is killed in the middle of it, and its repetition at another server. */
let office: Office;
let token: string;
let income: string;

beforeAll(async () => {
  office = await openOffice();
  token = await office.tokenOf('clerk');
  const forecast = { scheme: '310', year: 2026, kind: 'premium', tier: 'none', forecast: '1.00', version: 0 };
  income = String((await office.call('post', '/api/v1/fund-incomes', token).send(forecast).expect(200)).body.id);
}, 120_000);

afterAll(() => office.close());

const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

function post(server: ServerProcess, key: string, reference: string): Promise<Response> {
  return fetch(`${server.baseUrl}/api/v1/fund-incomes/${income}/receipts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ receivedOn: today(), amount: '100.00', reference }),
  });
}

async function written(reference: string, key: string): Promise<unknown> {
  const [row] = await office.database.query(
    `SELECT (SELECT count(*)::int FROM fund_receipt WHERE pool_area = $1 AND reference = $2) AS receipts,
       (SELECT count(*)::int FROM ledger_journal AS j JOIN fund_receipt AS r ON r.id::text = j.source_id
        WHERE r.reference = $2) AS journals,
       (SELECT count(*)::int FROM idempotency_key WHERE key = $3) AS keys`,
    [POOL, reference, key],
  );
  return row;
}

async function waitUntil(condition: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    await sleep(20);
    const [row] = await office.database.query<{ met: boolean }>(`SELECT (${condition}) AS met`);
    if (row?.met === true) return;
  }
  throw new Error(`did not come about: ${condition}`);
}

const OTHERS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tongchou %'`;

describe.each([
  ['before its effect', 'fund_receipt'],
  ['between its effect and its answer', 'idempotency_key'],
])('a request whose server dies %s', (_when, table) => {
  it('has left nothing, and is executed once by whoever repeats it', async () => {
    const key = randomUUID();
    const reference = `KILL-${table}`;
    const first = await spawnServer(office.database.url, { NODE_ENV: 'test', LOG_LEVEL: 'warn', SCHEDULES: 'off' });
    const blocker = new pg.Client({ connectionString: office.database.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query(`LOCK TABLE ${table} IN SHARE MODE`);
    const lost = post(first, key, reference).then(
      (answer) => answer.status,
      () => 'lost',
    );
    await waitUntil(`EXISTS (SELECT ${OTHERS} AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO ${table}%')`);
    await first.end('SIGKILL');
    expect(await lost).toBe('lost');
    await blocker.query('ROLLBACK');
    await blocker.end();
    await waitUntil(`NOT EXISTS (SELECT ${OTHERS} AND state LIKE 'idle in transaction%' OR wait_event_type = 'Lock')`);
    expect(await written(reference, key)).toEqual({ receipts: 0, journals: 0, keys: 0 });

    const second = await spawnServer(office.database.url, { NODE_ENV: 'test', LOG_LEVEL: 'warn', SCHEDULES: 'off' });
    try {
      const answer = await post(second, key, reference);
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([201, null]);
      const again = await post(second, key, reference);
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(await again.text()).toBe(await answer.text());
      expect(await written(reference, key)).toEqual({ receipts: 1, journals: 1, keys: 1 });
    } finally {
      await second.end('SIGTERM');
    }
  }, 90_000);
});
