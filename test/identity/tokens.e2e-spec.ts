import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOffice, type Office } from './office.js';

/** Forgeries of access tokens (F32): every one is answered 401, and none is written to a log. */
let office: Office;
let dataDir: string;
let key: KeyObject;
let good: { header: Record<string, unknown>; payload: Record<string, unknown> };

const encode = (part: unknown): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
const decode = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

function token(header: unknown, payload: unknown, signer: KeyObject | ((text: string) => string) = key): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${typeof signer === 'function' ? signer(text) : sign(null, Buffer.from(text), signer).toString('base64url')}`;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tongchou-'));
  office = await openOffice({ env: { DATA_DIR: dataDir } });
  key = createPrivateKey(readFileSync(join(dataDir, 'token-key.pem')));
  const [header, payload] = (await office.tokenOf('auditor')).split('.');
  good = { header: decode(header), payload: decode(payload) };
}, 120_000);

afterAll(async () => {
  await office.close();
  delete process.env['DATA_DIR'];
  rmSync(dataDir, { recursive: true });
});

const me = (bearer: string) => office.call('get', '/api/v1/auth/me').set('authorization', bearer);
const now = () => Math.floor(Date.now() / 1000);

describe('a token', () => {
  it('that is signed by hand exactly like the server does is accepted, so the forgeries below fail for their fault', async () => {
    expect(good.header).toEqual({ alg: 'EdDSA', typ: 'at+jwt' });
    await me(`Bearer ${token(good.header, good.payload)}`).expect(200);
  });

  const foreign = generateKeyPairSync('ed25519').privateKey;
  const publicPem = () => createPublicKey(key).export({ type: 'spki', format: 'pem' });
  const hmac = (secret: string | Buffer) => (text: string) =>
    createHmac('sha256', secret).update(text).digest('base64url');
  const jwk = () => createPublicKey(foreign).export({ format: 'jwk' });
  const withHeader = (over: object, signer?: KeyObject | ((text: string) => string)) => () =>
    token({ ...good.header, ...over }, good.payload, signer ?? key);
  const withPayload = (over: object) => () => token(good.header, { ...good.payload, ...over });

  const forgeries: [string, () => string][] = [
    ['alg none', withHeader({ alg: 'none' }, () => '')],
    ['alg NonE', withHeader({ alg: 'NonE' }, () => '')],
    ['alg none with the good signature', withHeader({ alg: 'none' })],
    [
      'HS256 keyed with the public key (PEM)',
      () => token({ ...good.header, alg: 'HS256' }, good.payload, hmac(String(publicPem()))),
    ],
    ['HS256 keyed with an empty secret', () => token({ ...good.header, alg: 'HS256' }, good.payload, hmac(''))],
    ['another key', withHeader({}, foreign)],
    ['another key brought along as jwk', () => token({ ...good.header, jwk: jwk() }, good.payload, foreign)],
    ['another key named by jku', withHeader({ jku: 'https://evil.example/jwks' }, foreign)],
    ['another key named by x5u', withHeader({ x5u: 'https://evil.example/cert' }, foreign)],
    ['kid with a path', withHeader({ kid: '../../dev/null' }, foreign)],
    ['kid with SQL', withHeader({ kid: "x' UNION SELECT 'k" }, foreign)],
    ['an unknown critical header', withHeader({ crit: ['x-new'], 'x-new': 1 })],
    ['typ JWT', withHeader({ typ: 'JWT' })],
    ['no typ', withHeader({ typ: undefined })],
    ['expired', withPayload({ exp: now() - 1 })],
    ['no exp', withPayload({ exp: undefined })],
    ['exp as text', withPayload({ exp: String(now() + 600) })],
    ['not yet valid', withPayload({ nbf: now() + 600 })],
    ['no iat', withPayload({ iat: undefined })],
    ['another audience', withPayload({ aud: 'someone-else' })],
    ['no audience', withPayload({ aud: undefined })],
    ['another issuer', withPayload({ iss: 'someone-else' })],
    ['no issuer', withPayload({ iss: undefined })],
    ['no session', withPayload({ sid: undefined })],
    ['a session that does not exist', withPayload({ sid: '01900000-0000-7000-8000-00000000beef' })],
    ['a session id that is SQL', withPayload({ sid: "' OR 1=1 --" })],
    ['the session of another user', withPayload({ sub: '01900000-0000-7000-8000-00000000beef' })],
    ['a stripped signature', () => `${token(good.header, good.payload).split('.').slice(0, 2).join('.')}.`],
    [
      'a changed payload under the old signature',
      () => {
        const [header, , signature] = token(good.header, good.payload).split('.');
        return `${String(header)}.${encode({ ...good.payload, exp: now() + 99_999 })}.${String(signature)}`;
      },
    ],
    ['two parts', () => 'aaaa.bbbb'],
    ['no JSON', () => token('not json', 'not json')],
    ['10 000 characters', () => `${'a'.repeat(5_000)}.${'b'.repeat(4_998)}.c`],
  ];

  it.each(forgeries)('with %s is refused', async (_name, forge) => {
    const answer = await me(`Bearer ${forge()}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'identity.token-invalid']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['', 'Bearer', 'bearer x.y.z', 'Basic YWRtaW46YWRtaW4=', 'Bearer a.b.c, Bearer d.e.f'])(
    'is not read from the header "%s"',
    async (header) => {
      await me(header).expect(401);
    },
  );

  it('is not read from the query, a cookie or another header', async () => {
    const bearer = await office.tokenOf('auditor');
    await office.call('get', `/api/v1/auth/me?access_token=${bearer}`).expect(401);
    await office.call('get', '/api/v1/auth/me').set('cookie', `token=${bearer}`).expect(401);
    await office.call('get', '/api/v1/auth/me').set('x-user-id', 'admin').set('x-authorization', bearer).expect(401);
  });
});
