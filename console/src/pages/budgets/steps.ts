import type { LifecycleAction } from '../../widgets/Lifecycle';

/** The way of a budget: draft, comment, negotiation, submission, approval by a second person. */
export function budgetSteps(t: (key: string) => string): LifecycleAction[] {
  return [
    { key: 'publish', states: ['draft'], permission: 'payment.budget.prepare', role: 'clerk', opinion: 'none' },
    {
      key: 'submit',
      states: ['published', 'negotiated'],
      permission: 'payment.budget.prepare',
      role: 'clerk',
      opinion: 'optional',
      label: t('budgets.submit'),
    },
    {
      key: 'approve',
      states: ['submitted'],
      permission: 'payment.budget.approve',
      role: 'approver',
      opinion: 'optional',
    },
    {
      key: 'adjust',
      states: ['in-force'],
      permission: 'payment.budget.prepare',
      role: 'clerk',
      opinion: 'none',
      danger: true,
      label: t('budgets.adjust'),
      fields: [{ name: 'reason', label: t('field.reason'), kind: 'long' }],
    },
  ];
}

export const BUDGET_STATES = [
  'draft',
  'published',
  'negotiated',
  'submitted',
  'in-force',
  'adjusted',
  'closed',
] as const;
/** States in which a negotiated amount may replace a provider's formula amount. */
export const NEGOTIABLE = ['draft', 'published', 'negotiated'];
