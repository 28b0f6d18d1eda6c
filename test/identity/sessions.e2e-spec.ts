import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JobRunner, JobRuns } from '../../src/common/jobs/index.js';
import { Clock } from '../../src/common/time/index.js';
import { openOffice, type Office, PASSWORD, POOL } from './office.js';

jest.setTimeout(60_000);

/** ASVS 7.3, 7.4, 10.4.5: sessions end by idleness, by age, by hand and by alarm, in every process. */
const START = Date.parse('2026-11-22T00:00:00.000Z');
const MINUTE = 60_000;

let office: Office;
let twin: Office;
let nowMs = START;

beforeAll(async () => {
  office = await openOffice({ env: { PASSWORD_MAX_AGE_DAYS: '90', ACTOR_CACHE_MS: '1000' } });
  twin = await openOffice({ database: office.database });
  for (const one of [office, twin]) Object.assign(one.get(Clock), { now: () => new Date(nowMs) });
  await office.database.query('UPDATE app_user SET password_changed_at = $1', [new Date(START)]);
});

afterAll(async () => {
  delete process.env['PASSWORD_MAX_AGE_DAYS'];
  delete process.env['ACTOR_CACHE_MS'];
  await twin.close();
  await office.close();
});

beforeEach(() => {
  nowMs += 24 * 60 * MINUTE;
});

const AUTH = '/api/v1/auth';
const me = (token: string, at = office) => at.call('get', `${AUTH}/me`, token);
const refresh = (refreshToken: string, at = office) => at.call('post', `${AUTH}/refresh`).send({ refreshToken });

describe('a session', () => {
  it('that is used goes on; one that is not ends after 15 minutes', async () => {
    let pair = await office.signIn('clerk');
    for (let quarter = 0; quarter < 4; quarter += 1) {
      nowMs += 14 * MINUTE;
      pair = (await refresh(pair.refreshToken).expect(200)).body as typeof pair;
    }
    nowMs += 15 * MINUTE + 1_000;
    await refresh(pair.refreshToken).expect(401);
    await me(pair.accessToken).expect(401);
  });

  it('counts every request as use, not only the exchange of tokens', async () => {
    const pair = await office.signIn('clerk');
    nowMs += 9 * MINUTE;
    await me(pair.accessToken).expect(200);
    await sleep(1_100);
    await me(pair.accessToken).expect(200);
    nowMs += 14 * MINUTE;
    await refresh(pair.refreshToken).expect(200);
  });

  it('ends after twelve hours, however busy', async () => {
    let pair = await office.signIn('clerk');
    for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      nowMs += 10 * MINUTE;
      pair = (await refresh(pair.refreshToken).expect(200)).body as typeof pair;
    }
    nowMs += 9 * MINUTE;
    await me(pair.accessToken).expect(200);
    nowMs += 2 * MINUTE;
    await me(pair.accessToken).expect(401);
    await refresh(pair.refreshToken).expect(401);
  });

  it('is new at every sign-in, and the list shows where each is', async () => {
    const here = await office.signIn('reviewer');
    const elsewhere = await office.signIn('reviewer');
    const { body } = await office.call('get', `${AUTH}/sessions`, here.accessToken).expect(200);
    const list = body as { id: string; address: string; current: boolean }[];
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    expect(list.map(({ address }) => address)).toContain('127.0.0.1');
    const other = list.find(({ current }) => !current)?.id ?? '';
    const stranger = await office.signIn('inspector');
    const end = (id: string, token: string) => office.call('post', `${AUTH}/sessions/${id}/revoke`, token);
    await end(other, stranger.accessToken).expect(404);
    await end('nonsense', here.accessToken).expect(404);
    await me(elsewhere.accessToken).expect(200);
    await end(other, here.accessToken).expect(204);
    await me(elsewhere.accessToken).expect(401);
    await refresh(elsewhere.refreshToken).expect(401);
    await me(here.accessToken).expect(200);
  });
});

describe('across two processes', () => {
  const events: [string, (id: string, token: string) => Promise<unknown>][] = [
    ['sign-out', (_id, token) => office.call('post', `${AUTH}/logout`, token).expect(204)],
    [
      'disabling',
      async (id) =>
        office.call('post', `/api/v1/users/${id}/disable`, (await office.signIn('admin')).accessToken).expect(200),
    ],
  ];

  it.each(events)('%s ends the session in the other one within a second', async (_name, end) => {
    const { accessToken, refreshToken } = await office.signIn('inspector');
    const { body } = await me(accessToken, twin).expect(200);
    await end(String(body.userId), accessToken);
    await me(accessToken).expect(401);
    await refresh(refreshToken, twin).expect(401);
    await sleep(1_050);
    await me(accessToken, twin).expect(401);
    await office.database.query(`UPDATE app_user SET state = 'active'`);
  });
});

