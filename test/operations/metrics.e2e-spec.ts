import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { Transactions } from '../../src/common/db/index.js';
import { JobRunner, JobRuns } from '../../src/common/jobs/index.js';
import { billOf, type Caller, type ClaimsPool, claimsPool, POOL } from '../claims/claims-pool.js';

jest.setTimeout(60_000);

const DEPLOY = resolve(import.meta.dirname, '../../deploy');
/** Prometheus makes this one itself. */
const MADE_BY_PROMETHEUS = new Set(['up']);

let pool: ClaimsPool;
let provider: Caller;

beforeAll(async () => {
  pool = await claimsPool();
  provider = await pool.as('provider');
});

afterAll(async () => {
  await pool.close();
});

async function exposition(): Promise<string> {
  return (await pool.http().get('/api/metrics').expect(200)).text;
}

/** The value of the series whose head starts so; undefined when it is not served. */
async function valueOf(series: string): Promise<number | undefined> {
  const line = (await exposition()).split('\n').find((text) => text.startsWith(series));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 40) throw new Error('what was waited for did not come');
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** Names and their labels as a scrape could see them: `x_bucket` and its siblings for a histogram. */
async function servedNames(): Promise<Set<string>> {
  const types = [...(await exposition()).matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

interface Expression {
  readonly where: string;
  readonly expr: string;
}

function dashboard(): Expression[] {
  const { panels } = JSON.parse(readFileSync(`${DEPLOY}/grafana/tongchou.json`, 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expr })));
}

function alerts(): Expression[] {
  const { groups } = parse(readFileSync(`${DEPLOY}/prometheus/alerts.yaml`, 'utf8')) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ where: alert, expr })));
}

const WORDS = new Set(
  (
    'sum min max count by or topk rate increase vector histogram_quantile le job instance ' + 'method route time of'
  ).split(' '),
);

/** Names of metrics in a PromQL expression: words that are neither functions, labels, variables nor texts. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\bby \([^)]*\)/g, '');
  return [...bare.matchAll(/[a-z_][a-z0-9_]*/gi)].map(([word]) => word).filter((word) => !WORDS.has(word));
}

describe('dashboard and alerts', () => {
  it('ask only for figures that the server really serves', async () => {
    const served = await servedNames();
    const asked = [...dashboard(), ...alerts()].flatMap(({ where, expr }) =>
      metricsIn(expr).map((name) => ({ where, name })),
    );
    expect(asked.length).toBeGreaterThan(40);
    expect(asked.filter(({ name }) => !served.has(name) && !MADE_BY_PROMETHEUS.has(name))).toEqual([]);
  });

  it('would be caught asking for one that is not there', () => {
    expect(metricsIn('sum by (le) (rate(tongchou_gone_bucket{job="a"}[5m])) / tongchou_other')).toEqual([
      'tongchou_gone_bucket',
      'tongchou_other',
    ]);
  });

  it('have a paragraph for each alert in both languages of the manual', () => {
    for (const file of ['operations.md', 'operations.zh-CN.md']) {
      const manual = readFileSync(resolve(DEPLOY, '../docs', file), 'utf8');
      const told = [...manual.matchAll(/^\| `([A-Z][a-z]+[A-Za-z]*)`/gm)].map(([, name]) => name);
      expect(told).toEqual(alerts().map(({ where }) => where));
    }
  });
});

