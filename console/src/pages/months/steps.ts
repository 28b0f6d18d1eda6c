import type { LifecycleAction } from '../../widgets/Lifecycle';

/** The way of a month settlement: three people, one after the other. */
export const MONTH_STEPS: readonly LifecycleAction[] = [
  {
    key: 'submit',
    states: ['trial', 'returned'],
    permission: 'payment.month.prepare',
    role: 'clerk',
    opinion: 'optional',
  },
  { key: 'review', states: ['submitted'], permission: 'payment.month.review', role: 'reviewer', opinion: 'optional' },
  { key: 'approve', states: ['reviewed'], permission: 'payment.month.approve', role: 'approver', opinion: 'optional' },
  { key: 'close', states: ['approved'], permission: 'payment.month.approve', role: 'approver', opinion: 'none' },
  {
    key: 'return',
    states: ['submitted', 'reviewed', 'approved'],
    permission: 'payment.month.return',
    role: 'reviewer',
    opinion: 'required',
    danger: true,
  },
];
