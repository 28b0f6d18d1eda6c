import type { LifecycleAction } from '../../widgets/Lifecycle';

/** The way of a payment order: prepared, reviewed, approved and signed by different people, then the bank's answer. */
export function orderSteps(t: (key: string) => string): LifecycleAction[] {
  const reference = { name: 'bankReference', label: t('orders.bankReference') };
  return [
    { key: 'review', states: ['prepared'], permission: 'payment.order.review', role: 'reviewer', opinion: 'optional' },
    {
      key: 'approve',
      states: ['reviewed'],
      permission: 'payment.order.approve',
      role: 'approver',
      opinion: 'optional',
    },
    {
      key: 'sign-off',
      states: ['approved'],
      permission: 'payment.order.approve',
      role: 'approver',
      opinion: 'optional',
    },
    { key: 'send', states: ['signed-off'], permission: 'payment.order.send', role: 'clerk', opinion: 'none' },
    {
      key: 'paid',
      states: ['sent'],
      permission: 'payment.order.send',
      role: 'clerk',
      opinion: 'none',
      fields: [reference],
    },
    {
      key: 'returned',
      states: ['sent'],
      permission: 'payment.order.send',
      role: 'clerk',
      opinion: 'none',
      danger: true,
      fields: [{ name: 'reason', label: t('field.reason'), kind: 'long' }],
    },
    { key: 'reconcile', states: ['paid'], permission: 'payment.order.send', role: 'clerk', opinion: 'none' },
    { key: 'reissue', states: ['returned'], permission: 'payment.order.send', role: 'clerk', opinion: 'none' },
  ];
}

export const ORDER_STATES = [
  'prepared',
  'reviewed',
  'approved',
  'signed-off',
  'sent',
  'paid',
  'returned',
  'reconciled',
] as const;
