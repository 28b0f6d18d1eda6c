import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/index.js';
import { Transactions } from '../db/index.js';
import { isDomainError } from '../errors/index.js';
import { traced } from '../tracing/index.js';
import { JobRuns } from './job-runs.js';
import type { JobHandler, JobRequest, JobRun } from './job-types.js';
import * as lease from './run-lease.js';

const MS = 1_000;

/**
 * Executes runs: each unit once and whole, however many processes try and whenever one of them dies. A run is held by a
 * lease that is prolonged while its worker lives; when it dies, any process takes the run over after the lease (30 s)
 * and goes on at the first unit that is not done.
 */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private readonly logger = new Logger(JobRunner.name);
  private readonly underWay = new Set<Promise<unknown>>();
  private stopping = false;
  /** Told of each unit that was done and of its seconds; the metrics listen. */
  unitDone: ((kind: string, seconds: number) => void) | undefined;

  constructor(
    private readonly runs: JobRuns,
    private readonly transactions: Transactions,
    private readonly settings: Settings,
  ) {}

  /** `start` and `execute` in one: the run of (kind, area, period), done by this process unless another one has it. */
  async run(request: JobRequest): Promise<JobRun> {
    const { runId } = await this.runs.start(request);
    return this.execute(runId);
  }

  /**
   * Does what is left of a run and returns it as it then is: `done` with its result, or `running` when another process
   * holds it. A run that is done is left alone: its stored result comes back.
   * @throws DomainError of the job's rules; the run is then `failed` and goes on from the same unit when executed again
   */
  async execute(runId: string): Promise<JobRun> {
    const work = this.executeHeld(runId);
    this.underWay.add(work);
    try {
      await work;
    } finally {
      this.underWay.delete(work);
    }
    return this.runs.get(runId);
  }

  /** Starts executing without making the caller wait; failures are in the run and in the log. */
  executeInBackground(runId: string): void {
    this.execute(runId).catch((error: unknown) => {
      this.logger.error(`run ${runId}: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** A process that is told to end finishes the unit it is in and gives its runs back. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.underWay);
  }

  private async executeHeld(runId: string): Promise<void> {
    const { kind } = await this.runs.get(runId);
    const handler = this.runs.handler(kind);
    const { processId, jobLeaseMs } = this.settings;
    const run = await this.transactions.run((tx) => lease.acquire(tx, runId, processId, jobLeaseMs));
    if (run === undefined) {
      this.logger.log(`${kind} run ${runId} is already running or closed`);
      return;
    }
    const heartbeat = this.keepAlive(run);
    try {
      await this.work(run, handler);
    } catch (error) {
      await this.giveUp(run, error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async work(run: JobRun, handler: JobHandler): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (!(await lease.isPlanned(tx, run))) await lease.storePlan(tx, run, await handler.plan(tx, run));
    });
    while (await this.oneUnit(run, handler)) {
      if (this.stopping) {
        await this.transactions.run((tx) => lease.release(tx, run));
        return;
      }
    }
    await this.transactions.run(async (tx) => {
      await lease.storeResult(tx, run, await handler.finish(tx, run));
    });
  }

  private oneUnit(run: JobRun, handler: JobHandler): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const key = await lease.nextUnit(tx, run);
      if (key === undefined) return false;
      await this.timed(run, () => handler.unit(tx, run, key));
      await lease.markDone(tx, run, key, this.settings.jobLeaseMs);
      return true;
    });
  }

  private async timed(run: JobRun, unit: () => Promise<void>): Promise<void> {
    const began = performance.now();
    await traced('job.unit', { 'job.kind': run.kind, 'job.period': run.period, 'job.attempt': run.attempts }, unit);
    this.unitDone?.(run.kind, (performance.now() - began) / MS);
  }

  // A worker that was overtaken has nothing to report: its last transaction was rolled back and the other one goes on.
  private async giveUp(run: JobRun, error: unknown): Promise<void> {
    if (error instanceof lease.LeaseLost) {
      this.logger.warn(`${run.kind} run ${run.id}: ${error.message}; stopped`);
      return;
    }
    await this.transactions.run((tx) => lease.storeFault(tx, run, error));
    if (!isDomainError(error)) this.logger.error(`${run.kind} run ${run.id} stopped`, error);
    throw error;
  }

  private keepAlive(run: JobRun): NodeJS.Timeout {
    const { jobLeaseMs } = this.settings;
    return setInterval(
      () => {
        // A beat that fails is not a fault by itself: if the lease runs out, the fence decides.
        this.transactions
          .run((tx) => lease.renew(tx, run, jobLeaseMs))
          .catch((error: unknown) => {
            this.logger.warn(`${run.kind} run ${run.id}: heartbeat failed: ${String(error)}`);
          });
      },
      Math.ceil(jobLeaseMs / 3),
    );
  }
}
