import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, rate, ratio, sumFen, yuanText, ZERO_FEN } from '../../../common/money/index.js';
import { text } from '../../domain/trace.js';
import { ADVANCE_MODES, type AcceptedCell, CATEGORIES, FUNDS } from '../../domain/types.js';
import { type AdvanceInput, computeAdvance } from './advance.js';
import { traceAdvance } from './trace.js';

function cell(change: Partial<AcceptedCell> & { accepted: AcceptedCell['accepted'] }): AcceptedCell {
  return { fund: 'hifp', category: 'inpatient', suspended: ZERO_FEN, special: ZERO_FEN, underBudget: true, ...change };
}

function input(change: Partial<AdvanceInput>): AdvanceInput {
  return {
    providerId: 'p',
    mode: 'actual-capped',
    alpha: rate('0.90'),
    depositRate: rate('0.05'),
    cells: [],
    account: ZERO_FEN,
    deductions: ZERO_FEN,
    quota: parseYuan('1000.00'),
    cumulativeQuota: parseYuan('1000.00'),
    cumulativeEligibleBefore: ZERO_FEN,
    priorAverage: parseYuan('800.00'),
    carryIn: ZERO_FEN,
    recoverable: ZERO_FEN,
    adjustments: [],
    ...change,
  };
}

const bills = (amount: string) => [cell({ accepted: parseYuan(amount) })];

