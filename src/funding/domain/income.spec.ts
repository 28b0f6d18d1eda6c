import { describe, expect, it } from '@jest/globals';
import { checkPath, checkTier, INCOME_KINDS, incomeAccount } from './income.js';

describe('income of the fund', () => {
  it('goes to an account of its own by kind', () => {
    expect(INCOME_KINDS.map(incomeAccount)).toEqual(['4001', '4002', '4003', '4004']);
  });

  it('names a tier for subsidies and only for these', () => {
    const bad = expect.objectContaining({ code: 'funding.bad-tier' });
    expect(() => {
      checkTier('subsidy', 'none');
    }).toThrow(bad);
    expect(() => {
      checkTier('premium', 'county');
    }).toThrow(bad);
    expect(() => {
      checkTier('subsidy', 'central');
      checkTier('interest', 'none');
    }).not.toThrow();
  });

  it.each([
    ['1001', '1003'],
    ['1002', '1001'],
    ['1001', '1001'],
  ])('does not move money from %s to %s', (from, to) => {
    expect(() => {
      checkPath(from, to);
    }).toThrow(expect.objectContaining({ code: 'funding.bad-path' }));
  });
});
