import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Approvals } from '../../src/approvals/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { JobRunner } from '../../src/common/jobs/index.js';
import { fen } from '../../src/common/money/index.js';
import { parseLocalDate, parseMonth } from '../../src/common/time/index.js';
import { systemActor } from '../../src/identity/index.js';
import { Ledger } from '../../src/ledger/index.js';
import { INVARIANTS, Reconciliation } from '../../src/reporting/reconcile/index.js';
import { billOf, type ClaimsPool, claimsPool, line, POOL, TODAY } from '../claims/claims-pool.js';
import { plantFault } from './books.js';

jest.setTimeout(60_000);

const actor = systemActor(POOL);

let pool: ClaimsPool;
let reconciliation: Reconciliation;

async function brokenCodes(): Promise<string[]> {
  return (await reconciliation.check(POOL)).filter(({ count }) => count > 0).map(({ invariant }) => invariant.code);
}

/** A pool in which something of everything has happened: bills, a reversal, an account, a closed period, a job, an approval. */
async function livedIn(): Promise<void> {
  const provider = await pool.as('provider');
  const transactions = pool.get(Transactions);
  const person = await pool.person({ scheme: '310', account: 30_000n });
  const settle = async (bill: object): Promise<string> =>
    String((await provider.post('settlements', bill, randomUUID()).expect(201)).body.id);
  await transactions.run(async (tx) => {
    const journal = {
      poolArea: POOL,
      scheme: '310',
      period: parseMonth('2026-08'),
      postedOn: parseLocalDate('2026-08-01'),
    };
    const lines = [{ debit: '4001', credit: '2101', creditParty: person, amount: fen(30_000) }];
    await pool.get(Ledger).post(tx, { ...journal, sourceKind: 'account-credit', sourceId: 'august', lines }, actor);
    const target = { poolArea: POOL, scheme: '310', period: parseMonth('2026-08') };
    await pool.get(Ledger).closePeriod(tx, target, parseLocalDate(TODAY), actor);
    const act = { subjectKind: 'test-subject', subjectId: 'one', round: 1, step: 'submit' as const };
    await pool.get(Approvals).act(tx, act, actor);
  });
  await settle(billOf(person, { category: 'outpatient', lines: [line(1, 'XA001', '1', '100.00')] }));
  await settle(billOf(await pool.person()));
  const reversed = await settle(billOf(await pool.person()));
  await provider.post(`settlements/${reversed}/reverse`, { reason: '录入有误' }, randomUUID()).expect(201);
  await pool.get(JobRunner).run({ kind: 'ledger.partitions', area: POOL, period: '2026-10', actor });
  await pool.database.query(
    `INSERT INTO fund_income (pool_area, id, scheme, year, kind, tier, forecast_fen, updated_by)
     VALUES ($1, gen_random_uuid(), '390', 2026, 'premium', 'none', 1, 'test')`,
    [POOL],
  );
}

beforeAll(async () => {
  pool = await claimsPool();
  reconciliation = pool.get(Reconciliation);
  await livedIn();
}, 120_000);

afterAll(async () => {
  await pool.close();
});

const plant = (sql: string): Promise<void> => plantFault(pool.database, sql);