describe('monthly advance (payment.md §3)', () => {
  it.each([
    ['fixed: E = Q; pay = E − E·ρ − D', 'fixed', '1300.00', '1000.00', '50.00', '0.00', '920.00'],
    [
      'share of actual: pay = E·α − D, of the rest E·ρ is deposit',
      'share-of-actual',
      '1300.00',
      '1300.00',
      '65.00',
      '65.00',
      '1140.00',
    ],
    [
      'actual, capped: E = min(F, cumulative quota − cumulative E before)',
      'actual-capped',
      '1300.00',
      '1000.00',
      '50.00',
      '0.00',
      '920.00',
    ],
    ['actual below the cap', 'actual-capped', '700.00', '700.00', '35.00', '0.00', '635.00'],
    ['prior average: nothing withheld', 'prior-average', '1300.00', '800.00', '0.00', '0.00', '770.00'],
  ] as const)('%s', (_words, mode, accepted, ...expected) => {
    const result = computeAdvance(input({ mode, cells: bills(accepted), deductions: parseYuan('30.00') }));
    expect([result.eligible, result.deposit, result.held, result.pay].map(yuanText)).toEqual(expected);
  });

  it('a quota not used up in earlier months is there in this one, and never below 0 when it is overdrawn', () => {
    const saved = input({
      cells: bills('1500.00'),
      cumulativeQuota: parseYuan('3000.00'),
      cumulativeEligibleBefore: parseYuan('1600.00'),
    });
    expect(yuanText(computeAdvance(saved).eligible)).toBe('1400.00');
    const overdrawn = { ...saved, cumulativeEligibleBefore: parseYuan('3100.00') };
    expect(yuanText(computeAdvance(overdrawn).eligible)).toBe('0.00');
  });

  it('pay is never negative: the rest is carried and offset next month', () => {
    const first = computeAdvance(input({ cells: bills('100.00'), deductions: parseYuan('150.00') }));
    expect([first.pay, first.carryOut].map(yuanText)).toEqual(['0.00', '55.00']);
    const second = computeAdvance(input({ cells: bills('100.00'), carryIn: first.carryOut }));
    expect([second.pay, second.carryOut].map(yuanText)).toEqual(['40.00', '0.00']);
  });

  it('more reversals than bills: nothing is withheld and the whole of it is carried', () => {
    const result = computeAdvance(input({ mode: 'share-of-actual', cells: bills('-200.00') }));
    expect([result.eligible, result.deposit, result.held, result.pay, result.carryOut].map(yuanText)).toEqual([
      '-200.00',
      '0.00',
      '0.00',
      '0.00',
      '200.00',
    ]);
  });

  it('a receivable of an earlier clearing is collected as far as there is something to pay', () => {
    const result = computeAdvance(input({ cells: bills('100.00'), recoverable: parseYuan('80.00') }));
    expect([result.recovered, result.pay, result.carryOut].map(yuanText)).toEqual(['80.00', '15.00', '0.00']);
    const small = computeAdvance(input({ cells: bills('50.00'), recoverable: parseYuan('80.00') }));
    expect([small.recovered, small.pay, small.carryOut].map(yuanText)).toEqual(['47.50', '0.00', '0.00']);
  });

  it('services in a suspended span get no advance; special drugs and other funds are paid as billed', () => {
    const cells = [
      cell({ accepted: parseYuan('900.00'), suspended: parseYuan('200.00'), special: parseYuan('100.00') }),
      cell({ fund: 'maf', accepted: parseYuan('40.00'), underBudget: false }),
      cell({ category: 'pharmacy', accepted: parseYuan('60.00'), suspended: parseYuan('10.00'), underBudget: false }),
    ];
    const result = computeAdvance(input({ cells, depositRate: rate('0') }));
    expect([result.accepted, result.suspended, result.asBilled, result.budgeted, result.pay].map(yuanText)).toEqual([
      '1000.00',
      '210.00',
      '190.00',
      '600.00',
      '790.00',
    ]);
  });

  it('a fixed quota in a month without any bill is shown under the basic pool, inpatient', () => {
    const result = computeAdvance(input({ mode: 'fixed' }));
    expect(result.cells.map((row) => [row.fund, row.category, yuanText(row.eligible)])).toEqual([
      ['hifp', 'inpatient', '1000.00'],
    ]);
  });

  it('the trace names formula, inputs, source and clause of each step and ends with the amount to pay', () => {
    const clauses = Object.fromEntries(
      ['mode', 'deposit', 'suspension', 'as-billed', 'offset', 'deductions'].map((key) => [
        `advance.${key}`,
        text('办法第一条', 'Rule 1'),
      ]),
    );
    const whole = input({ cells: bills('1300.00'), deductions: parseYuan('30.00') });
    const trace = traceAdvance(whole, computeAdvance(whole), {
      settlements: 7,
      rescue: ZERO_FEN,
      clauses,
      budgetLabel: text('2026 年预算第 1 版', 'budget 2026 version 1'),
    });
    expect(trace.map((line) => [line.code, line.result])).toEqual([
      ['accepted', '1300.00'],
      ['budgeted', '1300.00'],
      ['eligible', '1000.00'],
      ['deposit', '50.00'],
      ['as-billed', '0.00'],
      ['deductions', '30.00'],
      ['pay', '920.00'],
    ]);
    const cap = trace[2]?.inputs.find((entry) => entry.name.en === 'cumulative quota');
    expect(cap).toEqual(
      expect.objectContaining({ value: '1000.00', source: { zh: '2026 年预算第 1 版', en: 'budget 2026 version 1' } }),
    );
  });

  it('conserves: what comes in goes to the deposit, is held, refused, offset or paid; cells sum to the sheet', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 11n }).map((value) => fen(value));
    const signed = fc.bigInt({ min: -(10n ** 10n), max: 10n ** 11n }).map((value) => fen(value));
    const percent = fc.bigInt({ min: 0n, max: 100n }).map((value) => ratio(value, 100n));
    const cells = fc.uniqueArray(
      fc.record({
        fund: fc.constantFrom(...FUNDS),
        category: fc.constantFrom(...CATEGORIES),
        accepted: signed,
        suspended: fc.bigInt({ min: 0n, max: 10n ** 9n }).map((value) => fen(value)),
        special: fc.bigInt({ min: 0n, max: 10n ** 9n }).map((value) => fen(value)),
        underBudget: fc.boolean(),
      }),
      { maxLength: 8, selector: (row) => `${row.fund} ${row.category}` },
    );
    const inputs = fc.record({
      mode: fc.constantFrom(...ADVANCE_MODES),
      alpha: percent,
      depositRate: percent,
      cells,
      account: amount,
      deductions: amount,
      quota: amount,
      cumulativeQuota: amount,
      cumulativeEligibleBefore: amount,
      priorAverage: amount,
      carryIn: amount,
      recoverable: amount,
      adjustments: fc.array(signed, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(inputs, (change) => {
        const r = computeAdvance(input(change));
        expect(r.accepted).toBe(r.suspended + r.asBilled + r.budgeted);
        expect(r.eligible + r.asBilled + r.account + r.adjusted + r.carryOut).toBe(
          r.deposit + r.held + r.deductions + r.carryIn + r.recovered + r.pay,
        );
        expect([r.pay, r.carryOut, r.deposit, r.held, r.recovered].every((value) => value >= 0n)).toBe(true);
        expect(r.pay === 0n || r.carryOut === 0n).toBe(true);
        expect(sumFen(r.cells.map((row) => row.eligible))).toBe(r.eligible);
        expect(sumFen(r.cells.map((row) => row.withheld))).toBe(r.deposit + r.held);
        expect(sumFen(r.cells.map((row) => row.asBilled))).toBe(r.asBilled);
      }),
      { numRuns: 10_000 },
    );
  });
});
