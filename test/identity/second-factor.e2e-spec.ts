import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateSync } from 'otplib';
import { Clock } from '../../src/common/time/index.js';
import { openOffice, type Office, PASSWORD, type Role } from './office.js';

jest.setTimeout(60_000);

const AUTH = '/api/v1/auth';
const STEP_MS = 30_000;
const START = Date.parse('2026-11-22T01:00:05.000Z');

/** The office with a clock that stands, and an app on the phone of whoever enrols. */
let office: Office;
let nowMs = START;

beforeAll(async () => {
  office = await openOffice({ env: { SECOND_FACTOR: 'required', ACTOR_CACHE_MS: '0' } });
  Object.assign(office.get(Clock), { now: () => new Date(nowMs) });
});

afterAll(async () => {
  process.env['SECOND_FACTOR'] = 'optional';
  delete process.env['ACTOR_CACHE_MS'];
  await office.close();
});

const post = (path: string, body: object, token?: string) => office.call('post', `${AUTH}${path}`, token).send(body);
const login = (username: string, password = PASSWORD) => post('/login', { username, password });
const me = (token: string) => office.call('get', `${AUTH}/me`, token);
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor((nowMs + steps * STEP_MS) / 1_000) });

/** Signs in by password and enrols; returns the secret, the recovery codes, and the session. */
async function enrol(username: Role): Promise<{ secret: string; codes: string[]; token: string }> {
  const token = String((await login(username).expect(200)).body.accessToken);
  const { secret } = (await post('/second-factor', {}, token).expect(201)).body as { secret: string };
  const { codes } = (await post('/second-factor/confirm', { code: codeOf(secret) }, token).expect(200)).body as {
    codes: string[];
  };
  nowMs += STEP_MS;
  return { secret, codes, token };
}

async function challengeOf(username: string): Promise<string> {
  const { body } = await login(username).expect(200);
  expect(Object.keys(body as object).sort()).toEqual(['challenge', 'expiresIn']);
  return String(body.challenge);
}

const withCode = async (username: string, code: string) =>
  post('/login/code', { challenge: await challengeOf(username), code });

describe('where the second factor is required', () => {
  it('a user without one can enrol, change the password and sign out, and nothing else', async () => {
    const token = String((await login('clerk').expect(200)).body.accessToken);
    expect((await me(token).expect(200)).body).toMatchObject({ mustEnrolFactor: true, hasFactor: false });
    for (const path of ['persons', 'areas', 'jobs', 'settlements']) {
      const { status, body } = await office.call('get', `/api/v1/${path}`, token);
      expect([path, status, body.code]).toEqual([path, 403, 'identity.second-factor-first']);
    }
  });

  it('systems of providers are exempt, by the policy', async () => {
    const token = String((await login('provider').expect(200)).body.accessToken);
    expect((await me(token).expect(200)).body.mustEnrolFactor).toBe(false);
    await office.call('get', '/api/v1/settlements', token).expect(200);
  });

  it('there is no way round the code: not the refresh, not the proof, not a changed password', async () => {
    const first = (await login('clerk').expect(200)).body;
    const again = (await post('/refresh', { refreshToken: first.refreshToken }).expect(200)).body;
    await post('/proof', { password: PASSWORD }, String(again.accessToken)).expect(204);
    const chosen = 'another long password 5';
    await post('/password', { currentPassword: PASSWORD, newPassword: chosen }, String(again.accessToken)).expect(204);
    const refused = await office.call('get', '/api/v1/persons', String(again.accessToken)).expect(403);
    expect(refused.body.code).toBe('identity.second-factor-first');
    const back = { currentPassword: chosen, newPassword: PASSWORD };
    await post('/password', back, String(again.accessToken)).expect(204);
  });
});

