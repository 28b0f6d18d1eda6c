import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billOf, type Caller, type ClaimsPool, claimsPool, line, POOL } from './claims-pool.js';

let pool: ClaimsPool;
let provider: Caller;
let clerk: Caller;

beforeAll(async () => {
  pool = await claimsPool();
  provider = await pool.as('provider');
  clerk = await pool.as('clerk');
}, 120_000);

afterAll(async () => {
  await pool.close();
});

const fenOf = (yuan: unknown): bigint => BigInt(String(yuan).replace('.', ''));

describe('settling a bill', () => {
  it('pre-settling answers what settling will and leaves nothing behind', async () => {
    const personId = await pool.person();
    const bill = billOf(personId);
    const before = await pool.footprint();
    const { body: trial } = await provider.post('settlements/pre-settle', bill).expect(200);
    expect(await pool.footprint()).toEqual(before);
    const { body: settled } = await provider.post('settlements', bill, randomUUID()).expect(201);
    for (const key of ['total', 'inscp', 'overlmtSelfpay', 'fundPaySum', 'psnPart', 'cashPay', 'funds', 'lines']) {
      expect(settled[key]).toEqual(trial[key]);
    }
    expect(settled).toMatchObject({ total: '1560.00', overlmtSelfpay: '140.00', inscp: '1420.00', month: '2026-10' });
    expect(trial.explanation.length).toBeGreaterThan(2);
  });

  it('books lines, settlement, accumulators, ledger, audit, event and the key together', async () => {
    const personId = await pool.person();
    const { body } = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    const [row] = await pool.database.query<Record<string, unknown>>(
      `SELECT (SELECT count(*)::int FROM claim_line WHERE settlement_id = $1) AS lines,
         (SELECT admissions FROM benefit_accumulator WHERE person_id = $2) AS admissions,
         (SELECT version FROM benefit_accumulator WHERE person_id = $2) AS version,
         (SELECT sum(amount_fen)::bigint FROM ledger_line WHERE journal_id = $1) AS posted,
         (SELECT count(*)::int FROM audit_event WHERE subject_id = $1::text AND action = 'claims.settle') AS audits,
         (SELECT count(*)::int FROM outbox_event WHERE payload ->> 'settlementId' = $1::text) AS events,
         (SELECT count(*)::int FROM idempotency_key WHERE response ->> 'settlementId' = $1::text) AS keys`,
      [body.id, personId],
    );
    expect(row).toEqual({
      ...{ lines: 2, admissions: 1, version: 1, audits: 1, events: 1, keys: 1 },
      posted: fenOf(body.fundPaySum),
    });
    expect(fenOf(body.fundPaySum)).toBeGreaterThan(0n);
  });

  it('takes from the personal account what the policy allows, and posts it by person', async () => {
    const personId = await pool.person({ scheme: '310', account: 30_000n });
    const { body } = await provider
      .post(
        'settlements',
        billOf(personId, { category: 'outpatient', lines: [line(1, 'XA001', '1', '100.00')] }),
        randomUUID(),
      )
      .expect(201);
    const paid = fenOf(body.acctPay);
    expect(paid).toBeGreaterThan(0n);
    expect(
      await pool.database.query('SELECT balance_fen FROM personal_account WHERE person_id = $1', [personId]),
    ).toEqual([{ balance_fen: 30_000n - paid }]);
    expect(
      await pool.database.query(
        `SELECT debit_party, amount_fen FROM ledger_line WHERE journal_id = $1 AND debit_account = '2101'`,
        [body.id],
      ),
    ).toEqual([{ debit_party: personId, amount_fen: paid }]);
  });

  it('shows it again, with lines and in words of both languages', async () => {
    const personId = await pool.person();
    const { body } = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    const { body: shown } = await provider.get(`settlements/${String(body.id)}`).expect(200);
    expect(shown).toEqual({ ...body, reversedBy: null });
    const zh = await provider.get(`settlements/${String(body.id)}/explain?lang=zh`).expect(200);
    const en = await provider.get(`settlements/${String(body.id)}/explain?lang=en`).expect(200);
    expect(zh.body.steps).toHaveLength(en.body.steps.length);
    expect(zh.body.steps.join('')).toMatch(/起付/);
    expect(en.body.steps.join(' ')).toMatch(/deductible/i);
  });

  it('lists by person, month and scheme, page by page without gap or double', async () => {
    const personId = await pool.person();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { body } = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
      ids.push(String(body.id));
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await clerk
        .get(`settlements?personId=${personId}&month=2026-10&scheme=390&limit=2${page}`)
        .expect(200);
      seen.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([...ids].reverse());
    expect((await clerk.get(`settlements?personId=${personId}&month=2026-09`).expect(200)).body.items).toEqual([]);
  });
});

