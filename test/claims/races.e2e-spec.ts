import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SettlementLane } from '../../src/claims/settlement-lane.js';
import type { DomainError } from '../../src/common/errors/index.js';
import { Claims } from '../../src/claims/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { addMonths, type Month, parseLocalDate, parseMonth } from '../../src/common/time/index.js';
import { ReversalService } from '../../src/claims/reversal.service.js';
import { billOf as readBill, readBillBody } from '../../src/claims/settle-request.js';
import { systemActor } from '../../src/identity/index.js';
import { laneJob, secondLane, settleWithoutCompareAndSet } from './broken-twin.js';
import { billOf, type Caller, type ClaimsPool, claimsPool, line, POOL, TODAY } from './claims-pool.js';
import { conserved } from './conserved.js';

let pool: ClaimsPool;
let provider: Caller;
let clerk: Caller;

beforeAll(async () => {
  pool = await claimsPool();
  provider = await pool.as('provider');
  clerk = await pool.as('clerk');
}, 120_000);

afterAll(async () => {
  await conserved(pool);
  await pool.close();
});

const fenOf = (yuan: unknown): bigint => BigInt(String(yuan).replace('.', ''));
const paidOf = (bodies: readonly { body: { fundPaySum: string } }[]): bigint =>
  bodies.reduce((sum, { body }) => sum + fenOf(body.fundPaySum), 0n);

/** Outpatient bills of one person race for the annual limit of the outpatient plan (1 000.00 for residents in 2026). */
const outpatient = (personId: string): Record<string, unknown> =>
  billOf(personId, {
    ...{ category: 'outpatient', admittedOn: TODAY, dischargedOn: TODAY, referral: 'not-needed' },
    lines: [line(1, 'XA001', '3', '10.00')],
  });

describe('the same request many times', () => {
  it('F8: 50 copies at once write one settlement and get one answer', async () => {
    const bill = billOf(await pool.person());
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => provider.post('settlements', bill, key)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    const [count] = await pool.database.query<{ settlements: number; journals: number; versions: number }>(
      `SELECT (SELECT count(*)::int FROM settlement WHERE person_id = $1) AS settlements,
         (SELECT count(*)::int FROM ledger_journal WHERE source_id = $2) AS journals,
         (SELECT version FROM benefit_accumulator WHERE person_id = $1) AS versions`,
      [bill['personId'], answers[0]?.body.id],
    );
    expect(count).toEqual({ settlements: 1, journals: 1, versions: 1 });
  }, 30_000);

  it('F9: the same key with another body is refused; another client may use the key', async () => {
    const bill = billOf(await pool.person());
    const key = randomUUID();
    await provider.post('settlements', bill, key).expect(201);
    const before = await pool.footprint();
    const other = await provider.post('settlements', { ...bill, dischargedOn: '2026-10-17' }, key).expect(422);
    expect(other.body.code).toBe('idempotency.body-differs');
    expect(await pool.footprint()).toEqual(before);
    const elsewhere = billOf(await pool.person(), { providerId: pool.institutions.secondary });
    await clerk.post('settlements', elsewhere, key).expect(201);
  });

  it('F9: one key raced by bills of different persons is used once', async () => {
    const key = randomUUID();
    const bills = await Promise.all(Array.from({ length: 12 }, async () => billOf(await pool.person())));
    const answers = await Promise.all(bills.map((bill) => provider.post('settlements', bill, key)));
    const codes = answers.map((answer) => (answer.status === 201 ? 'settled' : (answer.body.code as string)));
    expect(codes.filter((code) => code === 'settled')).toHaveLength(1);
    expect(codes.filter((code) => code === 'idempotency.body-differs')).toHaveLength(11);
  });

  it('F9: a key that settled one person settles no other, and what a key took back it cannot settle', async () => {
    const key = randomUUID();
    const { body: settled } = await provider.post('settlements', billOf(await pool.person()), key).expect(201);
    const before = await pool.footprint();
    const other = await provider.post('settlements', billOf(await pool.person()), key).expect(422);
    expect(other.body.code).toBe('idempotency.body-differs');
    const back = await provider.post(`settlements/${String(settled.id)}/reverse`, { reason: '更正' }, key).expect(422);
    expect(back.body.code).toBe('idempotency.body-differs');
    expect(await pool.footprint()).toEqual(before);
    const undo = randomUUID();
    await provider.post(`settlements/${String(settled.id)}/reverse`, { reason: '更正' }, undo).expect(201);
    const used = await provider.post('settlements', billOf(await pool.person()), undo).expect(422);
    expect(used.body.code).toBe('idempotency.body-differs');
  });

  it('F9: one key raced by two processes for different persons is used once', async () => {
    const lanes = [secondLane(pool), secondLane(pool)];
    let refused = 0;
    for (let round = 0; round < 12; round += 1) {
      const key = randomUUID();
      const jobs = await Promise.all(
        lanes.map(async (lane, index) => {
          const [bill, envelope, posting] = laneJob(pool, billOf(await pool.person()));
          return () =>
            lane.submit(bill, { ...envelope, idempotencyKey: key, bodyHash: `0${String(index)}`.repeat(32) }, posting);
        }),
      );
      const answers = await Promise.allSettled(jobs.map((submit) => submit()));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      refused += answers.filter(
        (answer) => answer.status === 'rejected' && (answer.reason as DomainError).code === 'idempotency.body-differs',
      ).length;
      const [count] = await pool.database.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM idempotency_key WHERE key = $1',
        [key],
      );
      expect(count?.n).toBe(1);
    }
    expect(refused).toBe(12);
  }, 60_000);

  it('F10: the same bill number under another key is refused with the settlement that is there', async () => {
    const bill = billOf(await pool.person());
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => provider.post('settlements', bill, randomUUID())),
    );
    const settled = answers.filter((answer) => answer.status === 201);
    const refused = answers.filter((answer) => answer.status === 409);
    expect([settled.length, refused.length]).toEqual([1, 9]);
    for (const { body } of refused) {
      expect(body).toMatchObject({ code: 'claims.duplicate-bill' });
      expect(JSON.stringify(body)).toContain(String(settled[0]?.body.id));
    }
    await provider
      .post(`settlements/${String(settled[0]?.body.id)}/reverse`, { reason: '更正' }, randomUUID())
      .expect(201);
    await provider.post('settlements', bill, randomUUID()).expect(201);
  });
});

