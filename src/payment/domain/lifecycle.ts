import { DomainError } from '../../common/errors/index.js';
import { paymentErrors } from './errors.js';

/** States of a run that three people carry: month settlement and annual clearing. */
export type RunState = 'running' | 'trial' | 'submitted' | 'reviewed' | 'approved' | 'returned' | 'closed';
export type RunAction = 'finish' | 'recompute' | 'adjust' | 'submit' | 'review' | 'return' | 'approve' | 'close';

const RUN: Transitions<RunState, RunAction> = {
  finish: { running: 'trial' },
  recompute: { trial: 'running', returned: 'running' },
  adjust: { trial: 'trial', returned: 'returned' },
  submit: { trial: 'submitted', returned: 'submitted' },
  review: { submitted: 'reviewed' },
  return: { submitted: 'returned', reviewed: 'returned', approved: 'returned' },
  approve: { reviewed: 'approved' },
  close: { approved: 'closed' },
};

export type BudgetState = 'draft' | 'published' | 'negotiated' | 'submitted' | 'in-force' | 'adjusted' | 'closed';
export type BudgetAction = 'publish' | 'negotiate' | 'submit' | 'return' | 'approve' | 'supersede' | 'close';

const BUDGET: Transitions<BudgetState, BudgetAction> = {
  publish: { draft: 'published' },
  negotiate: { draft: 'draft', published: 'negotiated', negotiated: 'negotiated' },
  submit: { published: 'submitted', negotiated: 'submitted' },
  return: { submitted: 'negotiated' },
  approve: { submitted: 'in-force' },
  supersede: { 'in-force': 'adjusted' },
  close: { 'in-force': 'closed', adjusted: 'closed' },
};

export type OrderState =
  'prepared' | 'reviewed' | 'approved' | 'signed-off' | 'sent' | 'paid' | 'returned' | 'reconciled';
export type OrderAction = 'review' | 'approve' | 'sign-off' | 'send' | 'paid' | 'returned' | 'reconcile';
export const ORDER_STATES: readonly OrderState[] = [
  'prepared',
  'reviewed',
  'approved',
  'signed-off',
  'sent',
  'paid',
  'returned',
  'reconciled',
];

const ORDER: Transitions<OrderState, OrderAction> = {
  review: { prepared: 'reviewed' },
  approve: { reviewed: 'approved' },
  'sign-off': { approved: 'signed-off' },
  send: { 'signed-off': 'sent' },
  paid: { sent: 'paid' },
  returned: { sent: 'returned' },
  reconcile: { paid: 'reconciled' },
};

export type DeductionState = 'proposed' | 'decided' | 'withdrawn' | 'applied';
export type DeductionAction = 'decide' | 'withdraw' | 'apply';

const DEDUCTION: Transitions<DeductionState, DeductionAction> = {
  decide: { proposed: 'decided' },
  withdraw: { proposed: 'withdrawn' },
  apply: { decided: 'applied' },
};

type Transitions<S extends string, A extends string> = Readonly<Record<A, Partial<Readonly<Record<S, S>>>>>;

function move<S extends string, A extends string>(table: Transitions<S, A>, state: S, action: A): S {
  const next: S | undefined = table[action][state];
  if (next === undefined) throw new DomainError(paymentErrors['wrong-state'], { state, action });
  return next;
}

/** The state after an action on a month settlement or clearing. Error `payment.wrong-state`. */
export function nextRunState(state: RunState, action: RunAction): RunState {
  return move(RUN, state, action);
}

/** The state after an action on a budget. Error `payment.wrong-state`. */
export function nextBudgetState(state: BudgetState, action: BudgetAction): BudgetState {
  return move(BUDGET, state, action);
}

/** The state after an action on a payment order. Error `payment.wrong-state`. */
export function nextOrderState(state: OrderState, action: OrderAction): OrderState {
  return move(ORDER, state, action);
}

/** The state after an action on a deduction. Error `payment.wrong-state`. */
export function nextDeductionState(state: DeductionState, action: DeductionAction): DeductionState {
  return move(DEDUCTION, state, action);
}