describe('a refresh token that comes twice (F33)', () => {
  it('of twenty at once in two processes wins at most once, and the family is revoked, counted, audited and told', async () => {
    const { refreshToken } = await office.signIn('approver');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => refresh(refreshToken, index % 2 === 0 ? office : twin)),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBeLessThanOrEqual(1);
    await sleep(1_050);
    for (const { body } of winners) {
      await me(String(body.accessToken), twin).expect(401);
      await refresh(String(body.refreshToken)).expect(401);
    }
    const families = await office.database.query(`SELECT 1 FROM auth_session WHERE revoke_reason = 'reuse'`);
    expect(families).toHaveLength(1);
    const audited = await office.database.query(`SELECT 1 FROM audit_event WHERE action = 'identity.refresh-reused'`);
    expect(audited).toHaveLength(1);
    const counted = await Promise.all(
      [office, twin].map(async (one) => {
        const { text } = await one.call('get', '/api/metrics').expect(200);
        return Number(/^tongchou_refresh_reuse_total (\d+)$/m.exec(text)?.[1] ?? 0);
      }),
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(1);
    const { accessToken } = await office.signIn('approver');
    const own = await office.call('get', `${AUTH}/security`, accessToken).expect(200);
    expect((own.body.notices as { kind: string }[]).map(({ kind }) => kind)).toEqual(['refresh-reused']);
  });
});

describe('a password', () => {
  it('must be replaced after 90 days where the installation wants it, before anything else', async () => {
    nowMs = START + 89 * 24 * 60 * MINUTE;
    const young = await office.signIn('clerk');
    expect((await me(young.accessToken).expect(200)).body.mustChangePassword).toBe(false);
    nowMs = START + 91 * 24 * 60 * MINUTE;
    const { accessToken } = await office.signIn('clerk');
    expect((await me(accessToken).expect(200)).body.mustChangePassword).toBe(true);
    const early = await office.call('get', '/api/v1/areas', accessToken).expect(403);
    expect(early.body.code).toBe('identity.password-change-first');
    const change = (newPassword: string) =>
      office.call('post', `${AUTH}/password`, accessToken).send({ currentPassword: PASSWORD, newPassword });
    expect((await change(PASSWORD).expect(400)).body.code).toBe('identity.password-same');
    await change('spring has come 2027 y').expect(204);
    await office.call('get', '/api/v1/areas', accessToken).expect(200);
  });

  it('never expires by default (ASVS 6.2.10)', async () => {
    delete process.env['PASSWORD_MAX_AGE_DAYS'];
    const plain = await openOffice({ database: office.database });
    try {
      Object.assign(plain.get(Clock), { now: () => new Date(START + 2_000 * 24 * 60 * MINUTE) });
      const { accessToken } = await plain.signIn('auditor');
      expect((await me(accessToken, plain).expect(200)).body.mustChangePassword).toBe(false);
    } finally {
      await plain.close();
    }
  });
});

describe('the daily purge', () => {
  it('runs once for a day and takes what has ended, and nothing that lives', async () => {
    nowMs = START + 100 * 24 * 60 * MINUTE;
    // What the test before signed in to lies years ahead.
    await office.database.query('DELETE FROM refresh_token WHERE issued_at > $1', [new Date(nowMs)]);
    await office.database.query('DELETE FROM auth_session WHERE created_at > $1', [new Date(nowMs)]);
    const live = await office.signIn('auditor');
    await office.database.query(
      `INSERT INTO sign_in_throttle (key, failures, window_from) VALUES ('u:old', 1, $1), ('u:new', 1, $2)`,
      [new Date(nowMs - 2 * 24 * 60 * MINUTE), new Date(nowMs)],
    );
    const handler = office
      .get(JobRuns)
      .registered()
      .find(({ kind }) => kind === 'identity.purge');
    expect(handler).toBeDefined();
    const actor = { username: 'system', poolArea: POOL };
    const request = { kind: 'identity.purge', area: POOL, period: '2027-03-02', actor };
    const started = await Promise.all([office, twin, office].map((one) => one.get(JobRuns).start(request)));
    expect(started.filter(({ created }) => created)).toHaveLength(1);
    await office.get(JobRunner).execute(String(started[0]?.runId));
    const [left] = await office.database.query<{ sessions: number; tokens: number; keys: string[] }>(
      `SELECT (SELECT count(*)::int FROM auth_session) AS sessions, (SELECT count(*)::int FROM refresh_token) AS tokens,
              (SELECT array_agg(key) FROM sign_in_throttle WHERE key IN ('u:old', 'u:new')) AS keys`,
    );
    expect(left).toEqual({ sessions: 1, tokens: 1, keys: ['u:new'] });
    await me(live.accessToken).expect(200);
    await refresh(live.refreshToken).expect(200);
  });
});
