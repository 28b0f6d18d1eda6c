import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessRow, loadAccessPolicy } from '../../src/identity/index.js';
import { openOffice, type Office, type Role, ROLES } from './office.js';

/** F21, F22: whatever is sent to whatever route, the answer is a refusal in words, never a 5xx. */
const REQUESTS = 3_000;
const SOME_ID = '01900000-0000-7000-8000-0000000000ff';
/** Would end the session the other requests use, or sign in. */
const LEFT_OUT = new Set(['POST /api/v1/auth/logout']);

let office: Office;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  office = await openOffice();
  for (const role of ROLES) await office.tokenOf(role);
}, 120_000);

afterAll(async () => {
  agent.destroy();
  await office.close();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Sends exactly these bytes; `fetch` would repair paths and headers first. */
function send(method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(office.baseUrl);
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, type: String(answer.headers['content-type']), body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Numbers that are the same in every run, so that a find can be repeated (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  999_999_999_999_999,
  '',
  ' ',
  '0',
  '-0.01',
  '1e9',
  '99999999999999999999',
  'NaN',
  "' OR '1'='1",
  '"; DROP TABLE app_user; --',
  '../../etc/passwd',
  '%00',
  '\u202Ereversed',
  '𠮷䶮',
  'e\u0301',
  'x'.repeat(10_000),
  '2026-02-30',
  '2026-13',
  '0000-00-00',
  SOME_ID,
  [],
  [[]],
  {},
  { a: { b: {} } },
  [null],
  Array(50).fill('x'),
  '<script>alert(1)</script>',
  '=cmd|calc',
  '${7*7}',
  '331100',
  '331102',
  '310',
];
const NAMES = [
  'id',
  'username',
  'password',
  'token',
  'roles',
  'version',
  'state',
  'poolArea',
  'areaCode',
  'amount',
  'month',
  'scheme',
  'personId',
  'providerId',
  'lines',
  'year',
  'kind',
  'idNo',
  'name',
  'reason',
  'constructor',
  'toString',
  'createdBy',
  'isAdmin',
  '',
  '名',
];
const RAW: readonly Buffer[] = [
  '{',
  '}',
  '[',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '"\\ud800"',
  '"\\u0000"',
  '1e400',
  '0x10',
  'undefined',
  '[1.00000000000000001]',
  '['.repeat(2_000),
  '{"a":'.repeat(2_000),
  '\uFEFF{}',
  'a=b&c=d',
  '<xml/>',
]
  .map((text) => Buffer.from(text, 'utf8'))
  .concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from([0x22, 0xc0, 0xee, 0x22]), Buffer.alloc(3)]);
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=gbk',
  'text/xml',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/problem+json',
  'nonsense',
  '',
  'application/json, text/plain',
];
const SEGMENTS = [
  SOME_ID,
  'x',
  '%00',
  '%ff',
  '%E0%A4%A',
  '%',
  '..%2f..',
  "'--",
  '%F0%A0%AE%B7',
  '0',
  '-1',
  'null',
  'a'.repeat(90),
  'a'.repeat(400),
  '%0d%0aSet-Cookie:x=1',
  '*',
  ':id',
];
const QUERIES = [
  '',
  '?limit=0',
  '?limit=1e9',
  '?limit=999999999',
  '?limit=x',
  '?cursor=x',
  '?cursor=W10',
  '?cursor=WyJcdTAwMDAiXQ',
  '?limit=1&limit=2',
  '?a[b]=c',
  '?%',
  '?%E0%A4%A=1',
  '?month=2026-99',
  '?scheme=310&scheme=390',
  '?__proto__=1',
  '?q=%00',
  '?idNo=%F0%A0%AE%B7',
];

