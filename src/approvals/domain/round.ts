import { DomainError } from '../../common/errors/index.js';
import { approvalErrors } from '../errors.js';

/** Steps of saying yes, in their order; `return` ends the round, the next one begins with a new `submit`. */
export const APPROVAL_STEPS = ['submit', 'review', 'approve', 'sign-off', 'return'] as const;
export type ApprovalStep = (typeof APPROVAL_STEPS)[number];

/** What one person did in a round. */
export interface ApprovalAct {
  readonly step: ApprovalStep;
  readonly actorId: string;
  readonly actorName: string;
  readonly opinion: string;
}

/**
 * Whether a step may be taken now by this person, after the acts of the round so far. Which steps a subject needs is its
 * own business (a budget: submit, approve); here is only what holds for all: a round begins with `submit`, goes forward
 * and never back, each step is taken once, and nobody takes two – maker is never checker (内部控制：不相容岗位分离).
 * @throws DomainError `approvals.opinion-missing`, `approvals.round-over`, `approvals.same-person`,
 *   `approvals.step-taken`, `approvals.out-of-order`
 */
export function checkStep(
  acts: readonly ApprovalAct[],
  next: { step: ApprovalStep; actorId: string; opinion: string },
): void {
  const { step } = next;
  if (step === 'return' && next.opinion.trim() === '') throw new DomainError(approvalErrors['opinion-missing']);
  if (acts.some((act) => act.step === 'return')) throw new DomainError(approvalErrors['round-over']);
  if (acts.some((act) => act.actorId === next.actorId)) throw new DomainError(approvalErrors['same-person']);
  const taken = acts.find((act) => act.step === step);
  if (taken !== undefined) throw new DomainError(approvalErrors['step-taken'], { step, by: taken.actorName });
  const last = acts.at(-1)?.step;
  const forward = last === undefined ? step === 'submit' : rank(step) > rank(last);
  if (!forward) throw new DomainError(approvalErrors['out-of-order'], { step, last: last ?? '–' });
}

function rank(step: ApprovalStep): number {
  return APPROVAL_STEPS.indexOf(step);
}
