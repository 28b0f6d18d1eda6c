import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { JobRunner, JobRuns, type JobState } from '../../common/jobs/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import { type LocalDate, type Month, monthOf } from '../../common/time/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { ApprovalSteps, type ApprovalAction } from '../approval-steps.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import type { Scheme } from '../domain/types.js';
import type { MonthFacts } from './month-facts.js';
import { MONTH_JOB, MonthJob } from './month.job.js';
import { findMonth, getMonth, type MonthHead } from './month.store.js';

/** What came of starting a trial: the run, and the month it made (null while its plan has not run yet). */
export interface TrialStart {
  readonly runId: string;
  readonly state: JobState;
  /** false = there was a run already: this is it. */
  readonly created: boolean;
  readonly monthId: string | null;
}

/** Month settlement (月结算): trial, adjustment and the steps of saying yes. Closing is in `MonthCloser`. */
@Injectable()
export class MonthSettlements {
  constructor(
    private readonly transactions: Transactions,
    private readonly runs: JobRuns,
    private readonly runner: JobRunner,
    private readonly job: MonthJob,
    private readonly steps: ApprovalSteps,
  ) {}

  /**
   * Runs the trial of a month, or returns the one that is there: one run per pool × scheme × month, whoever asks and
   * however often. With `recompute` a trial or returned month is computed again from the facts of now.
   * Errors: `payment.month-not-over`, `payment.month-order`, `payment.no-budget-in-force`, `payment.wrong-state`.
   */
  async trial(
    actor: Actor,
    request: { readonly scheme: Scheme; readonly month: Month; readonly recompute?: boolean },
    today: LocalDate,
  ): Promise<TrialStart> {
    if (request.month >= monthOf(today)) {
      throw new DomainError(paymentErrors['month-not-over'], { month: request.month });
    }
    const started = await this.transactions.run((tx) => this.startRun(tx, actor, request));
    const run = await this.runner.execute(started.runId);
    const key = { poolArea: actor.poolArea, scheme: request.scheme, month: request.month };
    const head = await this.transactions.read((tx) => findMonth(tx, key));
    return { ...started, state: run.state, monthId: head?.id ?? null };
  }

  /**
   * Adds an adjustment line with its reason and computes that provider's sheet anew; nothing is edited.
   * It moves money in time: clearing settles against what was paid. A closed month that is corrected is named.
   * Errors: `payment.wrong-state`, `payment.month-line-not-found`, `payment.amount-invalid`.
   */
  async adjust(
    tx: Tx,
    actor: Actor,
    monthId: string,
    line: {
      readonly providerId: string;
      readonly amount: Fen;
      readonly reason: string;
      readonly document?: string;
      readonly correctsMonthId?: string;
    },
  ): Promise<string> {
    const head = await getMonth(tx, actor.poolArea, monthId, true);
    nextRunState(head.state, 'adjust');
    if (line.amount === 0n) throw new DomainError(paymentErrors['amount-invalid'], { value: yuanText(line.amount) });
    if (line.correctsMonthId !== undefined) await requireClosed(tx, actor.poolArea, line.correctsMonthId);
    const input = await tx.maybe<{ facts: MonthFacts }>(
      'SELECT facts FROM payment_month_input WHERE pool_area = $1 AND month_id = $2 AND provider_id = $3',
      [actor.poolArea, monthId, line.providerId],
    );
    if (input === undefined) throw new DomainError(paymentErrors['month-line-not-found']);
    const id = uuid7();
    await tx.query(
      `INSERT INTO payment_adjustment (pool_area, id, month_id, provider_id, amount_fen, reason, document,
         corrects_month_id, created_by, created_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        actor.poolArea,
        id,
        monthId,
        line.providerId,
        line.amount,
        line.reason,
        line.document ?? '',
        line.correctsMonthId ?? null,
        actor.userId,
        actor.displayName,
      ],
    );
    await tx.query('DELETE FROM payment_month_line WHERE pool_area = $1 AND month_id = $2 AND provider_id = $3', [
      actor.poolArea,
      monthId,
      line.providerId,
    ]);
    await this.job.writeSheets(tx, head, [{ providerId: line.providerId, facts: input.facts }]);
    await Audit.record(tx, actor, {
      action: 'payment.month-adjusted',
      subjectKind: 'month-settlement',
      subjectId: monthId,
      details: { providerId: line.providerId, amount: yuanText(line.amount), reason: line.reason },
    });
    return id;
  }

  /**
   * Submit, review, return or approve. Errors: those of `ApprovalSteps.take`; `payment.budget-short-of-lines` when a
   * provider has bills under the budget and no budget.
   */
  async step(tx: Tx, actor: Actor, monthId: string, action: ApprovalAction, opinion?: string): Promise<void> {
    const head = await getMonth(tx, actor.poolArea, monthId, true);
    nextRunState(head.state, action);
    if (action === 'submit') await requireBudgets(tx, head);
    await this.steps.take(tx, actor, 'month-settlement', head, action, opinion);
  }

  private async startRun(
    tx: Tx,
    actor: Actor,
    request: { readonly scheme: Scheme; readonly month: Month; readonly recompute?: boolean },
  ): Promise<{ runId: string; created: boolean }> {
    const { scheme, month } = request;
    const area = `${actor.poolArea}:${scheme}`;
    const known = await findMonth(tx, { poolArea: actor.poolArea, scheme, month });
    if (known === undefined) return this.runs.startIn(tx, { kind: MONTH_JOB, area, period: month, actor });
    if (request.recompute !== true) return { runId: known.runId, created: false };
    const head = await getMonth(tx, actor.poolArea, known.id, true);
    const state = nextRunState(head.state, 'recompute');
    const attempt = head.attempt + 1;
    const period = `${month}.${String(attempt)}`;
    const started = await this.runs.startIn(tx, { kind: MONTH_JOB, area, period, actor });
    await tx.query('DELETE FROM payment_month_line WHERE pool_area = $1 AND month_id = $2', [actor.poolArea, head.id]);
    await tx.query(
      `UPDATE payment_month SET state = $3, attempt = $4, run_id = $5, budget_id = (
         SELECT id FROM payment_budget WHERE pool_area = $1 AND scheme = $6 AND year = $7
           AND state IN ('in-force', 'closed') ORDER BY version DESC LIMIT 1)
       WHERE pool_area = $1 AND id = $2`,
      [actor.poolArea, head.id, state, attempt, started.runId, scheme, head.budget.year],
    );
    await Audit.record(tx, actor, {
      action: 'payment.month-recomputed',
      subjectKind: 'month-settlement',
      subjectId: head.id,
      details: { attempt },
    });
    return started;
  }
}

async function requireClosed(tx: Tx, poolArea: string, monthId: string): Promise<void> {
  const { state } = await getMonth(tx, poolArea, monthId);
  if (state !== 'closed') throw new DomainError(paymentErrors['wrong-state'], { state, action: 'correct' });
}

async function requireBudgets(tx: Tx, head: MonthHead): Promise<void> {
  const rows = await tx.query<{ name: string }>(
    `SELECT i.facts ->> 'name' AS name FROM payment_month_line l
     JOIN payment_month_input i ON i.pool_area = l.pool_area AND i.month_id = l.month_id AND i.provider_id = l.provider_id
     WHERE l.pool_area = $1 AND l.month_id = $2 AND 'missing-budget' = ANY (l.exceptions) ORDER BY 1`,
    [head.poolArea, head.id],
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.name).join('、');
  throw new DomainError(paymentErrors['budget-short-of-lines'], { providers: names });
}