describe('hostile requests', () => {
  it(`get an answer below 500 in ${String(REQUESTS)} of ${String(REQUESTS)} cases, problems as problem+json`, async () => {
    const roll = dice(20_261_122);
    const pick = <T>(from: readonly T[]): T => from[roll(from.length)] as T;
    const rows = loadAccessPolicy().rows.filter((row) => !LEFT_OUT.has(`${row.method} ${row.path}`));
    const counts: Record<string, number> = {};
    const faults: string[] = [];
    for (let done = 0; done < REQUESTS; done += 8) {
      const batch = Array.from({ length: 8 }, () => oneRequest(roll, pick, pick(rows)));
      for (const { what, answer } of await Promise.all(batch)) {
        counts[String(answer.status)] = (counts[String(answer.status)] ?? 0) + 1;
        const described = answer.status < 400 || answer.type.startsWith('application/problem+json');
        const bounded = answer.status < 500 && answer.status >= 200;
        if (!bounded || !described) faults.push(`${what} → ${String(answer.status)} ${answer.body.slice(0, 200)}`);
      }
    }
    expect(faults).toEqual([]);
    // The harness must reach the inside: many kinds of refusal, not one wall.
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(['400', '404', '415']));
  }, 300_000);

  async function oneRequest(
    roll: (sides: number) => number,
    pick: <T>(from: readonly T[]) => T,
    row: AccessRow,
  ): Promise<{ what: string; answer: Answer }> {
    const path = row.path.replace(/\{\w+\}/g, () => pick(SEGMENTS)) + pick(QUERIES);
    const type = roll(4) === 0 ? pick(TYPES) : 'application/json';
    const role: Role = ROLES.find((candidate) => row.roles.has(candidate)) ?? 'clerk';
    const random: Record<string, unknown> = {};
    for (let member = 0; member < 6; member += 1) random[pick(NAMES)] = pick(VALUES);
    const kind = roll(4);
    const body = kind === 0 ? pick(RAW) : Buffer.from(JSON.stringify(kind === 1 ? pick(VALUES) : random), 'utf8');
    const headers: Record<string, string> = {
      authorization: `Bearer ${await office.tokenOf(role)}`,
      'idempotency-key': roll(5) === 0 ? 'x'.repeat(300) : `fuzz-${String(roll(1_000_000))}`,
    };
    if (type !== '') headers['content-type'] = type;
    const withBody = row.method !== 'GET';
    if (withBody) headers['content-length'] = String(body.length);
    const what = `${row.method} ${path} [${type}] ${withBody ? body.toString('utf8').slice(0, 300) : ''}`;
    return { what, answer: await send(row.method, path, headers, withBody ? body : undefined) };
  }

  it.each([
    ['a body of 5 MiB', 413, { 'content-type': 'application/json' }, Buffer.alloc(5 * 1024 * 1024, 0x20)],
    ['100 000 brackets', 400, { 'content-type': 'application/json' }, Buffer.from('['.repeat(100_000))],
    ['XML', 415, { 'content-type': 'text/xml' }, Buffer.from('<a/>')],
    ['a form', 415, { 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from('username=a&password=b')],
    ['JSON in GBK', 415, { 'content-type': 'application/json; charset=gbk' }, Buffer.from('{}')],
    [
      'a compressed body',
      415,
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      Buffer.from([0x1f, 0x8b, 8]),
    ],
  ])('%s is answered %i', async (_name, status, headers, body) => {
    const answer = await send(
      'POST',
      '/api/v1/auth/login',
      { ...headers, 'content-length': String(body.length) },
      body,
    );
    expect([answer.status, answer.type]).toEqual([status, 'application/problem+json; charset=utf-8']);
  });

  const part = (headers: string, content: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`--x\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
  const file = (name: string, content: string | Buffer): Buffer =>
    part(`Content-Disposition: form-data; name="file"; filename="${name}"`, content);
  const field = (name: string, value: string): Buffer => part(`Content-Disposition: form-data; name="${name}"`, value);
  const END = Buffer.from('--x--\r\n');

  it.each([
    ['nothing', []],
    ['no end', [file('a.csv', 'a,b\n')]],
    ['only the end', [END]],
    ['an empty file', [field('institutionId', SOME_ID), field('month', '2026-10'), file('a.csv', ''), END]],
    [
      'bytes that are no text',
      [field('institutionId', SOME_ID), field('month', '2026-10'), file('a.csv', Buffer.alloc(500, 0xff)), END],
    ],
    ['a file name that climbs', [file('../../../etc/passwd', 'x'), END]],
    ['a file name with NUL', [file('a\u0000.csv', 'x'), END]],
    ['a file name of 5 000 characters', [file('a'.repeat(5_000), 'x'), END]],
    ['two files', [file('a.csv', 'x'), file('b.csv', 'y'), END]],
    ['twenty fields', [...Array.from({ length: 20 }, (_unused, index) => field(`f${String(index)}`, 'x')), END]],
    ['a field of 5 000 characters', [field('month', 'x'.repeat(5_000)), file('a.csv', 'x'), END]],
    ['a field called __proto__', [field('__proto__', 'x'), file('a.csv', 'x'), END]],
    ['a part without a name', [part('Content-Disposition: form-data', 'x'), END]],
    ['a part without headers', [part('X: y', 'x'), END]],
    [
      'a workbook that is none',
      [field('institutionId', SOME_ID), field('month', '2026-10'), file('a.xlsx', 'PK\u0003\u0004 not a zip'), END],
    ],
  ])('an upload with %s is refused in words', async (_name, parts) => {
    const body = Buffer.concat(parts);
    const headers = {
      authorization: `Bearer ${await office.tokenOf('clerk')}`,
      'content-type': 'multipart/form-data; boundary=x',
      'idempotency-key': `upload-${_name}`.replaceAll(' ', '-'),
      'content-length': String(body.length),
    };
    const answer = await send('POST', '/api/v1/discharge-imports', headers, body);
    expect([answer.status >= 400 && answer.status < 500, answer.type]).toEqual([
      true,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('a header of 20 KB is answered 431, and CL together with TE 400', async () => {
    expect(await raw(`GET /api/health/live HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    const smuggled =
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n';
    const answer = await raw(smuggled);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('the wrong method is answered 405 with Allow, TRACE and OPTIONS included', async () => {
    for (const method of ['DELETE', 'PUT', 'TRACE', 'OPTIONS']) {
      const answer = await send(method, '/api/v1/auth/login', {});
      expect([method, answer.status, JSON.parse(answer.body)]).toMatchObject([
        method,
        405,
        { code: 'http.method-not-allowed', allow: 'POST' },
      ]);
    }
  });

  it('answers problems in Chinese first and in English on request, with the same code', async () => {
    const ask = async (language: string) =>
      JSON.parse((await send('GET', '/api/v1/nowhere', { 'accept-language': language })).body) as Record<
        string,
        string
      >;
    expect(await ask('fr')).toMatchObject({ code: 'http.no-route', detail: '没有这个接口。' });
    expect(await ask('zh-CN,zh;q=0.9,en;q=0.8')).toMatchObject({ detail: '没有这个接口。' });
    expect(await ask('en-GB')).toMatchObject({ code: 'http.no-route', detail: 'There is no such endpoint.' });
  });

  it('sends the security headers with every answer, errors included, and no CORS header', async () => {
    for (const path of ['/api/health/live', '/api/v1/nowhere', '/api/v1/users', '/api/docs']) {
      const { headers } = await office.call('get', path).set('origin', 'https://evil.example');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(office.baseUrl);
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
    socket.setTimeout(3_000, () => socket.destroy());
  });
}