describe('a provider sees and settles its own bills only', () => {
  it('naming another institution is answered as if that did not exist', async () => {
    const bill = billOf(await pool.person(), { providerId: pool.institutions.secondary });
    const { body } = await provider.post('settlements', bill, randomUUID()).expect(404);
    expect(body.code).toBe('claims.provider-not-found');
  });

  it('a bill of another institution is not there for it: read, explained or reversed', async () => {
    const bill = billOf(await pool.person(), { providerId: pool.institutions.secondary });
    const { body } = await clerk.post('settlements', bill, randomUUID()).expect(201);
    const path = `settlements/${String(body.id)}`;
    const absent = `settlements/${randomUUID()}`;
    for (const [there, not] of [
      [await provider.get(path), await provider.get(absent)],
      [await provider.get(`${path}/explain`), await provider.get(`${absent}/explain`)],
      [
        await provider.post(`${path}/reverse`, { reason: 'x' }, randomUUID()),
        await provider.post(`${absent}/reverse`, { reason: 'x' }, randomUUID()),
      ],
    ] as const) {
      expect([there.status, there.body.code]).toEqual([404, 'claims.settlement-not-found']);
      expect([not.status, not.body.code]).toEqual([404, 'claims.settlement-not-found']);
    }
    expect(
      (await provider.get(`settlements?providerId=${pool.institutions.secondary}`).expect(200)).body.items,
    ).toEqual([]);
  });
});

