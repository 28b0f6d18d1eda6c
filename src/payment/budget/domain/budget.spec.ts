import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, rate, ratio, sumFen, yuanText, ZERO_FEN } from '../../../common/money/index.js';
import { text } from '../../domain/trace.js';
import { allocateBudget, type BudgetCandidate } from './allocation.js';
import { computeAvailable } from './available.js';
import { monthlyQuotas } from './quotas.js';

const weights = [rate('0.5'), rate('0.3'), rate('0.2')];
const one = rate('1');

function candidate(providerId: string, history: string[], change: Partial<BudgetCandidate> = {}): BudgetCandidate {
  return {
    providerId,
    group: 'g',
    history: history.map(parseYuan),
    units: 100n,
    growth: one,
    coefficients: [],
    negotiated: null,
    ...change,
  };
}

const allocate = (available: string, candidates: BudgetCandidate[]) =>
  allocateBudget(parseYuan(available), [{ code: 'g', share: null }], weights, candidates).providers;

describe('available = income × (1 − reserve rate) − Σ set-asides (以收定支)', () => {
  it('takes the reserve, then the named set-asides by amount, per head and by share', () => {
    const result = computeAvailable(
      parseYuan('1000000.00'),
      rate('0.05'),
      [
        { code: 'out-of-area', name: text('异地就医', 'out of area'), basis: { kind: 'share', share: rate('0.10') } },
        {
          code: 'catastrophic',
          name: text('大病保费', 'catastrophic'),
          basis: { kind: 'per-head', amount: parseYuan('60.00') },
        },
        { code: 'emergency', name: text('应急', 'emergency'), basis: { kind: 'amount', amount: parseYuan('1000.01') } },
      ],
      1000n,
    );
    expect(result.setAsides.map((row) => yuanText(row.amount))).toEqual(['95000.00', '60000.00', '1000.01']);
    expect(yuanText(result.available)).toBe('793999.99');
    expect(result.income).toBe(result.reserve + sumFen(result.setAsides.map((row) => row.amount)) + result.available);
  });
});