describe('a second factor', () => {
  let secret = '';
  let codes: string[] = [];

  it('is enrolled with a first code; other sessions end, and the database holds neither secret nor codes', async () => {
    const elsewhere = String((await login('reviewer').expect(200)).body.accessToken);
    const made = await enrol('reviewer');
    ({ secret, codes } = made);
    expect(codes).toHaveLength(10);
    expect(new Set(codes).size).toBe(10);
    await office.call('get', '/api/v1/persons', made.token).expect(200);
    await me(elsewhere).expect(401);
    const [row] = await office.database.query<{ all: string }>(
      `SELECT string_agg(encode(secret, 'escape'), '') || (SELECT string_agg(r::text, '') FROM recovery_code r) AS all
         FROM second_factor`,
    );
    for (const told of [secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(row?.all).not.toContain(told);
    }
  });

  it('is asked for at sign-in, and a code works once – also of two at the same time', async () => {
    const code = codeOf(secret);
    const answers = await Promise.all([withCode('reviewer', code), withCode('reviewer', code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(answers.find(({ status }) => status === 401)?.body.code).toBe('identity.code-refused');
    const token = String(answers.find(({ status }) => status === 200)?.body.accessToken);
    await office.call('get', '/api/v1/persons', token).expect(200);
    await withCode('reviewer', code).then(({ status }) => {
      expect(status).toBe(401);
    });
  });

  it.each([
    [-2, 401],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 401],
  ])('takes the code of the step %i with %i', async (steps, status) => {
    await office.database.query('DELETE FROM sign_in_throttle');
    nowMs += 10 * STEP_MS;
    expect((await withCode('reviewer', codeOf(secret, steps))).status).toBe(status);
  });

  it('takes no older code after a newer one', async () => {
    nowMs += 10 * STEP_MS;
    expect((await withCode('reviewer', codeOf(secret, 1))).status).toBe(200);
    expect((await withCode('reviewer', codeOf(secret, 0))).status).toBe(401);
    await office.database.query('DELETE FROM sign_in_throttle');
  });

  it('gives way to a recovery code, each once, and the user is told', async () => {
    const typed = String(codes[0]).toLowerCase().replaceAll('-', ' ');
    const { status, body } = await withCode('reviewer', typed);
    expect(status).toBe(200);
    const own = await office.call('get', `${AUTH}/security`, String(body.accessToken)).expect(200);
    expect(own.body.recoveryCodesLeft).toBe(9);
    expect((own.body.notices as { kind: string }[]).map(({ kind }) => kind)).toContain('recovery-code-used');
    expect((await withCode('reviewer', typed)).status).toBe(401);
    await office.database.query('DELETE FROM sign_in_throttle');
  });

  it('has a challenge that ends after five minutes, works once, and is nobody else’s', async () => {
    nowMs += 10 * STEP_MS;
    const challenge = await challengeOf('reviewer');
    nowMs += 301_000;
    const late = await post('/login/code', { challenge, code: codeOf(secret) });
    expect([late.status, late.body.code]).toEqual([401, 'identity.challenge-refused']);
    const fresh = await challengeOf('reviewer');
    await post('/login/code', { challenge: fresh, code: codeOf(secret) }).expect(200);
    nowMs += STEP_MS;
    const twice = await post('/login/code', { challenge: fresh, code: codeOf(secret) });
    expect([twice.status, twice.body.code]).toEqual([401, 'identity.challenge-refused']);
    await post('/login/code', { challenge: 'x'.repeat(43), code: '123456' }).expect(401);
  });

  it('is locked after five guesses, also for the right code, and the right password does not reset the count', async () => {
    await office.database.query('DELETE FROM sign_in_throttle');
    nowMs += 10 * STEP_MS;
    for (let guess = 0; guess < 5; guess += 1) {
      const wrong = String((Number(codeOf(secret)) + guess + 1) % 1_000_000).padStart(6, '0');
      expect((await withCode('reviewer', wrong)).status).toBe(401);
      nowMs += 1_000;
    }
    expect((await login('reviewer')).status).toBe(401);
    const [locked] = await office.database.query(`SELECT 1 FROM audit_event WHERE action = 'identity.account-locked'`);
    expect(locked).toBeDefined();
    nowMs += 15 * 60_000;
    expect((await withCode('reviewer', codeOf(secret))).status).toBe(200);
  });

  it('is replaced only after a fresh proof by the old one, and the old one serves until the new one is confirmed', async () => {
    nowMs += 10 * STEP_MS;
    const { body } = await withCode('reviewer', codeOf(secret));
    const token = String(body.accessToken);
    nowMs += 11 * 60_000;
    const renewed = (await post('/refresh', { refreshToken: body.refreshToken }).expect(200)).body;
    const stale = await post('/second-factor', {}, String(renewed.accessToken)).expect(403);
    expect(stale.body).toMatchObject({ code: 'identity.step-up-required', proof: 'code', withinMinutes: 10 });
    await post('/proof', { password: PASSWORD }, String(renewed.accessToken)).expect(422);
    await post('/proof', { code: codeOf(secret) }, String(renewed.accessToken)).expect(204);
    const next = (await post('/second-factor', {}, String(renewed.accessToken)).expect(201)).body as { secret: string };
    nowMs += STEP_MS;
    expect((await withCode('reviewer', codeOf(next.secret))).status).toBe(401);
    expect((await withCode('reviewer', codeOf(secret))).status).toBe(200);
    const confirm = { code: codeOf(next.secret) };
    await post('/second-factor/confirm', confirm, String(renewed.accessToken)).expect(200);
    nowMs += STEP_MS;
    expect((await withCode('reviewer', codeOf(secret))).status).toBe(401);
    expect((await withCode('reviewer', codeOf(next.secret))).status).toBe(200);
    expect(token).not.toBe('');
  });
});

describe('a factor that was lost', () => {
  it('is taken away by two administrators together, and by neither alone', async () => {
    await office.database.query('DELETE FROM sign_in_throttle');
    nowMs += 10 * STEP_MS;
    const admin = await enrol('admin');
    const security = await enrol('security');
    const inspector = await enrol('inspector');
    const [user] = await office.database.query<{ id: string }>(`SELECT id FROM app_user WHERE username = 'inspector'`);
    const started = await office
      .call('post', `/api/v1/users/${String(user?.id)}/credential-resets`, admin.token)
      .send({ kind: 'second-factor' })
      .expect(201);
    const chosen = 'a new long password 42';
    const activate = (proof: object) =>
      post('/activate', { username: 'inspector', code: started.body.code, newPassword: chosen, ...proof });
    await activate({}).expect(401);
    await activate({ confirmation: started.body.code }).expect(401);
    await activate({ factorCode: codeOf(inspector.secret) }).expect(401);
    await office.call('post', `/api/v1/credential-resets/${String(started.body.id)}/confirm`, admin.token).expect(403);
    const confirmed = await office
      .call('post', `/api/v1/credential-resets/${String(started.body.id)}/confirm`, security.token)
      .expect(200);
    await activate({ code: confirmed.body.confirmation, confirmation: confirmed.body.confirmation }).expect(401);
    await activate({ confirmation: confirmed.body.confirmation }).expect(204);
    await me(inspector.token).expect(401);
    const { body } = await login('inspector', chosen).expect(200);
    expect((await me(String(body.accessToken)).expect(200)).body.mustEnrolFactor).toBe(true);
  });
});