describe('refusals write nothing and say why', () => {
  const refuse = async (
    caller: Caller,
    bill: unknown,
    status: number,
    code: string,
  ): Promise<Record<string, unknown>> => {
    const before = await pool.footprint();
    const answer = await caller.post('settlements', bill as object, randomUUID());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await pool.footprint()).toEqual(before);
    return answer.body as Record<string, unknown>;
  };

  it('an unknown person', async () => {
    await refuse(provider, billOf(randomUUID()), 422, 'claims.person-unknown');
  });

  it('a person whose coverage had ended, or has not begun', async () => {
    const ended = await pool.person({ coveredTo: '2026-10-01' });
    await refuse(provider, billOf(ended), 422, 'claims.person-not-covered');
    const later = await pool.person({ coveredFrom: '2026-10-19' });
    await refuse(provider, billOf(later), 422, 'claims.person-not-covered');
  });

  it('arrears', async () => {
    const personId = await pool.person();
    await pool.database.query(`UPDATE coverage SET status = 'suspended' WHERE person_id = $1`, [personId]);
    await refuse(provider, billOf(personId), 422, 'eligibility.arrears-suspended');
  });

  it('an institution without agreement', async () => {
    const bill = billOf(await pool.person(), { providerId: pool.institutions.withoutAgreement });
    await refuse(clerk, bill, 422, 'eligibility.no-agreement');
  });

  it('a suspended institution, but not emergency rescue', async () => {
    const personId = await pool.person();
    const bill = billOf(personId, { providerId: pool.institutions.suspended });
    await refuse(clerk, bill, 422, 'eligibility.agreement-suspended');
    await clerk.post('settlements', { ...bill, referral: 'emergency' }, randomUUID()).expect(201);
  });

  it('care before the suspension, settled while it lasts', async () => {
    const bill = billOf(await pool.person(), {
      ...{ providerId: pool.institutions.suspended, admittedOn: '2026-09-20', dischargedOn: '2026-09-28' },
    });
    await refuse(clerk, bill, 422, 'claims.provider-suspended');
  });

  it('a physician without privilege there', async () => {
    const bill = billOf(await pool.person(), { physicianId: pool.physician, providerId: pool.institutions.secondary });
    await refuse(clerk, bill, 422, 'eligibility.physician-no-privilege');
    await provider
      .post('settlements', billOf(await pool.person(), { physicianId: pool.physician }), randomUUID())
      .expect(201);
  });

  it('unknown and expired item codes, all of them with their lines', async () => {
    const bill = billOf(await pool.person(), {
      lines: [line(1, 'XA001', '1', '1.00'), line(2, 'NOPE1', '1', '1.00'), line(7, 'XOLD1', '1', '1.00')],
    });
    const body = await refuse(provider, bill, 422, 'claims.unknown-items');
    expect(body['errors']).toEqual([
      { line: 2, itemCode: 'NOPE1' },
      { line: 7, itemCode: 'XOLD1' },
    ]);
  });

  // One above the limit: the reader stops there, before anything walks through the lines.
  it('10 001 lines', async () => {
    const lines = Array.from({ length: 10_001 }, (_, index) => line(index + 1, 'XA001', '1', '1.00'));
    await refuse(provider, billOf(await pool.person(), { lines }), 413, 'http.json-too-many');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['money as a JSON number', { lines: [{ ...line(1, 'XA001', '1', '1.00'), amount: 1 }] }, 'http.invalid'],
    ['a field that does not exist', { fundPaySum: '99.00' }, 'http.invalid'],
    ['an unknown category', { category: 'dental' }, 'http.invalid'],
    ['no lines', { lines: [] }, 'http.invalid'],
    ['a day that does not exist', { dischargedOn: '2026-10-32' }, 'http.invalid'],
    ['30 February', { admittedOn: '2026-02-30' }, 'time.not-a-date'],
    ['discharge before admission', { admittedOn: '2026-10-19' }, 'claims.settled-on-out-of-range'],
    ['a settlement in the future', { settledOn: '2026-10-21' }, 'claims.settled-on-out-of-range'],
    [
      'a line number twice',
      { lines: [line(1, 'XA001', '1', '1.00'), line(1, 'XA001', '1', '1.00')] },
      'claims.line-faults',
    ],
    [
      'an amount that is not quantity × price',
      { lines: [{ ...line(1, 'XA001', '2', '1.00'), amount: '3.00' }] },
      'claims.line-faults',
    ],
    ['a total that is not the sum', { total: '1.00' }, 'claims.line-faults'],
  ])('%s', async (_, over, code) => {
    await refuse(provider, billOf(await pool.person(), over), 400, code);
  });

  it('a request without a key', async () => {
    const { body } = await provider.post('settlements', billOf(await pool.person())).expect(400);
    expect(body.code).toBe('idempotency.key-missing');
  });

  it('a closed month', async () => {
    const personId = await pool.person();
    await pool.database.query(
      `INSERT INTO claims_month VALUES ($1, '390', '2026-09-01', 'closed', now(), 'test', pg_current_xact_id())`,
      [POOL],
    );
    const bill = billOf(personId, { admittedOn: '2026-09-10', dischargedOn: '2026-09-12', settledOn: '2026-09-13' });
    await refuse(provider, bill, 409, 'claims.month-closed');
    await provider.post('settlements', { ...bill, settledOn: '2026-10-02' }, randomUUID()).expect(201);
  });
});

describe('the largest bill', () => {
  it('2 000 lines settle within three seconds', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => line(index + 1, 'XB001', '3', '7.77'));
    const started = performance.now();
    const { body } = await provider
      .post('settlements', billOf(await pool.person(), { lines }), randomUUID())
      .expect(201);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(body.total).toBe('46620.00');
    expect(body.lines).toHaveLength(2_000);
    // 23.31 × 0.05 = 1.1655 → 1.17 a line, half-up at the line
    expect(body.preselfpay).toBe('2340.00');
  });
});
