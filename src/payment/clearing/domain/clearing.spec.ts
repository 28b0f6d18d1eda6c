import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fen, fen, parseYuan, rate, ratio, sumFen, yuanText, ZERO_FEN } from '../../../common/money/index.js';
import type { ClearingPolicy } from '../../domain/policy.js';
import { text } from '../../domain/trace.js';
import { shareForfeits } from './assessment.js';
import { budgetUse, type ClearingInput, clearProvider, settleBalance } from './clearing.js';
import { traceClearing } from './trace.js';

const band = (upTo: string | null, share: string) => ({ upTo: upTo === null ? null : rate(upTo), share: rate(share) });

const policy: ClearingPolicy = {
  overspend: [
    band('0.02', '0.5'),
    band('0.04', '0.4'),
    band('0.06', '0.3'),
    band('0.08', '0.2'),
    band('0.10', '0.1'),
    band(null, '0'),
  ],
  saving: [
    band('0.02', '0.5'),
    band('0.04', '0.6'),
    band('0.06', '0.7'),
    band('0.08', '0.8'),
    band('0.10', '0.9'),
    band(null, '0.5'),
  ],
  quality: { maxVisitDrop: rate('0.10'), maxComplaints: 0, minScore: rate('80') },
  dualControl: {
    targets: { tertiary: { cost: parseYuan('10000.00'), ratio: rate('1.20') } },
    tolerance: rate('0.05'),
    costRate: rate('0.5'),
    ratioRate: rate('0.5'),
    cap: rate('0.02'),
  },
  assessment: { full: rate('95'), pass: rate('60'), sharesFrom: rate('95') },
  readmission: { withinDays: 15, specialities: ['maternity', 'orthopaedics'], maxBeds: 50 },
};

const none = { visits: 0n, persons: 0n, reasonableReadmissions: 0n, totalCost: ZERO_FEN, fund: ZERO_FEN };

function input(change: Partial<ClearingInput>): ClearingInput {
  return {
    providerId: 'p',
    level: 'tertiary',
    budgeted: ZERO_FEN,
    asBilled: ZERO_FEN,
    suspended: ZERO_FEN,
    account: ZERO_FEN,
    deductions: ZERO_FEN,
    budget: parseYuan('1000.00'),
    quality: { visits: 100n, visitsLastYear: 100n, complaints: 0, score: rate('96') },
    inpatient: none,
    paid: ZERO_FEN,
    prepaid: ZERO_FEN,
    depositHeld: ZERO_FEN,
    ...change,
  };
}

