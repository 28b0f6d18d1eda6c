import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan, rate, sumFen, yuanText } from '../../../../common/money/index.js';
import { classQuota, settleBandedQuota, settleQuotaClass } from './quota-per-visit.js';

const policy = { providerShare: rate('0.30'), fundCap: rate('0.10') };

describe('quota per visit (次均定额)', () => {
  it('the quota of a class is the visit-weighted mean of last year', () => {
    const quota = classQuota([
      { lastYearCost: parseYuan('100000.00'), lastYearVisits: 100n },
      { lastYearCost: parseYuan('240000.00'), lastYearVisits: 300n },
    ]);
    expect(yuanText(quota)).toBe('850.00');
  });

  it('over quota the provider bears 30 % and the fund the rest; savings of the class cover what is borne, pro rata', () => {
    const result = settleQuotaClass(
      [
        {
          providerId: 'over',
          lastYearCost: parseYuan('1000.00'),
          lastYearVisits: 10n,
          cost: parseYuan('1100.00'),
          visits: 10n,
        },
        {
          providerId: 'under',
          lastYearCost: parseYuan('1000.00'),
          lastYearVisits: 10n,
          cost: parseYuan('950.00'),
          visits: 10n,
        },
      ],
      policy,
    );
    expect(result.map((row) => [row.fund, row.fromCompensation, row.borne, row.saved].map(yuanText))).toEqual([
      ['1070.00', '30.00', '0.00', '0.00'],
      ['950.00', '0.00', '0.00', '20.00'],
    ]);
  });

  it('neither costs nor savings of the class are lost or made', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 11n }).map((value) => fen(value));
    const member = fc.record({
      providerId: fc.constant('p'),
      lastYearCost: amount,
      lastYearVisits: fc.bigInt({ min: 1n, max: 5000n }),
      cost: amount,
      visits: fc.bigInt({ min: 0n, max: 5000n }),
    });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 12 }), (members) => {
        const rows = settleQuotaClass(members, policy);
        let savings = 0n;
        rows.forEach((row, index) => {
          const cost = members[index]?.cost ?? 0n;
          expect(row.fund + row.fromCompensation + row.borne).toBe(cost);
          expect(row.borne >= 0n && row.saved >= 0n).toBe(true);
          savings += cost < row.quotaAmount ? row.quotaAmount - cost : 0n;
        });
        expect(sumFen(rows.map((row) => row.fromCompensation)) + sumFen(rows.map((row) => row.saved))).toBe(savings);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['20 % over: the fund bears 50 %', '1200.00', '1100.00', '100.00', '0.00'],
    ['beyond 20 %: nothing', '1500.00', '1100.00', '400.00', '0.00'],
    ['saving: reward 30 %', '950.00', '965.00', '0.00', '15.00'],
    ['at most 3 % of the quota', '500.00', '530.00', '0.00', '30.00'],
  ])('the other shape in use: %s', (_words, cost, fund, borne, reward) => {
    const banded = { upTo: rate('0.20'), fundShare: rate('0.50'), reward: rate('0.30'), rewardCap: rate('0.03') };
    const result = settleBandedQuota(parseYuan('1000.00'), parseYuan(cost), banded);
    expect([result.fund, result.borne, result.reward].map(yuanText)).toEqual([fund, borne, reward]);
  });
});
