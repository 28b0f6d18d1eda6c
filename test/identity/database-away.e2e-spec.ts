import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Transactions } from '../../src/common/db/index.js';
import { openOffice, type Office } from './office.js';

/** F3, F37 seen from a client: no database means 503 with Retry-After within a few seconds, and recovery by itself. */
const POOL_SIZE = 3;
let office: Office;
let clerk: string;

beforeAll(async () => {
  office = await openOffice({ env: { DB_POOL: String(POOL_SIZE), ACTOR_CACHE_MS: '0', DB_WAIT_MS: '1000' } });
  clerk = await office.tokenOf('clerk');
}, 120_000);

afterAll(async () => {
  await office.close();
  delete process.env['DB_POOL'];
  delete process.env['ACTOR_CACHE_MS'];
  delete process.env['DB_WAIT_MS'];
});

const areas = () => office.call('get', '/api/v1/areas', clerk);

async function asServer(sql: string): Promise<void> {
  const url = new URL(office.database.url);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function expectUnavailable(): Promise<void> {
  const started = performance.now();
  const answer = await areas();
  expect([answer.status, answer.body.code]).toEqual([503, 'http.unavailable']);
  expect(answer.headers['retry-after']).toBeDefined();
  expect(performance.now() - started).toBeLessThan(5_000);
}

async function expectRecovery(): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if ((await areas()).status === 200) return;
    await sleep(250);
  }
  expect((await areas()).status).toBe(200);
}

describe('without its database the server', () => {
  it('says so, stays up, is live but not ready, and recovers by itself', async () => {
    await areas().expect(200);
    const { name } = office.database;
    await asServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    try {
      await asServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await sleep(100);
      await expectUnavailable();
      await office.call('get', '/api/health/live').expect(200);
      const ready = await office.call('get', '/api/health/ready').expect(503);
      expect(ready.body.checks).toEqual({ database: 'unreachable', migrations: 'unknown' });
    } finally {
      await asServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    }
    await expectRecovery();
    await office.call('get', '/api/health/ready').expect(200);
  }, 60_000);

  it('does not wait for ever when all connections are taken', async () => {
    const held = Array.from({ length: POOL_SIZE }, () =>
      office.get(Transactions).run((tx) => tx.query('SELECT pg_sleep(6)')),
    );
    await sleep(200);
    await expectUnavailable();
    await Promise.all(held);
    await expectRecovery();
  }, 60_000);

  it('is not ready while a migration is missing', async () => {
    await office.database.query('CREATE TABLE kept AS SELECT * FROM schema_migration');
    await office.database.query(`DELETE FROM schema_migration WHERE name LIKE 'Identity%'`);
    const { body } = await office.call('get', '/api/health/ready').expect(503);
    expect(body.checks).toMatchObject({ database: 'ok', migrations: 'missing' });
    await office.database.query('INSERT INTO schema_migration SELECT * FROM kept WHERE name LIKE $1', ['Identity%']);
    await office.call('get', '/api/health/ready').expect(200);
  });

  it('counts what it answers', async () => {
    const { text } = await office.call('get', '/api/metrics').expect(200);
    expect(text).toMatch(
      /tongchou_http_request_seconds_count\{method="GET",route="\/api\/v1\/areas",status="5xx"\} [1-9]/,
    );
    expect(text).toMatch(/process_resident_memory_bytes \d/);
  });
});