describe('the figures', () => {
  it('tell of the disk below DATA_DIR', async () => {
    const { bavail, blocks, bsize } = await statfs(process.env['DATA_DIR'] ?? '.data');
    expect(await valueOf('tongchou_data_dir_size_bytes ')).toBe(blocks * bsize);
    const free = (await valueOf('tongchou_data_dir_free_bytes ')) ?? 0;
    expect(Math.abs(free - bavail * bsize)).toBeLessThan(0.1 * blocks * bsize);
  });

  it('tell of connections, of which there are no more than the limit: one above is closed without an answer (F36)', async () => {
    const server: Server = pool.app.getHttpServer();
    expect(server.maxConnections).toBe(4_000);
    expect(await valueOf('tongchou_http_connections_limit ')).toBe(4_000);
    const { port } = server.address() as AddressInfo;
    const sockets: Socket[] = [];
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    try {
      await open();
      await until(async () => ((await valueOf('tongchou_http_connections ')) ?? 0) >= 2);
      server.maxConnections = 1;
      const refused = await open();
      refused.resume();
      await once(refused, 'close');
    } finally {
      server.maxConnections = 4_000;
      for (const socket of sockets) socket.destroy();
    }
    expect(await valueOf('tongchou_http_connections_refused_total ')).toBe(1);
  });

  it('count bills by what became of them, and refusals by code', async () => {
    const personId = await pool.person();
    const key = randomUUID();
    const bill = billOf(personId);
    await provider.post('settlements', bill, key).expect(201);
    await provider.post('settlements', bill, key).expect(201);
    await provider.post('settlements', billOf(randomUUID()), randomUUID()).expect((answer) => answer.status >= 400);
    expect(await valueOf('tongchou_settlements_total{outcome="written"}')).toBe(1);
    expect(await valueOf('tongchou_settlements_total{outcome="replayed"}')).toBe(1);
    expect(await valueOf('tongchou_settlements_total{outcome="refused"}')).toBe(1);
    expect(await valueOf('tongchou_problems_total{code="claims.')).toBe(1);
    expect(
      await valueOf('tongchou_http_request_seconds_count{method="POST",route="/api/v1/settlements",status="2xx"}'),
    ).toBe(2);
  });

  it('tell of events that wait, of runs and of their units', async () => {
    await pool.database.query(
      `UPDATE outbox_event SET created_at = now() - interval '1 hour' WHERE dispatched_at IS NULL`,
    );
    pool.get(JobRuns).register({
      kind: 'test.figures',
      plan: () => Promise.resolve(['one', 'two']),
      unit: () => Promise.resolve(),
      finish: () => Promise.resolve({}),
    });
    const actor = { username: 'system', poolArea: POOL };
    await pool.get(JobRunner).run({ kind: 'test.figures', area: POOL, period: '2026-10', actor });
    await new Promise((done) => setTimeout(done, 1_100));
    expect(await valueOf('tongchou_outbox_pending ')).toBeGreaterThan(0);
    expect(await valueOf('tongchou_outbox_oldest_seconds ')).toBeGreaterThan(3_500);
    expect(await valueOf('tongchou_job_runs{kind="test.figures",state="done"}')).toBe(1);
    expect(await valueOf('tongchou_job_unit_seconds_count{kind="test.figures"}')).toBe(2);
    expect(await valueOf('tongchou_job_last_run_seconds{kind="test.figures",state="done"}')).toBeGreaterThan(0);
  });

  it('tell of locks that are waited for, and of conflicts', async () => {
    const transactions = pool.get(Transactions);
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    let taken = (): void => undefined;
    const hasIt = new Promise<void>((done) => (taken = done));
    const holder = transactions.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(77)');
      taken();
      await held;
    });
    await hasIt;
    const waiter = transactions.run((tx) => tx.query('SELECT pg_advisory_xact_lock(77)'));
    await until(async () => ((await valueOf('tongchou_database_lock_waits ')) ?? 0) >= 1);
    expect(await valueOf('tongchou_database_lock_wait_seconds ')).toBeGreaterThan(0);
    expect(await valueOf('tongchou_db_pool_connections{state="in_use"}')).toBeGreaterThanOrEqual(2);
    release();
    await Promise.all([holder, waiter]);
    await expect(transactions.run((tx) => tx.query(`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`))).rejects.toThrow();
    expect(await valueOf('tongchou_transaction_conflicts_total{sqlstate="40001",outcome="retried"}')).toBe(4);
    expect(await valueOf('tongchou_transaction_conflicts_total{sqlstate="40001",outcome="given-up"}')).toBe(1);
  });

  it('are told all the same while the database is away, without those of the database', async () => {
    const { name } = pool.database;
    const url = new URL(pool.database.url);
    url.pathname = '/postgres';
    const { default: pg } = await import('pg');
    const server = new pg.Client({ connectionString: url.href });
    await server.connect();
    try {
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await new Promise((done) => setTimeout(done, 1_100));
      expect(await valueOf('tongchou_database_up ')).toBe(0);
      expect(await valueOf('tongchou_outbox_pending ')).toBeUndefined();
      expect(await valueOf('tongchou_job_runs{')).toBeUndefined();
      expect(await valueOf('tongchou_build_info{')).toBe(1);
    } finally {
      await server.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await server.end();
    }
  });
});
