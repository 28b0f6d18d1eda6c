import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Transactions } from '../../src/common/db/index.js';
import { fen } from '../../src/common/money/index.js';
import { addMonths, lastDay, type LocalDate, type Month, monthOf, parseMonth } from '../../src/common/time/index.js';
import {
  Ledger,
  LedgerBalances,
  type Journal,
  type LedgerLine,
  outOfBalance,
  trialBalanceOf,
} from '../../src/ledger/index.js';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';
import { PERSON, PROVIDER } from './books.js';

jest.setTimeout(60_000);

const FIRST = parseMonth('2026-01');
const TODAY = '2026-09-15' as LocalDate;

let pool: SmallPool;
let ledger: Ledger;
let balances: LedgerBalances;
let transactions: Transactions;
let poolNumber = 400_000;

beforeAll(async () => {
  pool = await smallPool();
  ledger = pool.get(Ledger);
  balances = pool.get(LedgerBalances);
  transactions = pool.get(Transactions);
  await pool.database.query(
    `SELECT ensure_month_partitions(m::date) FROM generate_series(date '2026-01-01', date '2026-12-01', interval '1 month') m`,
  );
}, 60_000);

afterAll(async () => {
  await pool.close();
});

const poster = { username: 'tester', poolArea: '331100' };

/** A pool area that no other test has used. */
function freshPool(): string {
  poolNumber += 1;
  return String(poolNumber);
}

const settlementLine: LedgerLine = { debit: '5001', credit: '2001', creditParty: PROVIDER, amount: fen(90_000) };

function journal(poolArea: string, over: Partial<Journal> = {}): Journal {
  const period = over.period ?? FIRST;
  return {
    poolArea,
    scheme: '310',
    period,
    postedOn: lastDay(period),
    sourceKind: 'test',
    sourceId: String(Math.random()),
    lines: [settlementLine],
    ...over,
  };
}

const post = (entry: Journal) => transactions.run((tx) => ledger.post(tx, entry, poster));
const close = (poolArea: string, period: Month, scheme = '310') =>
  transactions.run((tx) => ledger.closePeriod(tx, { poolArea, scheme, period }, TODAY, poster));
const trial = (poolArea: string, filter: { scheme?: string; upTo?: Month } = {}) =>
  transactions.read((tx) => balances.trialBalance(tx, { poolArea, ...filter }));

const anyLine: fc.Arbitrary<LedgerLine> = fc
  .record({
    amount: fc.bigInt({ min: 1n, max: 10n ** 12n }).map(fen),
    sides: fc.constantFrom(
      { debit: '5001', credit: '2001', creditParty: PROVIDER },
      { debit: '2101', debitParty: PERSON, credit: '2001', creditParty: PROVIDER },
      { debit: '2001', debitParty: PROVIDER, credit: '2002', creditParty: PROVIDER },
      { debit: '2004', debitParty: PROVIDER, credit: '1003' },
      { debit: '1001', credit: '4002' },
    ),
  })
  .map(({ amount, sides }) => ({ amount, ...sides }));

const anyEvent = fc.record({
  scheme: fc.constantFrom('310', '390'),
  month: fc.nat({ max: 5 }),
  lines: fc.array(anyLine, { minLength: 1, maxLength: 4 }),
});

