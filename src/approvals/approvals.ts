import { Injectable } from '@nestjs/common';
import { constraintOf, isUniqueViolation, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import type { Actor } from '../identity/index.js';
import { type ApprovalAct, type ApprovalStep, checkStep } from './domain/round.js';
import { approvalErrors } from './errors.js';

/** What is to be approved. */
export interface ApprovalSubject {
  /** e.g. `month-settlement` */
  readonly subjectKind: string;
  readonly subjectId: string;
}

/** An act as the timeline shows it. */
export type TimelineAct = ApprovalAct & { readonly round: number; readonly actedAt: Date };

interface ActRow {
  step: ApprovalStep;
  actor_id: string;
  actor_name: string;
  opinion: string;
  round: number;
  acted_at: Date;
}

/**
 * Who said yes to what. Acts are only ever added; that one person acts once in a round is also a unique key of the table,
 * so it holds for two clicks at once. The subject's own state is changed by its room in the same transaction.
 */
@Injectable()
export class Approvals {
  /**
   * Takes a step in a round (1 for the first submission, 2 after a return, …).
   * @throws DomainError `approvals.same-person` (forbidden), `approvals.step-taken`, `approvals.out-of-order`,
   *   `approvals.round-over`, `approvals.opinion-missing`
   */
  async act(
    tx: Tx,
    act: ApprovalSubject & {
      readonly round: number;
      readonly step: ApprovalStep;
      readonly opinion?: string | undefined;
    },
    actor: Actor,
  ): Promise<void> {
    const { subjectKind, subjectId, round, step, opinion = '' } = act;
    const earlier = (await this.timeline(tx, act, actor.poolArea)).filter((known) => known.round === round);
    checkStep(earlier, { step, actorId: actor.userId, opinion });
    try {
      await tx.query(
        `INSERT INTO approval_act (pool_area, id, subject_kind, subject_id, round, step, actor_id, actor_name, opinion)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [actor.poolArea, uuid7(), subjectKind, subjectId, round, step, actor.userId, actor.displayName, opinion],
      );
    } catch (error) {
      throw inWords(error, step);
    }
  }

  /** All acts on a subject, oldest first. */
  async timeline(tx: Tx, subject: ApprovalSubject, poolArea: string): Promise<TimelineAct[]> {
    const rows = await tx.query<ActRow>(
      `SELECT step, actor_id, actor_name, opinion, round, acted_at FROM approval_act
       WHERE pool_area = $1 AND subject_kind = $2 AND subject_id = $3 ORDER BY round, acted_at, id`,
      [poolArea, subject.subjectKind, subject.subjectId],
    );
    return rows.map((row) => ({
      step: row.step,
      actorId: row.actor_id,
      actorName: row.actor_name,
      opinion: row.opinion,
      round: row.round,
      actedAt: row.acted_at,
    }));
  }
}

// Two clicks at once: both looked, one was faster.
function inWords(error: unknown, step: ApprovalStep): unknown {
  if (!isUniqueViolation(error)) return error;
  return constraintOf(error) === 'uq_approval_act_actor'
    ? new DomainError(approvalErrors['same-person'])
    : new DomainError(approvalErrors['step-taken'], { step, by: '–' });
}
