import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { JobRunner, JobRuns, type JobState } from '../../common/jobs/index.js';
import { type Fen, sumFen, ZERO_FEN } from '../../common/money/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { ApprovalSteps, type ApprovalAction } from '../approval-steps.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import type { Band, PaymentPolicy } from '../domain/policy.js';
import type { Scheme } from '../domain/types.js';
import { computeYear } from './clearing-lines.js';
import { CLEARING_JOB, ClearingJob } from './clearing.job.js';
import { type ClearingHead, clearingInputs, findClearing, getClearing } from './clearing.store.js';

/** What a what-if changes. */
export interface ClearingWhatIf {
  readonly overspend?: readonly Band[] | undefined;
  readonly saving?: readonly Band[] | undefined;
  /** false = as if nobody had to fulfil the quality conditions. */
  readonly quality?: boolean | undefined;
}

/** A provider's result in the clearing and in the what-if. */
export interface ClearingWhatIfLine {
  readonly providerId: string;
  readonly name: string;
  readonly payable: Fen;
  readonly balance: Fen;
  readonly whatIfPayable: Fen;
  readonly whatIfBalance: Fen;
}

export interface ClearingStart {
  readonly runId: string;
  readonly state: JobState;
  readonly created: boolean;
  readonly clearingId: string | null;
}

/** Annual clearing (年终清算): trial, what-if and the steps of saying yes. Closing is in `ClearingCloser`. */
@Injectable()
export class Clearings {
  constructor(
    private readonly transactions: Transactions,
    private readonly runs: JobRuns,
    private readonly runner: JobRunner,
    private readonly job: ClearingJob,
    private readonly steps: ApprovalSteps,
  ) {}

  /**
   * Runs the trial of a year, or returns the one that is there; with `recompute` a trial or returned clearing is computed
   * again from the facts of now. Errors: `payment.clearing-months-open`, `payment.no-budget-in-force`, `payment.wrong-state`.
   */
  async trial(
    actor: Actor,
    request: { readonly scheme: Scheme; readonly year: number; readonly recompute?: boolean },
  ): Promise<ClearingStart> {
    const started = await this.transactions.run((tx) => this.startRun(tx, actor, request));
    const run = await this.runner.execute(started.runId);
    const key = { poolArea: actor.poolArea, scheme: request.scheme, year: request.year };
    const head = await this.transactions.read((tx) => findClearing(tx, key));
    return { ...started, state: run.state, clearingId: head?.id ?? null };
  }

  /**
   * Submit, review, return or approve. Errors: those of `ApprovalSteps.take`; on submit `payment.assessment-missing`,
   * `payment.reviews-open`, `payment.budget-short-of-lines`.
   */
  async step(tx: Tx, actor: Actor, id: string, action: ApprovalAction, opinion?: string): Promise<void> {
    const head = await getClearing(tx, actor.poolArea, id, true);
    nextRunState(head.state, action);
    if (action === 'submit') await requireComplete(tx, head);
    await this.steps.take(tx, actor, 'annual-clearing', head, action, opinion);
  }

  /** The same year with other bands or conditions, writing nothing: what every provider would get. */
  async whatIf(
    tx: Tx,
    actor: Actor,
    id: string,
    change: ClearingWhatIf,
  ): Promise<{ lines: ClearingWhatIfLine[]; payable: Fen; whatIfPayable: Fen }> {
    const head = await getClearing(tx, actor.poolArea, id);
    const inputs = await clearingInputs(tx, actor.poolArea, id);
    const policy = this.job.policyOf(head);
    const now = computeYear(inputs, policy).lines;
    const then = new Map(computeYear(inputs, changed(policy, change)).lines.map((line) => [line.providerId, line]));
    const lines = now.map((line) => ({
      providerId: line.providerId,
      name: line.name,
      payable: line.result.payable,
      balance: line.settlement.balance,
      whatIfPayable: then.get(line.providerId)?.result.payable ?? ZERO_FEN,
      whatIfBalance: then.get(line.providerId)?.settlement.balance ?? ZERO_FEN,
    }));
    return {
      lines,
      payable: sumFen(lines.map((line) => line.payable)),
      whatIfPayable: sumFen(lines.map((line) => line.whatIfPayable)),
    };
  }