describe('annual clearing under a global budget', () => {
  it.each([
    ['B 1000, A 1060: overspend shared', '1060.00', '1024.00', '36.00', '0.00'],
    ['B 1000, A 1150: nothing beyond 10 %', '1150.00', '1030.00', '120.00', '0.00'],
    ['B 1000, A 950: saving retained', '950.00', '979.00', '0.00', '29.00'],
    ['B 1000, A 1000: exactly', '1000.00', '1000.00', '0.00', '0.00'],
    ['B 1000, A 0: a saving of everything', '0.00', '520.00', '0.00', '520.00'],
  ])('%s', (_words, a, payable, borne, retained) => {
    const result = clearProvider(input({ budgeted: parseYuan(a) }), policy);
    expect([result.payable, result.borne, result.retained].map(yuanText)).toEqual([payable, borne, retained]);
  });

  it.each([
    [
      'visits down more than 10 %',
      { visits: 89n, visitsLastYear: 100n, complaints: 0, score: rate('96') },
      ['visits-down'],
    ],
    ['visits down exactly 10 %', { visits: 90n, visitsLastYear: 100n, complaints: 0, score: rate('96') }, []],
    ['one refused admission', { visits: 100n, visitsLastYear: 100n, complaints: 1, score: rate('96') }, ['complaints']],
    [
      'assessment below the pass mark',
      { visits: 100n, visitsLastYear: 0n, complaints: 0, score: rate('79.99') },
      ['score-below'],
    ],
    ['never assessed', { visits: 100n, visitsLastYear: 100n, complaints: 0, score: null }, ['not-assessed']],
  ])('a saving is kept only under quality conditions: %s', (_words, quality, failures) => {
    const result = clearProvider(input({ budgeted: parseYuan('950.00'), quality }), policy);
    expect(result.qualityFailures).toEqual(failures);
    expect(yuanText(result.payable)).toBe(failures.length === 0 ? '979.00' : '950.00');
  });

  it('what is paid as billed passes through, suspended services and deductions do not', () => {
    const result = clearProvider(
      input({
        budgeted: parseYuan('1010.00'),
        deductions: parseYuan('10.00'),
        asBilled: parseYuan('55.55'),
        suspended: parseYuan('7.00'),
      }),
      policy,
    );
    expect([result.accepted, result.payable, result.refused].map(yuanText)).toEqual(['1072.55', '1055.55', '17.00']);
  });

  it('the penalty of dual control is borne by the provider and capped at a share of A', () => {
    // 100 visits at 11 000 against 10 500: excess 500 × 100 × 0.6 = 30 000; 130 visits ÷ 100 persons against 1.26: 4 × 10 500 × 0.6.
    const inpatient = {
      visits: 130n,
      persons: 100n,
      reasonableReadmissions: 0n,
      totalCost: parseYuan('1430000.00'),
      fund: parseYuan('858000.00'),
    };
    const budget = parseYuan('858000.00');
    const result = clearProvider(input({ budgeted: budget, budget, inpatient }), policy);
    expect(yuanText(result.dual?.costExcess ?? ZERO_FEN)).toBe('39000.00');
    expect(yuanText(result.dual?.visitExcess ?? ZERO_FEN)).toBe('25200.00');
    expect(yuanText(result.dual?.uncapped ?? ZERO_FEN)).toBe('32100.00');
    expect(yuanText(result.penalty)).toBe('17160.00');
    expect(yuanText(result.payable)).toBe('840840.00');
  });

  it('a readmission judged reasonable leaves the numerator of the ratio', () => {
    const facts = { visits: 130n, persons: 100n, totalCost: parseYuan('1300000.00'), fund: parseYuan('780000.00') };
    const budget = parseYuan('780000.00');
    const judged = (reasonableReadmissions: bigint) =>
      clearProvider(input({ budgeted: budget, budget, inpatient: { ...facts, reasonableReadmissions } }), policy)
        .penalty;
    expect(yuanText(judged(0n))).toBe('12000.00');
    expect(yuanText(judged(4n))).toBe('0.00');
  });

  it('shows a budget use above 100 % as it is', () => {
    expect(budgetUse(fen(1062n), fen(1000n))).toEqual(ratio(1062n, 1000n));
    expect(budgetUse(fen(1n), fen(0n))).toBeNull();
  });

  it('conserves: accepted = payable + borne + refused − retained, per provider and in total', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value) => fen(value));
    const inputs = fc.record({
      budgeted: amount,
      asBilled: amount,
      suspended: amount,
      deductions: fc.bigInt({ min: 0n, max: 10n ** 10n }).map((value) => fen(value)),
      budget: amount,
      paid: amount,
      depositHeld: amount,
      account: amount,
      totalCost: amount,
      fund: amount,
      visits: fc.bigInt({ min: 0n, max: 100_000n }),
      persons: fc.bigInt({ min: 0n, max: 100_000n }),
      score: fc.option(fc.bigInt({ min: 0n, max: 10_000n }).map((value) => ratio(value, 100n))),
    });
    fc.assert(
      fc.property(fc.array(inputs, { minLength: 1, maxLength: 8 }), (cases) => {
        const totals = { left: 0n, right: 0n };
        for (const { totalCost, fund, visits, persons, score, ...amounts } of cases) {
          const whole = input({
            ...amounts,
            quality: { visits, visitsLastYear: 1n, complaints: 0, score },
            inpatient: { visits, persons, reasonableReadmissions: 0n, totalCost, fund },
          });
          const result = clearProvider(whole, policy);
          expect(result.accepted + result.retained).toBe(result.payable + result.borne + result.refused);
          expect(result.borne >= 0n && result.retained >= 0n && result.penalty >= 0n).toBe(true);
          if (result.deposit) expect(result.deposit.returned + result.deposit.forfeited).toBe(whole.depositHeld);
          totals.left += result.accepted + result.retained;
          totals.right += result.payable + result.borne + result.refused;
        }
        expect(totals.left).toBe(totals.right);
      }),
      { numRuns: 10_000 },
    );
  });

  it('the trace ends with what is to be paid or recovered, in both languages', () => {
    const clauses = Object.fromEntries(
      ['result', 'overspend', 'saving', 'quality', 'dual-control', 'assessment'].map((key) => [
        `clearing.${key}`,
        text('办法第一条', 'Rule 1'),
      ]),
    );
    const whole = input({ budgeted: parseYuan('1060.00'), paid: parseYuan('1030.00') });
    const result = clearProvider(whole, policy);
    const settlement = settleBalance(whole, result, ZERO_FEN);
    const trace = traceClearing(whole, result, settlement, {
      clauses,
      budgetLabel: text('2025 年预算', 'budget 2025'),
    });
    expect(trace.map((line) => [line.code, line.result])).toEqual([
      ['a', '1060.00'],
      ['use', '1.0600'],
      ['band-1', '10.00'],
      ['band-2', '8.00'],
      ['band-3', '6.00'],
      ['payable', '1024.00'],
      ['balance', '-6.00'],
    ]);
    expect(trace.every((line) => line.label.zh !== '' && line.label.en !== '' && line.formula.zh !== '')).toBe(true);
  });
});