describe('F11: 400 concurrent bills of one person', () => {
  const BILLS = 400;

  it('pay what the same bills in some order pay, and never a fen above the limit', async () => {
    const racing = await pool.person();
    const serial = await pool.person();
    const inOrder = [];
    for (let n = 0; n < BILLS; n += 1)
      inOrder.push(await provider.post('settlements', outpatient(serial), randomUUID()));
    const atOnce = await Promise.all(
      Array.from({ length: BILLS }, () => provider.post('settlements', outpatient(racing), randomUUID())),
    );
    expect(atOnce.filter((answer) => answer.status !== 201)).toEqual([]);
    // All bills are equal, so every order pays the same.
    expect(paidOf(atOnce)).toBe(paidOf(inOrder));
    expect(await recorded(racing)).toBe(paidOf(atOnce));
    expect(paidOf(atOnce)).toBe(100_000n);
  }, 120_000);

  it('hold across two lanes that know nothing of each other', async () => {
    const personId = await pool.person();
    const lanes = [pool.get(SettlementLane), secondLane(pool)];
    const before = await recorded(personId);
    expect(before).toBe(0n);
    const results = await Promise.all(
      Array.from({ length: 120 }, (_, index) => submit(lanes[index % 2] as SettlementLane, personId)),
    );
    expect(results.reduce((sum, paid) => sum + paid, 0n)).toBe(await recorded(personId));
    expect(await recorded(personId)).toBeLessThanOrEqual(100_000n);
  }, 60_000);

  it('a twin that reads and then writes without compare-and-set overpays in the same harness', async () => {
    const personId = await pool.person();
    const paid = await settleWithoutCompareAndSet(pool, personId, BILLS);
    expect(paid).toBeGreaterThan(await recorded(personId));
    // The twin's books are thrown away, so that the conservation check at the end sees only the real ones.
    await pool.database.query('DELETE FROM benefit_accumulator WHERE person_id = $1', [personId]);
  }, 60_000);

  async function recorded(personId: string): Promise<bigint> {
    const [row] = await pool.database.query<{ paid: bigint }>(
      'SELECT outpatient_paid_fen AS paid FROM benefit_accumulator WHERE person_id = $1',
      [personId],
    );
    return row?.paid ?? 0n;
  }

  async function submit(lane: SettlementLane, personId: string): Promise<bigint> {
    const answer = await lane.submit(...laneJob(pool, outpatient(personId)));
    if (!('written' in answer)) throw new Error('the bill was answered from another one');
    return answer.written.settlement.amounts.fundPaySum;
  }
});

