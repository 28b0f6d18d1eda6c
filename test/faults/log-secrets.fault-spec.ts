import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { configureLogger } from '../../src/common/logging/index.js';
import { billOf, type ClaimsPool, claimsPool, PASSWORD } from '../claims/claims-pool.js';
import { type ServerProcess, spawnServer } from '../support/server-process.js';

jest.setTimeout(180_000);

// F47: a busy server, then its whole log is searched for everything that was put in and must never come out.

const ID_NO = '331102198005050014';
const PHONE = '13800001234';
const ACCOUNT = '6222020200112233445';
const WRONG_PASSWORD = 'Wrong-Horse-Battery-9';
const KEY_LINE =
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n')[1] ?? '';
const PEM = `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----`;
const FORGED = '{"level":"info","msg":"forged line"}';
const ANSI = '\u001b[2J\u001b[31m';

let pool: ClaimsPool;
let person: string;

beforeAll(async () => {
  pool = await claimsPool();
  person = await pool.person();
}, 180_000);

afterAll(async () => {
  configureLogger('silent');
  await pool.close();
});

/** Puts secrets everywhere a caller can; returns those that exist only now, such as tokens. */
async function busy(baseUrl: string): Promise<string[]> {
  const call = async (
    method: string,
    path: string,
    body?: object,
    token?: string,
    extra: Record<string, string> = {},
  ) => {
    const headers: Record<string, string> = { ...extra };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${baseUrl}/api/v1/${path}`, init);
    return (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  };
  const signIn = (username: string) => call('POST', 'auth/login', { username, password: PASSWORD });
  const pair = await signIn('clerk');
  const token = String(pair['accessToken']);
  const refresh = String(pair['refreshToken']);
  const provider = String((await signIn('provider'))['accessToken']);
  await call('POST', 'auth/login', { username: 'reviewer', password: WRONG_PASSWORD });
  await call('POST', 'auth/login', { username: `${ANSI}x\r\n${FORGED}`, password: PASSWORD });
  await call('POST', 'auth/password', { current: WRONG_PASSWORD, new: PASSWORD }, token);
  const next = await call('POST', 'auth/refresh', { refreshToken: refresh });
  await call('POST', 'auth/refresh', { refreshToken: refresh });
  await call('POST', 'persons', { idNo: ID_NO, phone: PHONE, name: '雷小明', areaCode: '331102' }, token);
  await call('POST', 'persons/search', { idNo: ID_NO }, token);
  for (const part of [
    ID_NO,
    PHONE,
    ACCOUNT,
    token,
    refresh,
    encodeURIComponent(PEM),
    encodeURIComponent(`${ANSI}\n${FORGED}`),
  ]) {
    await call('GET', `persons/${part}`, undefined, token);
    await call('GET', `nowhere/x${part}x`, undefined, token, { 'user-agent': `agent ${ID_NO}`, 'x-request-id': PHONE });
    await call('GET', `persons?cursor=${part}`, undefined, token);
    await call('GET', 'persons', undefined, `${token}${part.slice(0, 20)}`.replace(/%/g, ''));
  }
  const bill = billOf(person);
  await call('POST', 'settlements', bill, provider, { 'idempotency-key': `key-${PHONE}-${String(Math.random())}` });
  await call('POST', 'settlements', { ...bill, billNo: `B-${ID_NO}`, note: PEM }, provider, { 'idempotency-key': 'k' });
  await call('POST', 'settlements', { ...bill, lines: [ID_NO] }, provider, {
    'idempotency-key': `l-${String(Math.random())}`,
  });
  return [token, refresh, provider, String(next['accessToken']), String(next['refreshToken'])].filter(
    (secret) => secret.length > 20,
  );
}

const seeded = [ID_NO, PHONE, ACCOUNT, PASSWORD, WRONG_PASSWORD, KEY_LINE];
/** Percent-encoded blanks and line ends are looked through, as whoever reads a log would. */
const hitsIn = (text: string, secrets: readonly string[]): string[] =>
  secrets.filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)));

describe('a busy server', () => {
  let server: ServerProcess;
  let secrets: string[];

  beforeAll(async () => {
    server = await spawnServer(pool.database.url, { LOG_LEVEL: 'trace', SCHEDULES: 'on', NODE_ENV: 'production' });
    secrets = [...seeded, ...(await busy(server.baseUrl))];
    await sleep(1_500);
    await server.end('SIGTERM');
  }, 180_000);

  it('leaves none of it in its whole log', () => {
    expect(secrets.length).toBeGreaterThan(9);
    expect(server.logs().length).toBeGreaterThan(5_000);
    expect(hitsIn(server.logs(), secrets)).toEqual([]);
  });

  it('writes one JSON object a line, with no control character and no line that a caller made', () => {
    const lines = server.logs().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(30);
    for (const line of lines) {
      const event = JSON.parse(line) as Record<string, unknown>;
      expect(event['msg']).not.toBe('forged line');
      expect(JSON.stringify(event)).not.toMatch(/(?<!\\)\\u00[0189]/);
      expect(line).not.toContain('\u001b');
    }
  });

  it('tells of each request who, what, outcome, time and trace', () => {
    const requests = server
      .logs()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'request');
    expect(requests.length).toBeGreaterThan(25);
    for (const request of requests) {
      expect(request).toMatchObject({
        traceId: expect.any(String),
        route: expect.any(String),
        status: expect.any(Number),
      });
      expect(request['ms']).toEqual(expect.any(Number));
      expect(request).toHaveProperty('actorId');
    }
    const settled = requests.find(({ route, status }) => route === '/api/v1/settlements' && status === 201);
    expect(settled?.['actorId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(requests.length);
  });

  it('leaves none of it in what jobs and events carry, nor in the audit trail', async () => {
    const tables = ['job_run', 'job_unit', 'outbox_event', 'audit_event'];
    for (const table of tables) {
      const rows = await pool.database.query<{ text: string }>(`SELECT t::text AS text FROM ${table} AS t`);
      expect([table, hitsIn(rows.map(({ text }) => text).join('\n'), secrets)]).toEqual([table, []]);
    }
    expect(await pool.database.query('SELECT 1 FROM outbox_event LIMIT 1')).toHaveLength(1);
  });
});

describe('the search itself', () => {
  it('finds what is there: with masking switched off the same work leaves it in the log', async () => {
    const lines: string[] = [];
    const memory = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    configureLogger('trace', memory, (text) => text);
    const own = await busy(pool.baseUrl);
    const hits = hitsIn(lines.join(''), [...seeded, ...own]);
    expect(hits).toEqual(expect.arrayContaining([ID_NO, PHONE, ACCOUNT, own[0], own[1]]));
  });
});
