import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessRow, loadAccessPolicy } from '../../src/identity/index.js';
import { parseYuan } from '../../src/common/money/index.js';
import { billOf, type Caller } from '../claims/claims-pool.js';
import {
  approvedMonth,
  budgetInForce,
  closeMonth,
  type PaymentPool,
  paymentPool,
  POOL,
  recordHistory,
} from '../payment/payment-pool.js';

/**
 * F30: what belongs to another provider or another county is answered exactly like what does not exist. Generated over the
 * rows of policy/access.yaml whose scope is `area` or `provider`.
 */
const OTHER_PASSWORD_OF = 'clerk';
const NOWHERE = '01900000-0000-7000-8000-0000000000ff';

let pool: PaymentPool;
/** Users of the one side, who may see the samples, and of the other side, who may not. */
let insiders: Record<'bureau' | 'provider', Caller>;
let outsiders: Record<'bureau' | 'provider', Caller>;
/** By the first segment of the path: the id of something of the county 331102 and of the tertiary hospital. */
const samples = new Map<string, string>();

beforeAll(async () => {
  pool = await paymentPool();
  await account('far.clerk', 'clerk', '331121', null);
  await account('far.admin', 'admin', '331121', null);
  await account('far.provider', 'provider', POOL, pool.institutions.secondary);
  insiders = { bureau: await pool.as('clerk'), provider: await pool.as('provider') };
  outsiders = { bureau: await pool.as('far.clerk'), provider: await pool.as('far.provider') };

  const person = await pool.person({ area: '331102' });
  const settled = await insiders.provider.post('settlements', billOf(person), randomUUID()).expect(201);
  const agreements = await insiders.provider.get('agreements').expect(200);
  samples.set('persons', person);
  samples.set('settlements', String(settled.body.id));
  samples.set('institutions', pool.institutions.tertiary);
  samples.set('agreements', String(agreements.body.items[0].id));
  await payMonth();
  await importFile();
}, 180_000);

const FILE = readFileSync(join(import.meta.dirname, '../claims/files/discharges-small.csv'));

/** A file of discharges for the tertiary hospital. */
const upload = async (username: string) =>
  (await pool.as(username))
    .upload('discharge-imports')
    .field('institutionId', pool.institutions.tertiary)
    .field('month', '2026-11')
    .attach('file', FILE, 'discharges.csv');

async function importFile(): Promise<void> {
  const { body } = await upload('clerk');
  samples.set('discharge-imports', String(body.id));
}

/** Closes the month of a bill of the tertiary hospital, so that it has a sheet and an order. */
async function payMonth(): Promise<void> {
  const monthly = { [pool.institutions.tertiary]: parseYuan('30000.00') };
  await recordHistory(pool, '390', 2025, monthly);
  const bureau = await pool.on('2026-11-05');
  await budgetInForce(bureau, '390', 2026);
  const month = await approvedMonth(bureau, '390', '2026-10');
  await closeMonth(bureau, month);
  insiders = { bureau: bureau.clerk, provider: bureau.provider };
  outsiders = { bureau: await pool.as('far.clerk'), provider: await pool.as('far.provider') };
  const orders = await insiders.provider.get('payment-orders').expect(200);
  samples.set('payment-orders', String(orders.body.items[0].id));
  samples.set('month-settlements', month);
}

afterAll(async () => {
  await pool.close();
});

/** An account like those of the demonstration, in another county or of another provider. */
async function account(username: string, role: string, areaCode: string, providerId: string | null): Promise<void> {
  const id = randomUUID();
  await pool.database.query(
    `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, provider_id, password_changed_at, created_by)
     SELECT $1, pool_area, $2, $2, password_hash, $3, $4, now(), 'test' FROM app_user WHERE username = $5`,
    [id, username, areaCode, providerId, OTHER_PASSWORD_OF],
  );
  await pool.database.query(`INSERT INTO user_role (user_id, role_code, granted_by) VALUES ($1, $2, 'test')`, [
    id,
    role,
  ]);
}

async function tokenOf(username: string): Promise<string> {
  const sent = { username, password: 'correct horse battery staple' };
  return String((await pool.http().post('/api/v1/auth/login').send(sent).expect(200)).body.accessToken);
}

async function send(method: string, path: string, token: string): Promise<{ status: number }> {
  const headers = {
    authorization: `Bearer ${token}`,
    'idempotency-key': randomUUID(),
    'content-type': 'application/json',
  };
  return fetch(pool.baseUrl + path, { method, headers, body: JSON.stringify({ reason: '越权' }) });
}

