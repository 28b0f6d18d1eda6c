import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron, Interval } from '@nestjs/schedule';
import { Settings } from '../config/index.js';
import { Transactions } from '../db/index.js';
import { Clock } from '../time/index.js';
import { JobRunner } from './job-runner.js';
import { JobRuns } from './job-runs.js';
import type { JobHandler } from './job-types.js';

const TICK_MS = 5_000;
/** A run just made belongs to whoever made it; the ticker takes it when its maker evidently died. */
const ORPHAN_AFTER_SECONDS = 10;

/**
 * The clockwork: every five seconds it wakes runs that were abandoned, and every minute it asks the jobs what ought to
 * have been run by now. Both are safe in any number of processes, because a run exists once and is held once.
 */
@Injectable()
export class JobTicker implements OnApplicationBootstrap {
  private readonly logger = new Logger(JobTicker.name);
  private busy = false;

  constructor(
    private readonly runs: JobRuns,
    private readonly runner: JobRunner,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** A server that was down when something was due need not wait for the next minute. */
  onApplicationBootstrap(): void {
    if (this.settings.schedules) void this.startDue();
  }

  @Interval('jobs.abandoned', TICK_MS)
  async wakeAbandoned(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (const runId of await this.abandoned()) await this.attempt(() => this.runner.execute(runId));
    } catch (error) {
      this.logger.error('looking for abandoned runs failed', error);
    } finally {
      this.busy = false;
    }
  }

  @Cron('0 * * * * *', { name: 'jobs.due', timeZone: 'Asia/Shanghai', waitForCompletion: true })
  async startDue(): Promise<void> {
    for (const handler of this.runs.registered()) await this.attempt(() => this.startDueOf(handler));
  }

  private async startDueOf(handler: JobHandler): Promise<void> {
    if (handler.due === undefined) return;
    const today = this.clock.today();
    const due = await this.transactions.read(async (tx) => (await handler.due?.(tx, today)) ?? []);
    const actor = { username: 'system', poolArea: this.settings.poolArea };
    for (const request of due) {
      const { runId, created } = await this.runs.start({ ...request, actor });
      if (created) await this.runner.execute(runId);
      else this.logger.debug(`${request.kind} for ${request.area} ${request.period} is already running or closed`);
    }
  }

  private async abandoned(): Promise<string[]> {
    const kinds = this.runs.registered().map((handler) => handler.kind);
    const rows = await this.transactions.read((tx) =>
      tx.query<{ id: string }>(
        `SELECT id FROM job_run WHERE kind = ANY ($1) AND (
           (state = 'running' AND (lease_until IS NULL OR lease_until < clock_timestamp()))
           OR (state = 'waiting' AND created_at < clock_timestamp() - $2 * interval '1 second'))
         ORDER BY created_at LIMIT 20`,
        [kinds, ORPHAN_AFTER_SECONDS],
      ),
    );
    return rows.map((row) => row.id);
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.error('a scheduled job failed; it is in the list of runs', error);
    }
  }
}