describe('reversal', () => {
  const reverse = (id: unknown): ReturnType<Caller['post']> =>
    provider.post(`settlements/${String(id)}/reverse`, { reason: '录入错误' }, randomUUID());

  it('gives back exactly what was taken, posts the opposite, and links both', async () => {
    const personId = await pool.person({ scheme: '310', account: 50_000n });
    await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    const state = (): Promise<unknown> =>
      pool.database.query(
        `SELECT to_jsonb(a) - 'version' AS year, p.balance_fen FROM benefit_accumulator AS a
         JOIN personal_account AS p USING (person_id) WHERE person_id = $1`,
        [personId],
      );
    const before = await state();
    const { body } = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    expect(await state()).not.toEqual(before);
    const { body: done } = await reverse(body.id).expect(201);
    expect(await state()).toEqual(before);
    const { body: original } = await provider.get(`settlements/${String(body.id)}`).expect(200);
    const { body: reversal } = await provider.get(`settlements/${String(done.reversalId)}`).expect(200);
    expect(original.reversedBy).toBe(done.reversalId);
    expect(reversal).toMatchObject({ kind: 'reversal', reversesId: body.id, total: `-${String(body.total)}` });
    expect(reversal.lines).toHaveLength(body.lines.length);
    const [balance] = await pool.database.query<{ off: bigint }>(
      `SELECT coalesce(sum(CASE WHEN credit_account = '2001' THEN amount_fen ELSE -amount_fen END), 0)::bigint AS off
       FROM ledger_line JOIN ledger_journal AS j ON j.id = journal_id WHERE j.source_id = $1`,
      [body.id],
    );
    expect(balance?.off).toBe(0n);
  });

  it('flags later bills whose result would be another one, and only those', async () => {
    const personId = await pool.person();
    const first = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    const second = await provider.post('settlements', billOf(personId), randomUUID()).expect(201);
    const untouched = await pool.person();
    await provider.post('settlements', billOf(untouched), randomUUID()).expect(201);
    const last = await provider.post('settlements', billOf(untouched), randomUUID()).expect(201);
    expect((await reverse(last.body.id).expect(201)).body.flagged).toBe(0);
    // The first admission of the year has the full deductible, the second a part: without the first it would pay more.
    expect((await reverse(first.body.id).expect(201)).body.flagged).toBe(1);
    const flags = await pool.database.query<{
      settlement_id: string;
      fund_paid_fen: bigint;
      fund_would_be_fen: bigint;
    }>('SELECT settlement_id, fund_paid_fen, fund_would_be_fen FROM recalculation_flag WHERE person_id = $1', [
      personId,
    ]);
    expect(flags).toEqual([
      {
        settlement_id: second.body.id,
        fund_paid_fen: fenOf(second.body.fundPaySum),
        fund_would_be_fen: fenOf(first.body.fundPaySum),
      },
    ]);
  });

  it('F13: of many at once one succeeds and the others are told which', async () => {
    const { body } = await provider.post('settlements', billOf(await pool.person()), randomUUID()).expect(201);
    const answers = await Promise.all(Array.from({ length: 12 }, () => reverse(body.id)));
    const done = answers.filter((answer) => answer.status === 201);
    const refused = answers.filter((answer) => answer.status === 409);
    expect([done.length, refused.length]).toEqual([1, 11]);
    for (const { body: problem } of refused) expect(problem.code).toBe('claims.already-reversed');
    const again = await reverse(done[0]?.body.reversalId).expect(409);
    expect(again.body.code).toBe('claims.reversal-cannot-be-reversed');
  });

  it('F14: racing with the close it lands in the month or in the next one, never in both, never nowhere', async () => {
    const actor = { ...systemActor(POOL), username: 'race' };
    const landed: string[] = [];
    // Two months a pair of rounds: a reversal that went into the next month must not meet a later round there.
    for (let round = 0; round < 12; round += 1) {
      const scheme = round % 2 === 0 ? '310' : '390';
      const month = addMonths(parseMonth('2027-01'), 2 * Math.floor(round / 2));
      for (const needed of [month, addMonths(month, 1)]) {
        await pool.database.query('SELECT ensure_month_partitions($1::date)', [`${needed}-01`]);
      }
      pool.setToday(`${month}-15`);
      const personId = await pool.person({ scheme });
      const { id, total } = await settleOne(personId, month);
      const [reversed, closed] = await Promise.all([
        pool.get(ReversalService).reverse(actor, id, 'race'),
        setTimeout(2 * round).then(() => closeAndSum(scheme, month)),
      ]);
      landed.push(reversed.month === month ? 'same' : 'next');
      const rows = await pool.database.query<{ month: string; net: bigint }>(
        `SELECT to_char(settle_month, 'YYYY-MM') AS month, sum(total_fen)::bigint AS net FROM settlement
         WHERE person_id = $1 GROUP BY settle_month ORDER BY settle_month`,
        [personId],
      );
      expect(rows.reduce((sum, row) => sum + row.net, 0n)).toBe(0n);
      // What the close saw is what the month holds for good: all of the bill, or nothing.
      expect(closed).toBe(rows.find((row) => row.month === month)?.net);
      expect([0n, total]).toContain(closed);
    }
    pool.setToday(TODAY);
    // Both ways must have been taken, or the race was none.
    expect(new Set(landed)).toEqual(new Set(['same', 'next']));
  }, 120_000);

  it('F15: after the close the month stays as it was and the current month takes the reversal', async () => {
    const bill = billOf(await pool.person(), {
      ...{ admittedOn: '2026-08-01', dischargedOn: '2026-08-05', settledOn: '2026-08-05' },
    });
    const { body } = await provider.post('settlements', bill, randomUUID()).expect(201);
    const sums = await closeAndSum('390', '2026-08');
    const hash = (): Promise<unknown> =>
      pool.database.query(
        `SELECT md5(string_agg(to_jsonb(s)::text, '|' ORDER BY id)) FROM settlement AS s WHERE settle_month = '2026-08-01'`,
      );
    const before = await hash();
    const { body: done } = await reverse(body.id).expect(201);
    expect(done.month).toBe('2026-10');
    expect(await hash()).toEqual(before);
    expect(sums).toBe(fenOf(body.total));
    const journal = await pool.database.query<{ period: string }>(
      `SELECT period FROM ledger_journal WHERE source_kind = 'settlement-reversal' AND source_id = $1`,
      [body.id],
    );
    expect(journal).toEqual([{ period: '2026-10-01' }]);
  });

  async function settleOne(personId: string, month: Month): Promise<{ id: string; total: bigint }> {
    const body = billOf(personId, { admittedOn: `${month}-01`, dischargedOn: `${month}-10` });
    const bill = readBill(readBillBody(body), pool.institutions.tertiary, parseLocalDate(`${month}-15`));
    const [outcome] = await pool.get(Transactions).run((tx) => pool.get(Claims).settleBatch(tx, POOL, [bill], 'race'));
    if (outcome?.outcome !== 'written') throw new Error('the bill was not written');
    return { id: outcome.settlementId, total: bill.lines.reduce((sum, { amount }) => sum + amount, 0n) };
  }

  async function closeAndSum(scheme: '310' | '390', month: string): Promise<bigint> {
    const key = { poolArea: POOL, scheme, month: parseMonth(month) };
    return pool.get(Transactions).run(async (tx) => {
      await pool.get(Claims).closeMonth(tx, key, 'approver');
      const { total } = await tx.one<{ total: bigint }>(
        `SELECT coalesce(sum(total_fen), 0)::bigint AS total FROM settlement
         WHERE pool_area = $1 AND scheme = $2 AND settle_month = $3`,
        [POOL, scheme, `${month}-01`],
      );
      return total;
    });
  }
});
