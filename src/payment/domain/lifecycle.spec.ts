import { describe, expect, it } from '@jest/globals';
import { nextBudgetState, nextDeductionState, nextOrderState, nextRunState, ORDER_STATES } from './lifecycle.js';

const refused = expect.objectContaining({ code: 'payment.wrong-state', kind: 'conflict' });

describe('lifecycles', () => {
  it('a month goes trial → submitted → reviewed → approved → closed, and a closed one goes nowhere', () => {
    expect(nextRunState('trial', 'submit')).toBe('submitted');
    expect(nextRunState('submitted', 'review')).toBe('reviewed');
    expect(nextRunState('reviewed', 'approve')).toBe('approved');
    expect(nextRunState('approved', 'close')).toBe('closed');
    for (const action of ['recompute', 'adjust', 'submit', 'review', 'return', 'approve', 'close'] as const) {
      expect(() => nextRunState('closed', action)).toThrow(refused);
    }
  });

  it('no step can be jumped over', () => {
    expect(() => nextRunState('trial', 'approve')).toThrow(refused);
    expect(() => nextRunState('submitted', 'close')).toThrow(refused);
    expect(() => nextRunState('running', 'submit')).toThrow(refused);
    expect(() => nextBudgetState('draft', 'approve')).toThrow(refused);
    expect(() => nextBudgetState('in-force', 'negotiate')).toThrow(refused);
    expect(() => nextDeductionState('withdrawn', 'decide')).toThrow(refused);
  });

  it('an order is paid only after it was reviewed, approved, signed off and sent', () => {
    for (const state of ORDER_STATES.filter((each) => each !== 'sent')) {
      expect(() => nextOrderState(state, 'paid')).toThrow(refused);
    }
    expect(nextOrderState('sent', 'paid')).toBe('paid');
    expect(nextOrderState('sent', 'returned')).toBe('returned');
  });
});
