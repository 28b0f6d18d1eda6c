import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/index.js';
import { Transactions } from '../common/db/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { jobErrors, JobRunner, type JobRun, JobRuns } from '../common/jobs/index.js';
import { type Actor, Audit } from '../identity/index.js';
import type { JobQueryDto, JobRunDto, StartJobDto } from './dto.js';

/** What an administrator sees of the machinery, and the jobs that may be started by hand. */
@Injectable()
export class Operations {
  constructor(
    private readonly runs: JobRuns,
    private readonly runner: JobRunner,
    private readonly transactions: Transactions,
  ) {}

  async list(actor: Actor, query: JobQueryDto): Promise<Page<JobRunDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const filter = { poolArea: actor.poolArea, kind: query.kind, state: query.state, period: query.period };
    const runs = await this.runs.list(filter, { limit: limit + 1, before: after?.[0] });
    return pageOf.page(runs, limit, (run) => [run.id], shown);
  }

  /** @throws DomainError `jobs.not-found`, also for a run of another pool */
  async get(actor: Actor, id: string): Promise<JobRunDto> {
    const run = await this.runs.get(id);
    if (run.poolArea !== actor.poolArea) throw new DomainError(jobErrors['not-found']);
    return shown(run);
  }

  /**
   * Starts a job for the pool, or finds the run that is there, and lets it go on if it is not done. Answers at once.
   * @throws DomainError `jobs.unknown-kind`, `jobs.not-by-hand`, `jobs.bad-period`
   */
  async start(actor: Actor, body: StartJobDto): Promise<JobRunDto> {
    const { kind, period } = body;
    if (this.runs.handler(kind).byHand !== true) throw new DomainError(jobErrors['not-by-hand'], { kind });
    const runId = await this.transactions.run(async (tx) => {
      const started = await this.runs.startIn(tx, { kind, area: actor.poolArea, period, actor });
      await Audit.record(tx, actor, {
        action: 'jobs.started-by-hand',
        subjectKind: 'job-run',
        subjectId: started.runId,
        details: { kind, period, created: started.created },
      });
      return started.runId;
    });
    this.runner.executeInBackground(runId);
    return shown(await this.runs.get(runId));
  }
}

function shown(run: JobRun): JobRunDto {
  return {
    id: run.id,
    kind: run.kind,
    area: run.area,
    period: run.period,
    state: run.state,
    attempts: run.attempts,
    unitsPlanned: run.unitsPlanned,
    unitsDone: run.unitsDone,
    result: run.result,
    error: run.error,
    createdBy: run.createdBy,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