describe('the invariant set R', () => {
  it('has a code, a Chinese and an English sentence for each invariant', () => {
    expect(new Set(INVARIANTS.map(({ code }) => code)).size).toBe(INVARIANTS.length);
    for (const { code, zh, en } of INVARIANTS) {
      expect(code).toMatch(/^R[1-5]\d\d$/);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[a-z ']/);
    }
  });

  it('holds in a pool that lives', async () => {
    const findings = await reconciliation.check(POOL);
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
    expect(findings).toHaveLength(INVARIANTS.length);
    const [rows] = await pool.database.query<Record<string, bigint>>(
      `SELECT (SELECT count(*) FROM settlement) AS settlements, (SELECT count(*) FROM ledger_line) AS lines,
         (SELECT count(*) FROM ledger_line WHERE debit_account = '2101') AS accounts`,
    );
    expect(rows).toMatchObject({ settlements: 4n });
    expect(rows?.['lines']).toBeGreaterThan(4n);
    expect(rows?.['accounts']).toBeGreaterThan(0n);
  });

  const aSettlement = `(SELECT id FROM settlement WHERE kind = 'settlement' AND fund_pay_sum_fen > 0 ORDER BY id LIMIT 1)`;
  const oneLine = (condition: string): string => `(pool_area, period, journal_id, line_no) = (
    SELECT pool_area, period, journal_id, line_no FROM ledger_line WHERE ${condition} ORDER BY journal_id, line_no LIMIT 1)`;
  const journalOf = (kind: string): string =>
    `journal_id IN (SELECT id FROM ledger_journal WHERE source_kind = '${kind}')`;

  it.each<[string, string, string, string[]]>([
    [
      'a fen too much in a posting of a bill',
      `UPDATE ledger_line SET amount_fen = amount_fen + 1 WHERE ${oneLine(`${journalOf('settlement')} AND debit_account = '5001'`)}`,
      `UPDATE ledger_line SET amount_fen = amount_fen - 1 WHERE ${oneLine(`${journalOf('settlement')} AND debit_account = '5001'`)}`,
      ['R101', 'R203'],
    ],
    [
      'a fen too much in the posting of a reversal',
      `UPDATE ledger_line SET amount_fen = amount_fen + 1 WHERE ${oneLine(journalOf('settlement-reversal'))}`,
      `UPDATE ledger_line SET amount_fen = amount_fen - 1 WHERE ${oneLine(journalOf('settlement-reversal'))}`,
      ['R101', 'R106', 'R203'],
    ],
    [
      'a line on an account that does not exist',
      `UPDATE ledger_line SET debit_account = '5998' WHERE debit_account = '4001'`,
      `UPDATE ledger_line SET debit_account = '4001' WHERE debit_account = '5998'`,
      ['R102', 'R103', 'R104'],
    ],
    [
      'a memo changed in a closed period',
      `UPDATE ledger_journal SET memo = 'x' WHERE source_kind = 'account-credit'`,
      `UPDATE ledger_journal SET memo = '' WHERE source_kind = 'account-credit'`,
      ['R104'],
    ],
    [
      'a bill whose fund is booked as another one',
      `UPDATE settlement SET hifp_fen = hifp_fen - 1, oth_fen = oth_fen + 1 WHERE id = ${aSettlement}`,
      `UPDATE settlement SET hifp_fen = hifp_fen + 1, oth_fen = oth_fen - 1 WHERE oth_fen = 1`,
      ['R203'],
    ],
    [
      'a line of a bill that grew',
      `UPDATE claim_line SET amount_fen = amount_fen + 1, inscp_fen = inscp_fen + 1 WHERE settlement_id = ${aSettlement} AND line_no = 1`,
      `UPDATE claim_line SET amount_fen = amount_fen - 1, inscp_fen = inscp_fen - 1 WHERE settlement_id = ${aSettlement} AND line_no = 1`,
      ['R202'],
    ],
    [
      'an accumulator that forgot a fen',
      `UPDATE benefit_accumulator SET inscp_fen = inscp_fen - 1 WHERE inscp_fen > 0`,
      `UPDATE benefit_accumulator SET inscp_fen = inscp_fen + 1 WHERE inscp_fen > 0`,
      ['R204'],
    ],
    [
      'a personal account that gained a fen',
      `UPDATE personal_account SET balance_fen = balance_fen + 1`,
      `UPDATE personal_account SET balance_fen = balance_fen - 1`,
      ['R205'],
    ],
    [
      'a reversal that its original does not know of',
      `UPDATE visit SET state = 'settled' WHERE state = 'reversed'`,
      `UPDATE visit SET state = 'reversed' WHERE settlement_id IN (SELECT original_id FROM settlement_reversal)`,
      ['R206'],
    ],
    [
      'a bill of an institution that does not exist',
      `UPDATE settlement SET provider_id = 'ffffffff-0000-7000-8000-000000000000' WHERE id = ${aSettlement}`,
      `UPDATE settlement s SET provider_id = v.provider_id FROM visit v WHERE v.settlement_id = s.id`,
      ['R203', 'R207'],
    ],
    [
      'a unit of a job that was counted twice',
      `UPDATE job_run SET units_done = units_done - 1`,
      `UPDATE job_run SET units_done = units_done + 1`,
      ['R401'],
    ],
    [
      'an approval without a submission',
      `UPDATE approval_act SET step = 'approve'`,
      `UPDATE approval_act SET step = 'submit'`,
      ['R402'],
    ],
    [
      'a receipt that was never posted',
      `INSERT INTO fund_receipt (pool_area, id, income_id, received_on, amount_fen, reference, recorded_by)
       SELECT pool_area, gen_random_uuid(), id, '2026-10-01', 5, 'r', 'test' FROM fund_income`,
      `DELETE FROM fund_receipt`,
      ['R403'],
    ],
  ])('sees %s', async (_name, fault, cure, codes) => {
    await plant(fault);
    expect(await brokenCodes()).toEqual(codes);
    await plant(cure);
    expect(await brokenCodes()).toEqual([]);
  });

  it('sees an event that was posted in two months', async () => {
    const copy = (period: string, id: string): string => `
      INSERT INTO ledger_journal (pool_area, period, id, scheme, posted_on, source_kind, source_id, line_count, total_fen, posted_by, owner_id)
      VALUES ('${POOL}', '${period}', '${id}', '390', '${period}', 'test', 'twice', 1, 7, 'test', owner_of('twice'));
      INSERT INTO ledger_line (pool_area, period, journal_id, line_no, scheme, debit_account, credit_account, amount_fen, owner_id)
      VALUES ('${POOL}', '${period}', '${id}', 1, '390', '1001', '4001', 7, owner_of('twice'))`;
    await plant(copy('2026-09-01', randomUUID()));
    expect(await brokenCodes()).toEqual([]);
    await plant(copy('2026-10-01', randomUUID()));
    expect(await brokenCodes()).toEqual(['R105']);
  });
});

describe('over HTTP', () => {
  it('tells what it found, and gives examples', async () => {
    const inspector = await pool.as('inspector');
    const { body } = await inspector.get('reconciliation').expect(200);
    expect(body).toMatchObject({ poolArea: POOL, consistent: false });
    expect(body.findings.find(({ code }: { code: string }) => code === 'R105')).toMatchObject({
      count: 1,
      examples: [{ subject: 'test twice', expected: '1', found: '2' }],
    });
    const provider = await pool.as('provider');
    await provider.get('reconciliation').expect(403);
  });
});
