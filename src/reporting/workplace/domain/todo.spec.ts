import { describe, expect, it } from '@jest/globals';
import { waitingStates } from './todo.js';

describe('whose turn it is', () => {
  it.each<[string, string[], string, string[]]>([
    [
      'the clerk submits trials and what came back',
      ['payment.month.prepare'],
      'month-settlement',
      ['trial', 'returned'],
    ],
    ['the reviewer reviews what was submitted', ['payment.month.review'], 'month-settlement', ['submitted']],
    ['the approver approves and closes', ['payment.month.approve'], 'month-settlement', ['reviewed', 'approved']],
    ['the approver signs orders off', ['payment.order.approve'], 'payment-order', ['reviewed', 'approved']],
  ])('%s', (_, permissions, kind, expected) => {
    const states = waitingStates(new Set(permissions));
    expect([...states.keys()]).toEqual([kind]);
    expect([...states.values()].flat()).toEqual(expected);
  });

  it('an auditor has nothing to do', () => {
    expect(waitingStates(new Set(['payment.month.read', 'identity.audit.read'])).size).toBe(0);
  });
});
