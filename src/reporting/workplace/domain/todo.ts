/** Kinds of things that wait for a person. */
export type TodoKind = 'month-settlement' | 'clearing' | 'budget' | 'payment-order' | 'discharge-import' | 'deduction';

/** Whose turn it is: the permission that takes a thing of this kind out of its state. */
export const NEXT_ACTS: readonly { readonly kind: TodoKind; readonly state: string; readonly permission: string }[] = [
  { kind: 'month-settlement', state: 'trial', permission: 'payment.month.prepare' },
  { kind: 'month-settlement', state: 'returned', permission: 'payment.month.prepare' },
  { kind: 'month-settlement', state: 'submitted', permission: 'payment.month.review' },
  { kind: 'month-settlement', state: 'reviewed', permission: 'payment.month.approve' },
  { kind: 'month-settlement', state: 'approved', permission: 'payment.month.approve' },
  { kind: 'clearing', state: 'trial', permission: 'payment.clearing.prepare' },
  { kind: 'clearing', state: 'returned', permission: 'payment.clearing.prepare' },
  { kind: 'clearing', state: 'submitted', permission: 'payment.clearing.review' },
  { kind: 'clearing', state: 'reviewed', permission: 'payment.clearing.approve' },
  { kind: 'clearing', state: 'approved', permission: 'payment.clearing.approve' },
  { kind: 'budget', state: 'draft', permission: 'payment.budget.prepare' },
  { kind: 'budget', state: 'published', permission: 'payment.budget.prepare' },
  { kind: 'budget', state: 'negotiated', permission: 'payment.budget.prepare' },
  { kind: 'budget', state: 'submitted', permission: 'payment.budget.approve' },
  { kind: 'payment-order', state: 'prepared', permission: 'payment.order.review' },
  { kind: 'payment-order', state: 'reviewed', permission: 'payment.order.approve' },
  { kind: 'payment-order', state: 'approved', permission: 'payment.order.approve' },
  { kind: 'payment-order', state: 'signed-off', permission: 'payment.order.send' },
  { kind: 'payment-order', state: 'sent', permission: 'payment.order.send' },
  { kind: 'payment-order', state: 'returned', permission: 'payment.order.send' },
  { kind: 'discharge-import', state: 'error', permission: 'exchange.import' },
  { kind: 'deduction', state: 'proposed', permission: 'payment.deduction.decide' },
];

/** The states in which things of each kind wait for somebody with these permissions. */
export function waitingStates(permissions: ReadonlySet<string>): ReadonlyMap<TodoKind, readonly string[]> {
  const states = new Map<TodoKind, string[]>();
  for (const act of NEXT_ACTS) {
    if (!permissions.has(act.permission)) continue;
    states.set(act.kind, [...(states.get(act.kind) ?? []), act.state]);
  }
  return states;
}
