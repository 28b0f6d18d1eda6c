import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tx } from '../db/index.js';
import { LOCK_ORDER, type Lock, lockInOrder, orderLocks } from './index.js';

const anyLock: fc.Arbitrary<Lock> = fc.record({
  kind: fc.constantFrom(...LOCK_ORDER),
  key: fc.constantFrom('331100:a', '331100:b', '331100:c'),
  shared: fc.boolean(),
});

describe('one order of locks for the whole system', () => {
  it('does not depend on the order in which they are asked for', () => {
    fc.assert(
      fc.property(fc.array(anyLock, { maxLength: 12 }), fc.nat(), (locks, turn) => {
        const cut = locks.length === 0 ? 0 : turn % locks.length;
        const turned = [...locks.slice(cut), ...locks.slice(0, cut)].reverse();
        const names = (list: readonly Lock[]) => orderLocks(list).map((lock) => `${lock.kind}:${lock.key}`);
        expect(names(turned)).toEqual(names(locks));
        expect(new Set(names(locks)).size).toBe(names(locks).length);
      }),
    );
  });

  it('takes a name exclusively if any asks for that', () => {
    const [only] = orderLocks([
      { kind: 'claims-month', key: 'x', shared: true },
      { kind: 'claims-month', key: 'x' },
      { kind: 'claims-month', key: 'x', shared: true },
    ]);
    expect(only?.shared).not.toBe(true);
  });

  it('refuses a lock that belongs before one already held', async () => {
    const tx = { query: () => Promise.resolve([]) } as unknown as Tx;
    await lockInOrder(tx, [{ kind: 'payment-order', key: '331100:1' }]);
    await lockInOrder(tx, [{ kind: 'ledger-period', key: '331100:1' }]);
    await expect(lockInOrder(tx, [{ kind: 'claims-month', key: '331100:1' }])).rejects.toThrow(/in one call/);
  });
});