describe('allocation over providers', () => {
  it('bases on weighted history: 0.5·last year + 0.3·the year before + 0.2·before that', () => {
    const [a, b] = allocate('1000.00', [
      candidate('a', ['100.00', '200.00', '300.00']),
      candidate('b', ['170.00', '170.00', '170.00']),
    ]);
    expect([a, b].map((line) => yuanText(line?.base ?? ZERO_FEN))).toEqual(['170.00', '170.00']);
    expect([a, b].map((line) => yuanText(line?.amount ?? ZERO_FEN))).toEqual(['500.00', '500.00']);
  });

  it('growth and coefficients move the weight', () => {
    const lines = allocate('300.00', [
      candidate('a', ['100.00'], { growth: rate('1.25'), coefficients: [rate('1.6')] }),
      candidate('b', ['100.00']),
    ]);
    expect(lines.map((line) => yuanText(line.amount))).toEqual(['200.00', '100.00']);
  });

  it('largest remainder: three equal providers share 100.00 as 33.34, 33.33, 33.33', () => {
    const lines = allocate(
      '100.00',
      ['a', 'b', 'c'].map((id) => candidate(id, ['10.00'])),
    );
    expect(lines.map((line) => yuanText(line.amount))).toEqual(['33.34', '33.33', '33.33']);
  });

  it('a negotiated amount replaces the formula amount and the rest is re-normalised', () => {
    const lines = allocate('1000.00', [
      candidate('a', ['100.00'], { negotiated: parseYuan('400.00') }),
      candidate('b', ['100.00']),
      candidate('c', ['200.00']),
    ]);
    expect(lines.map((line) => [yuanText(line.formula), yuanText(line.amount)])).toEqual([
      ['250.00', '400.00'],
      ['250.00', '200.00'],
      ['500.00', '400.00'],
    ]);
  });

  it('negotiated amounts beyond the group are refused, and so are all negotiated amounts that miss its total', () => {
    const beyond = candidate('a', ['100.00'], { negotiated: parseYuan('1000.01') });
    expect(() => allocate('1000.00', [beyond, candidate('b', ['1.00'])])).toThrow(
      expect.objectContaining({ code: 'payment.budget-negotiated-exceeds' }),
    );
    const short = candidate('a', ['100.00'], { negotiated: parseYuan('999.99') });
    expect(() => allocate('1000.00', [short])).toThrow(
      expect.objectContaining({ code: 'payment.budget-negotiated-exceeds' }),
    );
  });

  it('a provider without history gets its group’s average per bed', () => {
    const lines = allocate('1100.00', [
      candidate('a', ['200.00', '200.00', '200.00'], { units: 200n }),
      candidate('new', [], { units: 20n }),
    ]);
    expect(lines.map((line) => [line.byGroupAverage, yuanText(line.base), yuanText(line.amount)])).toEqual([
      [false, '200.00', '1000.00'],
      [true, '20.00', '100.00'],
    ]);
  });

  it('groups with a fixed share come first, the others share the rest by weight', () => {
    const result = allocateBudget(
      parseYuan('1000.00'),
      [
        { code: 'tertiary', share: rate('0.6') },
        { code: 'secondary', share: null },
        { code: 'primary', share: null },
      ],
      weights,
      [
        candidate('a', ['900.00'], { group: 'tertiary' }),
        candidate('b', ['30.00'], { group: 'secondary' }),
        candidate('c', ['10.00'], { group: 'primary' }),
      ],
    );
    expect(result.groups.map((group) => yuanText(group.total))).toEqual(['600.00', '300.00', '100.00']);
  });

  it('nothing available, or nobody to allocate to, is refused', () => {
    for (const attempt of [() => allocate('0.00', [candidate('a', ['1.00'])]), () => allocate('1.00', [])]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'payment.budget-nothing-to-allocate' }));
    }
  });

  it('sums to what is available, to the fen, also with negotiated amounts, and so do the months', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value) => fen(value));
    const members = fc.array(
      fc.record({
        history: fc.array(amount, { maxLength: 3 }),
        units: fc.bigInt({ min: 0n, max: 3000n }),
        growth: fc.bigInt({ min: 50n, max: 150n }).map((value) => ratio(value, 100n)),
        group: fc.constantFrom('g', 'h'),
        negotiate: fc.boolean(),
      }),
      { minLength: 1, maxLength: 25 },
    );
    const season = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 12, maxLength: 12 });
    const groups = [
      { code: 'g', share: null },
      { code: 'h', share: null },
    ];
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 13n }), members, season, (available, all, seasonality) => {
        const list = all.map(({ negotiate: _n, ...facts }, index) => candidate(String(index), [], facts));
        const plain = allocateBudget(fen(available), groups, weights, list);
        expect(sumFen(plain.providers.map((line) => line.amount))).toBe(available);
        // Everybody who negotiates settles for half of the formula; the first of each group does not negotiate.
        const seen = new Set<string>();
        const negotiated = list.map((member, index) => {
          const first = !seen.has(member.group);
          seen.add(member.group);
          const formula = plain.providers.find((line) => line.providerId === member.providerId)?.formula ?? ZERO_FEN;
          return first || all[index]?.negotiate !== true ? member : { ...member, negotiated: fen(formula / 2n) };
        });
        const again = allocateBudget(fen(available), groups, weights, negotiated);
        expect(sumFen(again.providers.map((line) => line.amount))).toBe(available);
        const months = monthlyQuotas(again.providers[0]?.amount ?? ZERO_FEN, seasonality);
        expect(months).toHaveLength(12);
        expect(sumFen(months)).toBe(again.providers[0]?.amount);
      }),
      { numRuns: 10_000 },
    );
  });

  it('without last year’s months the year is split evenly', () => {
    expect(monthlyQuotas(parseYuan('100.00'), []).map(yuanText)).toEqual([
      ...Array.from({ length: 4 }, () => '8.34'),
      ...Array.from({ length: 8 }, () => '8.33'),
    ]);
  });
});