  private async startRun(
    tx: Tx,
    actor: Actor,
    request: { readonly scheme: Scheme; readonly year: number; readonly recompute?: boolean },
  ): Promise<{ runId: string; created: boolean }> {
    const { scheme, year } = request;
    const area = `${actor.poolArea}:${scheme}`;
    const known = await findClearing(tx, { poolArea: actor.poolArea, scheme, year });
    if (known === undefined) return this.runs.startIn(tx, { kind: CLEARING_JOB, area, period: String(year), actor });
    if (request.recompute !== true) return { runId: known.runId, created: false };
    const head = await getClearing(tx, actor.poolArea, known.id, true);
    const state = nextRunState(head.state, 'recompute');
    const attempt = head.attempt + 1;
    const started = await this.runs.startIn(tx, {
      kind: CLEARING_JOB,
      area,
      period: `${String(year)}.${String(attempt)}`,
      actor,
    });
    await tx.query('DELETE FROM payment_clearing_line WHERE pool_area = $1 AND clearing_id = $2', [
      actor.poolArea,
      head.id,
    ]);
    await tx.query(
      `UPDATE payment_clearing SET state = $3, attempt = $4, run_id = $5, budget_id = (
         SELECT id FROM payment_budget WHERE pool_area = $1 AND scheme = $6 AND year = $7 AND state = 'in-force')
       WHERE pool_area = $1 AND id = $2`,
      [actor.poolArea, head.id, state, attempt, started.runId, scheme, year],
    );
    await Audit.record(tx, actor, {
      action: 'payment.clearing-recomputed',
      subjectKind: 'annual-clearing',
      subjectId: head.id,
      details: { attempt },
    });
    return started;
  }
}

/** What must be there before anybody is asked to say yes. */
async function requireComplete(tx: Tx, head: ClearingHead): Promise<void> {
  const { year } = head;
  const names = async (exception: string): Promise<string> => {
    const rows = await tx.query<{ name: string }>(
      `SELECT i.facts ->> 'name' AS name FROM payment_clearing_line l JOIN payment_clearing_input i
         ON i.pool_area = l.pool_area AND i.clearing_id = l.clearing_id AND i.provider_id = l.provider_id
       WHERE l.pool_area = $1 AND l.clearing_id = $2 AND $3 = ANY (l.exceptions) ORDER BY 1`,
      [head.poolArea, head.id, exception],
    );
    return rows.map((row) => row.name).join('、');
  };
  const withoutBudget = await names('missing-budget');
  if (withoutBudget !== '') {
    throw new DomainError(paymentErrors['budget-short-of-lines'], { providers: withoutBudget });
  }
  const notAssessed = await names('not-assessed');
  if (notAssessed !== '') {
    throw new DomainError(paymentErrors['assessment-missing'], { year, providers: notAssessed });
  }
  const { count } = await tx.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM payment_readmission
     WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state = 'open'`,
    [head.poolArea, head.scheme, year],
  );
  if (count > 0) throw new DomainError(paymentErrors['reviews-open'], { year, count });
}

function changed(policy: PaymentPolicy, change: ClearingWhatIf): PaymentPolicy {
  const { clearing } = policy;
  return {
    ...policy,
    clearing: {
      ...clearing,
      overspend: change.overspend ?? clearing.overspend,
      saving: change.saving ?? clearing.saving,
      quality: change.quality === false ? NO_CONDITIONS : clearing.quality,
    },
  };
}

const NO_CONDITIONS: PaymentPolicy['clearing']['quality'] = {
  maxVisitDrop: { numerator: 1n, denominator: 1n },
  maxComplaints: Number.MAX_SAFE_INTEGER,
  minScore: { numerator: 0n, denominator: 1n },
};
