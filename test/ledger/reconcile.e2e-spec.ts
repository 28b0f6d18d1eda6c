import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INVARIANTS, Reconciliation } from '../../src/reporting/reconcile/index.js';
import { type SmallPool, smallPool } from '../enrollment/small-pool.js';

let pool: SmallPool;
let reconciliation: Reconciliation;

beforeAll(async () => {
  pool = await smallPool();
  reconciliation = pool.get(Reconciliation);
}, 60_000);

afterAll(async () => {
  await pool.close();
});

describe('the invariant set R', () => {
  it('has a code, a Chinese and an English sentence for each invariant', () => {
    expect(new Set(INVARIANTS.map(({ code }) => code)).size).toBe(INVARIANTS.length);
    for (const { code, zh, en } of INVARIANTS) {
      expect(code).toMatch(/^R[1-4]\d\d$/);
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[a-z ']/);
    }
  });

  it('holds in an empty pool', async () => {
    const findings = await reconciliation.check('331100');
    expect(findings.filter(({ count }) => count > 0)).toEqual([]);
    expect(findings).toHaveLength(INVARIANTS.length);
  });
});