const collectionOf = (row: AccessRow): string => row.path.split('/')[3] ?? '';
const withId = (row: AccessRow, id: string): string => row.path.replace('/api/v1/', '').replace('{id}', id);
const scoped = loadAccessPolicy().rows.filter(({ scope }) => scope === 'area' || scope === 'provider');
/** A month concerns all providers; what is another's in it is a sheet, tested by its own path below. */
const SHARED = new Set(['month-settlements', 'clearings']);
const oneById = scoped.filter(
  (row) => row.method === 'GET' && /^[^{]*\{id\}[^{]*$/.test(row.path) && !SHARED.has(collectionOf(row)),
);
const changesById = scoped.filter(({ method, path }) => method !== 'GET' && /^[^{]*\{id\}[^{]*$/.test(path));

/** What a caller can tell apart: everything but the trace id and the path that was asked for. */
function visible(answer: { status: number; body: Record<string, unknown> }): unknown {
  return { ...answer.body, status: answer.status, traceId: '', instance: '' };
}

describe('something of another county or provider', () => {
  it('has a sample for every route that reads one by id', () => {
    const without = oneById.filter((row) => !samples.has(collectionOf(row))).map(({ path }) => path);
    expect(without).toEqual(['/api/v1/users/{id}']); // has a test of its own, at the end
  });

  it('is there for those whom it concerns (so that the refusals below mean something)', async () => {
    for (const row of oneById.filter((one) => samples.has(collectionOf(one)))) {
      const path = withId(row, samples.get(collectionOf(row)) ?? '');
      const caller = row.scope === 'provider' ? insiders.provider : insiders.bureau;
      const { status } = await caller.get(path);
      expect([path, status]).toEqual([path, 200]);
    }
  });

  it('looks, on every route that reads one by id, like something that does not exist', async () => {
    const seen: unknown[] = [];
    for (const row of oneById.filter((one) => samples.has(collectionOf(one)))) {
      const kinds = row.scope === 'provider' ? (['provider', 'bureau'] as const) : (['bureau'] as const);
      for (const kind of kinds) {
        const theirs = await outsiders[kind].get(withId(row, samples.get(collectionOf(row)) ?? ''));
        const none = await outsiders[kind].get(withId(row, NOWHERE));
        expect([row.path, kind, theirs.status]).toEqual([row.path, kind, 404]);
        expect(visible(theirs)).toEqual(visible(none));
        seen.push(row.path);
      }
    }
    expect(seen.length).toBeGreaterThanOrEqual(16);
  });

  it('cannot be changed on any route that takes its id', async () => {
    const rows = changesById.filter((row) => samples.has(collectionOf(row)));
    expect(rows.length).toBeGreaterThanOrEqual(4);
    const before = await pool.footprint();
    const far = { bureau: await tokenOf('far.clerk'), provider: await tokenOf('far.provider') };
    for (const row of rows) {
      const token = row.roles.has('provider') ? far.provider : far.bureau;
      const path = `/api/v1/${withId(row, samples.get(collectionOf(row)) ?? '')}`;
      const answer = await send(row.method, path, token);
      expect([row.method, path, answer.status >= 400 && answer.status < 500]).toEqual([row.method, path, true]);
    }
    expect({ ...(await pool.footprint()), idempotency_key: 0 }).toEqual({ ...before, idempotency_key: 0 });
  });

  it('is in a shared month a sheet that is not there', async () => {
    const month = samples.get('month-settlements') ?? '';
    const sheet = (providerId: string) => `month-settlements/${month}/lines/${providerId}`;
    await insiders.provider.get(sheet(pool.institutions.tertiary)).expect(200);
    for (const kind of ['provider', 'bureau'] as const) {
      const theirs = await outsiders[kind].get(sheet(pool.institutions.tertiary));
      const none = await outsiders[kind].get(sheet(NOWHERE));
      expect([kind, theirs.status]).toEqual([kind, 404]);
      expect(visible(theirs)).toEqual(visible(none));
      const whole = await outsiders[kind].get(`month-settlements/${month}`);
      expect([kind, whole.text.includes(pool.institutions.tertiary)]).toEqual([kind, false]);
    }
  });

  it('is in no list', async () => {
    for (const [collection, id] of samples) {
      if (SHARED.has(collection)) continue;
      for (const kind of ['bureau', 'provider'] as const) {
        const { status, text } = await outsiders[kind].get(collection);
        if (status === 403) continue;
        expect([collection, kind, status, text.includes(id)]).toEqual([collection, kind, 200, false]);
      }
    }
  });

  it('cannot be named in a filter either', async () => {
    const { body } = await outsiders.provider
      .get(`settlements?providerId=${pool.institutions.tertiary}&personId=${samples.get('persons') ?? ''}`)
      .expect(200);
    expect(body).toEqual({ items: [], nextCursor: null });
  });

  it('cannot be settled in the name of another provider', async () => {
    const before = await pool.footprint();
    const bill = billOf(samples.get('persons') ?? '', { providerId: pool.institutions.tertiary });
    const answer = await outsiders.provider.post('settlements', bill, randomUUID());
    expect([answer.status >= 400, answer.status < 500]).toEqual([true, true]);
    expect(await pool.footprint()).toEqual(before);
  });

  it('gets no file of discharges from outside', async () => {
    const { status } = await upload('far.clerk');
    expect(status).toBe(404);
  });

  it('is a user of another county, too', async () => {
    const farAdmin = await pool.as('far.admin');
    const { body } = await (await pool.as('clerk')).get('auth/me').expect(200);
    await farAdmin.get(`users/${String(body.userId)}`).expect(404);
    await farAdmin.post(`users/${String(body.userId)}/disable`, {}).expect(404);
  });
});