describe('assessment and deposit', () => {
  it.each([
    ['score ≥ 95: the whole deposit back', '95', '100.00', '0.00'],
    ['below: pro rata', '76', '80.00', '20.00'],
    ['below 60: forfeited', '59.99', '0.00', '100.00'],
  ])('%s', (_words, score, returned, forfeited) => {
    const quality = { visits: 1n, visitsLastYear: 1n, complaints: 0, score: rate(score) };
    const { deposit } = clearProvider(input({ depositHeld: parseYuan('100.00'), quality }), policy);
    expect([deposit?.returned, deposit?.forfeited].map((amount) => yuanText(amount ?? ZERO_FEN))).toEqual([
      returned,
      forfeited,
    ]);
  });

  const member = (providerId: string, held: string, score: string, index = '1') => ({
    providerId,
    held: parseYuan(held),
    score: rate(score),
    index: rate(index),
  });

  it('the best performers share the forfeits by index × deposit; the last one takes the exact remainder', () => {
    const members = [
      member('a', '100.00', '96'),
      member('b', '100.00', '94'),
      member('c', '100.00', '97', '1.5'),
      member('d', '100.00', '98'),
    ];
    const shares = shareForfeits(parseYuan('1.00'), members, policy.assessment);
    expect(shares.map((share) => [share.providerId, yuanText(share.amount)])).toEqual([
      ['a', '0.28'],
      ['c', '0.42'],
      ['d', '0.30'],
    ]);
  });

  it('nobody good enough: the pool stays with the fund', () => {
    expect(shareForfeits(parseYuan('1.00'), [member('a', '100.00', '94.99')], policy.assessment)).toEqual([]);
  });

  it('the pool empties to the fen, whatever the deposits and indices', () => {
    const members = fc.array(
      fc.record({
        providerId: fc.constant('p'),
        held: fc.bigInt({ min: 0n, max: 10n ** 11n }).map((value) => fen(value)),
        score: fc.bigInt({ min: 9000n, max: 10_000n }).map((value) => ratio(value, 100n)),
        index: fc.bigInt({ min: 1n, max: 20_000n }).map((value) => ratio(value, 10_000n)),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), members, (pool, all) => {
        const shares = shareForfeits(fen(pool), all, policy.assessment);
        const total: Fen = sumFen(shares.map((share) => share.amount));
        expect(total).toBe(shares.length === 0 ? 0n : pool);
        expect(shares.every((share) => share.amount >= 0n)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
