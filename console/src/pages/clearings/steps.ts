import type { LifecycleAction } from '../../widgets/Lifecycle';

/** The way of an annual clearing: three people, one after the other. */
export const CLEARING_STEPS: readonly LifecycleAction[] = [
  {
    key: 'submit',
    states: ['trial', 'returned'],
    permission: 'payment.clearing.prepare',
    role: 'clerk',
    opinion: 'optional',
  },
  {
    key: 'review',
    states: ['submitted'],
    permission: 'payment.clearing.review',
    role: 'reviewer',
    opinion: 'optional',
  },
  {
    key: 'approve',
    states: ['reviewed'],
    permission: 'payment.clearing.approve',
    role: 'approver',
    opinion: 'optional',
  },
  { key: 'close', states: ['approved'], permission: 'payment.clearing.approve', role: 'approver', opinion: 'none' },
  {
    key: 'return',
    states: ['submitted', 'reviewed', 'approved'],
    permission: 'payment.clearing.return',
    role: 'reviewer',
    opinion: 'required',
    danger: true,
  },
];
