import { Injectable } from '@nestjs/common';
import { Approvals, type TimelineAct } from '../approvals/index.js';
import type { Tx } from '../common/db/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { nextRunState, type RunState } from './domain/lifecycle.js';

/** The two runs that three people carry, and where they are stored. */
const TABLES = { 'month-settlement': 'payment_month', 'annual-clearing': 'payment_clearing' } as const;
export type RunKind = keyof typeof TABLES;

export type ApprovalAction = 'submit' | 'review' | 'return' | 'approve';

/** What the steps need to know of a run. */
export interface RunHead {
  readonly id: string;
  readonly poolArea: string;
  readonly state: RunState;
  readonly round: number;
}

/** Submit, review, return and approve of a month settlement or clearing, each by another person, each on the record. */
@Injectable()
export class ApprovalSteps {
  constructor(private readonly approvals: Approvals) {}

  /**
   * Takes a step; the head must be locked by the caller.
   * Errors: `payment.wrong-state`, `approvals.same-person` (the maker never reviews or approves), `approvals.opinion-missing`.
   */
  async take(
    tx: Tx,
    actor: Actor,
    kind: RunKind,
    head: RunHead,
    action: ApprovalAction,
    opinion?: string,
  ): Promise<void> {
    const state = nextRunState(head.state, action);
    const act = { subjectKind: kind, subjectId: head.id, round: head.round, step: action, opinion };
    if (!(await this.takesBack(tx, actor, kind, head, action))) await this.approvals.act(tx, act, actor);
    const isSubmit = action === 'submit';
    await tx.query(
      `UPDATE ${TABLES[kind]} SET state = $3, round = $4,
         submitted_by = CASE WHEN $5 THEN $6::uuid ELSE submitted_by END,
         submitted_by_name = CASE WHEN $5 THEN $7 ELSE submitted_by_name END
       WHERE pool_area = $1 AND id = $2`,
      [
        head.poolArea,
        head.id,
        state,
        action === 'return' ? head.round + 1 : head.round,
        isSubmit,
        actor.userId,
        actor.displayName,
      ],
    );
    await Audit.record(tx, actor, {
      action: `payment.${kind}-${action}`,
      subjectKind: kind,
      subjectId: head.id,
      details: { from: head.state, to: state, round: head.round, ...(opinion === undefined ? {} : { opinion }) },
    });
  }

  // Who has reviewed or approved may take that back before the close: it undoes a yes and needs no second person. It is
  // audited with its opinion, and the next submission opens a new round.
  private async takesBack(
    tx: Tx,
    actor: Actor,
    kind: RunKind,
    head: RunHead,
    action: ApprovalAction,
  ): Promise<boolean> {
    if (action !== 'return') return false;
    const acts = await this.timeline(tx, kind, head);
    return acts.some((act) => act.round === head.round && act.actorId === actor.userId && act.step !== 'submit');
  }

  timeline(tx: Tx, kind: RunKind, head: Pick<RunHead, 'id' | 'poolArea'>): Promise<TimelineAct[]> {
    return this.approvals.timeline(tx, { subjectKind: kind, subjectId: head.id }, head.poolArea);
  }
}
