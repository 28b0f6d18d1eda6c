import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accumulators } from '../../../test/support/benefit-arbitraries.js';
import { policyOf } from '../../../test/support/benefit-scenario.js';
import { fen } from '../../common/money/index.js';
import { addDays, parseLocalDate } from '../../common/time/index.js';
import {
  accumulatorsFromJson,
  accumulatorsToJson,
  addAccumulators,
  emptyAccumulators,
  foldAccumulators,
  negateAccumulators,
} from './accumulators.js';
import { assignLines } from './assign.js';
import { settle } from './settle.js';
import type { Accumulators, BenefitInput } from './types.js';

const day = parseLocalDate;

describe('a person’s year from its entries', () => {
  const entry = (id: string, poolPaid: number): { id: string; delta: Accumulators } => ({
    id,
    delta: { ...emptyAccumulators(), poolPaid: fen(poolPaid) },
  });

  it('counts a row once although it is also in the archive', () => {
    const live = [entry('a', 9_000_00), entry('b', 500_00)];
    const archive = [entry('a', 9_000_00)];
    expect(foldAccumulators([...live, ...archive]).poolPaid).toBe(9_500_00n);
  });

  it('takes a reversal off, because it is an entry with an id of its own', () => {
    const reversal = { id: 'r', delta: negateAccumulators(entry('a', 900).delta) };
    expect(foldAccumulators([entry('a', 900), reversal])).toEqual(emptyAccumulators());
  });

  it('is stored and read back unchanged, and giving back restores it', () => {
    fc.assert(
      fc.property(accumulators, accumulators, (year, delta) => {
        expect(accumulatorsFromJson(JSON.parse(JSON.stringify(accumulatorsToJson(year))) as never)).toEqual(year);
        expect(addAccumulators(addAccumulators(year, delta), negateAccumulators(delta))).toEqual(year);
      }),
    );
  });

  it('stores an empty year as an empty object', () => {
    expect(accumulatorsToJson(emptyAccumulators())).toEqual({});
  });
});

describe('lines and the coverages that pay for them', () => {
  it('charges a line to one coverage only, although two coverages hold its day', () => {
    const lines = [{ lineNo: 1, feeDate: day('2026-06-15') }];
    const { byKey, unassigned } = assignLines(lines, [
      { key: 'resident', from: day('2026-06-01'), to: null },
      { key: 'employee', from: day('2026-01-01'), to: day('2026-07-01') },
    ]);
    expect([...byKey]).toEqual([['employee', lines]]);
    expect(unassigned).toEqual([]);
  });

  it('splits a stay across the year end by date', () => {
    const lines = ['2025-12-30', '2025-12-31', '2026-01-01'].map((feeDate, i) => ({
      lineNo: i + 1,
      feeDate: day(feeDate),
    }));
    const { byKey } = assignLines(lines, [
      { key: '2025', from: day('2025-01-01'), to: day('2026-01-01') },
      { key: '2026', from: day('2026-01-01'), to: day('2027-01-01') },
    ]);
    expect(byKey.get('2025')?.map(({ lineNo }) => lineNo)).toEqual([1, 2]);
    expect(byKey.get('2026')?.map(({ lineNo }) => lineNo)).toEqual([3]);
  });

  it('gives every line to exactly one span or to none, whatever the spans', () => {
    const date = fc.integer({ min: 0, max: 700 }).map((days) => addDays(day('2025-01-01'), days));
    const span = fc.record({ key: fc.uuid(), from: date, to: fc.option(date) });
    fc.assert(
      fc.property(fc.array(date), fc.array(span, { maxLength: 5 }), (dates, spans) => {
        const lines = dates.map((feeDate, lineNo) => ({ lineNo, feeDate }));
        const { byKey, unassigned } = assignLines(lines, spans);
        const all = [...[...byKey.values()].flat(), ...unassigned].map(({ lineNo }) => lineNo);
        expect(all.sort((a, b) => a - b)).toEqual(lines.map(({ lineNo }) => lineNo));
      }),
    );
  });
});

describe('two bills against one year', () => {
  const policy = policyOf({
    plans: {
      inpatient: {
        tiers: {
          by: 'cumulative-inscope',
          bands: [{ upTo: 10000, ratio: '80%' }, { upTo: 30000, ratio: '85%' }, { ratio: '90%' }],
          clause: '第13条',
        },
      },
    },
    ceiling: { annual: 60000, clause: '第14条' },
    catastrophic: {
      counts: ['inscope'],
      threshold: 5000,
      bandsOn: 'excess',
      bands: [{ upTo: 20000, ratio: '60%' }, { ratio: '70%' }],
      clause: '大病第5条',
    },
  });
  const bill = (amount: number, year: Accumulators): BenefitInput => ({
    scheme: '390',
    insuredType: 'adult',
    identityMarks: [],
    ageYears: 40,
    category: 'inpatient',
    level: 'tertiary',
    priceLevel: 'tertiary',
    visitDate: policy.validFrom,
    place: 'in-pool',
    referral: 'not-needed',
    lines: [
      {
        lineNo: 1,
        itemCode: 'bill',
        class: 'A',
        amount: fen(amount),
        quantity: '1',
        unitPrice: '0',
        selfpayRate: { numerator: 0n, denominator: 1n },
      },
    ],
    accumulators: year,
    accountBalance: fen(0),
  });

  it('pays the same for two bills in either order and for both at once, but for the rounding of a band', () => {
    const amount = fc.integer({ min: 0, max: 9_000_000 });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const inTurn = (amounts: number[]): bigint => {
          let year: Accumulators = emptyAccumulators();
          let paid = 0n;
          for (const each of amounts) {
            const result = settle(bill(each, year), policy);
            year = result.after;
            paid += result.fundPaySum;
          }
          return paid;
        };
        const once = inTurn([a + b]);
        for (const order of [
          [a, b],
          [b, a],
        ]) {
          const difference = inTurn(order) - once;
          // A bill crosses at most five bands, each rounded once.
          expect(difference < 0n ? -difference : difference).toBeLessThanOrEqual(5n);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a bill in which a line number is there twice', () => {
    const once = bill(100, emptyAccumulators());
    const twice = { ...once, lines: [...once.lines, ...once.lines] };
    expect(() => settle(twice, policy)).toThrow(expect.objectContaining({ code: 'benefits.repeated-line' }));
  });

  it.each([
    ['an amount below zero', { amount: fen(-1) }],
    ['a self-pay share above one', { selfpayRate: { numerator: 2n, denominator: 1n } }],
    ['a quantity that is no number, where it matters', { ceiling: fen(1), unitPrice: '5', quantity: 'ten' }],
    ['a price with five decimals, where it matters', { ceiling: fen(1), unitPrice: '1.23456' }],
  ])('refuses %s', (_, fault) => {
    const good = bill(100, emptyAccumulators());
    const bad = { ...good, lines: good.lines.map((line) => ({ ...line, ...fault })) };
    expect(() => settle(bad, policy)).toThrow(expect.objectContaining({ code: 'benefits.bad-line' }));
  });

  it('refuses a bill of another scheme', () => {
    expect(() => settle({ ...bill(100, emptyAccumulators()), scheme: '310' }, policy)).toThrow(
      expect.objectContaining({ code: 'benefits.other-scheme' }),
    );
  });
});
