import { describe, expect, it } from '@jest/globals';
import { fen, rate } from '../../common/money/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import { type CatalogueItem, CatalogueSnapshot } from './snapshot.js';

const item = (over: Partial<CatalogueItem>): CatalogueItem => ({
  code: 'X1',
  kind: 'drug',
  name: '示例药品',
  unit: '盒',
  class: 'B',
  selfpayRate: rate('0.05'),
  ceilings: { tertiary: fen(1250) },
  special: null,
  validFrom: parseLocalDate('2025-01-01'),
  validTo: parseLocalDate('2026-01-01'),
  ...over,
});

describe('catalogue snapshot', () => {
  const snapshot = new CatalogueSnapshot(7n, [item({}), item({ code: 'X2', validTo: null })]);

  it.each([
    ['the day before the first', 'X1', '2024-12-31', false],
    ['the first day', 'X1', '2025-01-01', true],
    ['the last day', 'X1', '2025-12-31', true],
    ['the end of a half-open span', 'X1', '2026-01-01', false],
    ['an open end', 'X2', '2030-01-01', true],
    ['an unknown code', 'X3', '2025-06-01', false],
  ])('%s', (_, code, on, found) => {
    expect(snapshot.find(code, parseLocalDate(on)) !== undefined).toBe(found);
  });

  it('knows an expired code from an unknown one', () => {
    expect([snapshot.has('X1'), snapshot.has('X3'), snapshot.size]).toEqual([true, false, 2]);
  });
});