describe('the trial balance', () => {
  it('equals history, whatever was posted and whatever was closed', async () => {
    const property = fc.asyncProperty(
      fc.array(anyEvent, { minLength: 1, maxLength: 12 }),
      fc.array(fc.record({ scheme: fc.constantFrom('310', '390'), month: fc.nat({ max: 5 }) }), { maxLength: 6 }),
      fc.nat({ max: 5 }),
      async (events, closes, upToMonth) => {
        const poolArea = freshPool();
        for (const { scheme, month, lines } of events) {
          await post(journal(poolArea, { scheme, period: addMonths(FIRST, month), lines }));
        }
        for (const { scheme, month } of closes) await close(poolArea, addMonths(FIRST, month), scheme);
        for (const scheme of [undefined, '310', '390']) {
          for (const upTo of [undefined, addMonths(FIRST, upToMonth)]) {
            const known = events.filter(
              (event) =>
                (scheme ?? event.scheme) === event.scheme &&
                (upTo === undefined || addMonths(FIRST, event.month) <= upTo),
            );
            const expected = trialBalanceOf(known.flatMap(({ lines }) => lines));
            const rows = await trial(poolArea, { ...(scheme ? { scheme } : {}), ...(upTo ? { upTo } : {}) });
            expect(rows.map(({ account, debit, credit, balance }) => ({ account, debit, credit, balance }))).toEqual(
              expected,
            );
            expect(outOfBalance(rows)).toBe(0n);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 25 });
  }, 120_000);

  it('by party is what is owed to each', async () => {
    const poolArea = freshPool();
    const other = '01900000-0000-7000-8000-00000000000c';
    await post(
      journal(poolArea, {
        lines: [
          settlementLine,
          { ...settlementLine, creditParty: other, amount: fen(5) },
          { debit: '2001', debitParty: PROVIDER, credit: '2002', creditParty: PROVIDER, amount: fen(4_500) },
        ],
      }),
    );
    const filter = { poolArea, account: '2001' };
    const owed = await transactions.read((tx) => balances.partyBalances(tx, filter));
    expect(owed).toEqual([
      { party: PROVIDER, owed: 85_500n },
      { party: other, owed: 5n },
    ]);
    for (const { party, owed: amount } of owed) {
      expect(await transactions.read((tx) => balances.owedTo(tx, { ...filter, party }))).toBe(amount);
    }
  });
});

describe('posting', () => {
  it('is refused in words', async () => {
    const poolArea = freshPool();
    const entry = journal(poolArea, { sourceId: 'once' });
    await post(entry);
    await expect(post(entry)).rejects.toMatchObject({ code: 'ledger.already-posted', kind: 'conflict' });
    await expect(post({ ...entry, period: addMonths(FIRST, 1) })).rejects.toMatchObject({
      code: 'ledger.already-posted',
    });
    await expect(post(journal(poolArea, { period: parseMonth('2003-01') }))).rejects.toMatchObject({
      code: 'ledger.no-such-month',
    });
    await close(poolArea, FIRST);
    await expect(post(journal(poolArea))).rejects.toMatchObject({ code: 'ledger.period-closed', kind: 'refused' });
  });

  it('leaves nothing behind when the use case around it fails', async () => {
    const poolArea = freshPool();
    const failing = transactions.run(async (tx) => {
      await ledger.post(tx, journal(poolArea), poster);
      throw new Error('later');
    });
    await expect(failing).rejects.toThrow('later');
    expect(await trial(poolArea)).toEqual([]);
  });
});

describe('undoing', () => {
  it('posts the original with the sides swapped, once', async () => {
    const poolArea = freshPool();
    await post(journal(poolArea, { sourceId: 's1' }));
    const reversal = { poolArea, sourceKind: 'test', sourceId: 's1', period: addMonths(FIRST, 1), postedOn: TODAY };
    await transactions.run((tx) => ledger.reverse(tx, reversal, poster));
    expect((await trial(poolArea)).map(({ balance }) => balance)).toEqual([0n, 0n]);
    const again = transactions.run((tx) => ledger.reverse(tx, reversal, poster));
    await expect(again).rejects.toMatchObject({ code: 'ledger.already-posted' });
    const unknown = transactions.run((tx) => ledger.reverse(tx, { ...reversal, sourceId: 'none' }, poster));
    await expect(unknown).rejects.toMatchObject({ code: 'ledger.not-found' });
  });

  it('after the close leaves the closed figures as they are and goes into the open period (F15)', async () => {
    const poolArea = freshPool();
    await post(journal(poolArea, { sourceId: 's1' }));
    const sealed = await close(poolArea, FIRST);
    const target = { poolArea, sourceKind: 'test', sourceId: 's1', postedOn: TODAY };
    const late = transactions.run((tx) => ledger.reverse(tx, { ...target, period: FIRST }, poster));
    await expect(late).rejects.toMatchObject({ code: 'ledger.period-closed' });
    await transactions.run((tx) => ledger.reverse(tx, { ...target, period: addMonths(FIRST, 1) }, poster));
    expect(await close(poolArea, FIRST)).toEqual(sealed);
    expect((await trial(poolArea, { upTo: FIRST })).map(({ balance }) => balance)).toEqual([-90_000n, 90_000n]);
    expect((await trial(poolArea)).map(({ balance }) => balance)).toEqual([0n, 0n]);
  });

  it('a month that is not over is not closed', async () => {
    await expect(close(freshPool(), monthOf(TODAY))).rejects.toMatchObject({ code: 'ledger.period-not-over' });
  });
});

describe('over HTTP', () => {
  it('shows the books, and writes down who looked at a personal account', async () => {
    const inspector = await pool.as('inspector');
    const entry = journal('331100', {
      sourceKind: 'settlement',
      sourceId: 'bill-1',
      lines: [settlementLine, { ...settlementLine, debit: '2101', debitParty: PERSON, amount: fen(762) }],
    });
    const id = await post(entry);
    const { body } = await inspector.get('ledger/trial-balance?scheme=310').expect(200);
    expect(body).toMatchObject({ outOfBalance: '0.00', scheme: '310' });
    expect(body.accounts.find(({ account }: { account: string }) => account === '2001')).toMatchObject({
      nameZh: '应付定点机构款',
      credit: '907.62',
      balance: '-907.62',
    });
    const list = await inspector.get('ledger/journals?period=2026-01&sourceKind=settlement&limit=1').expect(200);
    expect(list.body).toMatchObject({ items: [{ id, total: '907.62', lineCount: 2 }], nextCursor: null });
    const one = await inspector.get(`ledger/journals/${id}`).expect(200);
    expect(one.body.lines[1]).toEqual({
      debit: '2101',
      debitParty: PERSON,
      credit: '2001',
      creditParty: PROVIDER,
      amount: '7.62',
    });
    const looks = await pool.database.query(
      `SELECT person_ids FROM audit_event WHERE action = 'ledger.journal-read' AND subject_id = $1`,
      [id],
    );
    expect(looks).toEqual([{ person_ids: [PERSON] }]);
    await inspector.get('ledger/journals/01900000-0000-7000-8000-0000000000ff').expect(404);
    await inspector.get('ledger/journals').expect(400);
  });

  it('a period is closed by an approver, with a key, and audited', async () => {
    const approver = await pool.as('approver');
    const clerk = await pool.as('clerk');
    const body = { scheme: '390', period: '2026-02' };
    await clerk.post('ledger/periods/close', body).set('idempotency-key', 'k0').expect(403);
    const first = await approver.post('ledger/periods/close', body).set('idempotency-key', 'k1').expect(200);
    const again = await approver.post('ledger/periods/close', body).set('idempotency-key', 'k2').expect(200);
    expect(again.body).toEqual(first.body);
    expect((await approver.get('ledger/periods?scheme=390').expect(200)).body).toEqual([first.body]);
    const future = { scheme: '390', period: '2099-01' };
    const refused = await approver.post('ledger/periods/close', future).set('idempotency-key', 'k3').expect(422);
    expect(refused.body.code).toBe('ledger.period-not-over');
    expect(await pool.database.query(`SELECT 1 FROM audit_event WHERE action = 'ledger.period-closed'`)).toHaveLength(
      2,
    );
  });
});
