import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Transactions } from '../../src/common/db/index.js';
import { JobRunner, JobRuns } from '../../src/common/jobs/index.js';
import { configureLogger } from '../../src/common/logging/index.js';
import { Outbox, OutboxDispatcher } from '../../src/common/outbox/index.js';
import { startTracing, stopTracing } from '../../src/common/tracing/index.js';
import { billOf, type Caller, type ClaimsPool, claimsPool, PASSWORD, POOL } from '../claims/claims-pool.js';
import { type Collector, type ReceivedSpan, startCollector } from './collector.js';

jest.setTimeout(60_000);

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const SEEDED = { idNo: '331102198005050014', phone: '13800001234', name: '雷小明' };

let pool: ClaimsPool;
let clerk: Caller;
let provider: Caller;
let collector: Collector;
const lines: string[] = [];

async function record(work: () => Promise<unknown>): Promise<ReceivedSpan[]> {
  const before = collector.spans().length;
  await startTracing({
    endpoint: collector.endpoint,
    serviceName: 'tongchou',
    version: '0',
    instance: 'test',
    sampleRatio: 1,
  });
  try {
    await work();
    // The answer is out before the last hook of the request has run.
    await sleep(100);
  } finally {
    await stopTracing();
  }
  return collector.spans().slice(before);
}

beforeAll(async () => {
  pool = await claimsPool();
  clerk = await pool.as('clerk');
  provider = await pool.as('provider');
  collector = await startCollector();
});

afterAll(async () => {
  await collector.close();
  await pool.close();
});

describe('a request', () => {
  it('is one trace: the caller’s span, the request, its transaction, its statements by name', async () => {
    const personId = await pool.person();
    let told: string | undefined;
    const spans = await record(async () => {
      const { headers } = await provider
        .post('settlements', billOf(personId), randomUUID())
        .set('traceparent', TRACEPARENT)
        .expect(201);
      told = String(headers['x-trace-id']);
    });
    expect(told).toBe(CALLER.traceId);
    const request = spans.find(({ name }) => name === 'POST /api/v1/settlements');
    expect(request).toMatchObject({
      ...{ traceId: CALLER.traceId, parentSpanId: CALLER.spanId },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/settlements',
        'http.response.status_code': 201,
      },
    });
    expect(spans.every(({ traceId }) => traceId === CALLER.traceId)).toBe(true);
    const statements = spans.filter(({ name }) => name === 'db.statement').map(summaryOf);
    expect(statements.length).toBeGreaterThanOrEqual(2);
    expect(statements.every((summary) => /^[\w.-]+( [\w.]+)?$/.test(summary))).toBe(true);
  });

  it('without a caller’s trace begins one, under the id that the answer, the refusal and every log line carry', async () => {
    lines.length = 0;
    configureLogger('info', { write: (line) => lines.push(line) });
    let problem: Record<string, unknown> = {};
    const spans = await record(async () => {
      const { body, headers } = await provider.get(`settlements/${randomUUID()}`).expect(404);
      problem = body;
      expect(headers['x-trace-id']).toBe(body.traceId);
    });
    configureLogger('silent');
    expect(problem['traceId']).toMatch(/^[0-9a-f]{32}$/);
    const [request] = spans.filter(({ name }) => name === 'GET /api/v1/settlements/:id');
    expect(request).toMatchObject({
      traceId: problem['traceId'],
      attributes: { 'tongchou.problem': 'claims.settlement-not-found' },
    });
    expect(request?.parentSpanId ?? '').toBe('');
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.find(({ route }) => route === '/api/v1/settlements/:id')).toMatchObject({
      ...{ traceId: problem['traceId'], code: 'claims.settlement-not-found' },
    });
  });

  it.each(['', '00-00000000000000000000000000000000-00f067aa0ba902b7-01', '01-x', `${TRACEPARENT}0`, 'zz'])(
    'takes no trace from a header that is none: %j',
    async (header) => {
      const spans = await record(() => provider.get('settlements?limit=1').set('traceparent', header).expect(200));
      expect(spans.find(({ name }) => name === 'GET /api/v1/settlements')?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(spans.some(({ traceId }) => traceId === CALLER.traceId)).toBe(false);
    },
  );

  it('cannot have its id chosen by the caller where traces are off', async () => {
    const { headers } = await provider.get('settlements?limit=1').set('traceparent', TRACEPARENT).expect(200);
    expect(headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['x-trace-id']).not.toBe(CALLER.traceId);
  });
});

describe('work without a request', () => {
  it('a unit of a job and an event handed on are traces of their own', async () => {
    const outbox = pool.get(Outbox);
    const transactions = pool.get(Transactions);
    outbox.register({
      topic: 'test.traced',
      name: 'test.listener',
      handle: async (tx) => {
        await tx.query('SELECT 1');
      },
    });
    pool.get(JobRuns).register({
      kind: 'test.traced',
      plan: () => Promise.resolve(['331102198005050014']),
      unit: async (tx) => {
        await tx.query('SELECT count(*) FROM person');
      },
      finish: () => Promise.resolve({}),
    });
    const spans = await record(async () => {
      await transactions.run((tx) =>
        outbox.publish(tx, { poolArea: POOL, topic: 'test.traced', key: SEEDED.idNo, payload: {} }),
      );
      for (let handed = 0; handed === 0;) handed = await new OutboxDispatcher(outbox, transactions).drain();
      const actor = { username: 'system', poolArea: POOL };
      await pool.get(JobRunner).run({ kind: 'test.traced', area: POOL, period: '2026-10', actor });
    });
    const unit = spans.find(({ name }) => name === 'job.unit');
    expect(unit?.attributes).toEqual({ 'job.kind': 'test.traced', 'job.period': '2026-10', 'job.attempt': 1 });
    expect(spans.filter((span) => span.parentSpanId === unit?.spanId).map(summaryOf)).toEqual(['SELECT person']);
    const dispatch = spans.find(({ attributes }) => attributes['outbox.topic'] === 'test.traced');
    expect(dispatch).toMatchObject({ name: 'outbox.dispatch', attributes: { 'outbox.handler': 'test.listener' } });
    // Timers ask the database all day; outside a unit of work nothing is recorded.
    expect(new Set(spans.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name))).toEqual(
      new Set(['job.unit', 'outbox.dispatch']),
    );
  });
});

describe('what leaves the process', () => {
  it('holds no identity number, name, telephone number, password, token or person’s id of everything sent above', async () => {
    const personId = await pool.person();
    await record(async () => {
      await clerk.post('persons', { ...SEEDED, areaCode: '331102' });
      await clerk.get(`persons?idNo=${SEEDED.idNo}`);
      await clerk.get(`persons/${SEEDED.idNo}`);
      await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
      await clerk.get(`persons/${personId}`);
      await pool.http().post('/api/v1/auth/login').send({ username: 'clerk', password: PASSWORD });
    });
    const sent = collector.raw();
    expect(collector.spans().length).toBeGreaterThan(40);
    for (const secret of [...Object.values(SEEDED), PASSWORD, personId, 'eyJ']) expect(sent).not.toContain(secret);
  });
});

function summaryOf(span: ReceivedSpan): string {
  return String(span.attributes['db.query.summary']);
}
