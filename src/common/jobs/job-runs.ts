import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../db/index.js';
import { DomainError } from '../errors/index.js';
import { uuid7 } from '../ids/index.js';
import { jobErrors } from './errors.js';
import type { JobFault, JobHandler, JobRequest, JobRun, JobState, JsonObject } from './job-types.js';

const PERIOD = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?(\.\d{1,3})?$/;

/** Columns of `job_run` in the order in which `JobRow` names them. */
export const RUN_COLUMNS = `pool_area, id, kind, area_code, period, params, state, fence, attempts, units_planned,
  units_done, result, error, created_by, created_at, started_at, finished_at`;

export interface JobRow {
  pool_area: string;
  id: string;
  kind: string;
  area_code: string;
  period: string;
  params: JsonObject;
  state: JobState;
  fence: bigint;
  attempts: number;
  units_planned: number | null;
  units_done: number;
  result: JsonObject | null;
  error: JobFault | null;
  created_by: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

/** Which runs to list; what is left out does not filter. */
export interface JobFilter {
  readonly poolArea: string;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  readonly period?: string | undefined;
}

/** Register of the jobs that this process can do, and the table of their runs. */
@Injectable()
export class JobRuns {
  private readonly handlers = new Map<string, JobHandler>();

  constructor(private readonly transactions: Transactions) {}

  /** A room announces its job, once, when its module starts. */
  register(handler: JobHandler): void {
    if (this.handlers.has(handler.kind)) throw new Error(`job ${handler.kind} is registered twice`);
    this.handlers.set(handler.kind, handler);
  }

  /** @throws DomainError `jobs.unknown-kind` */
  handler(kind: string): JobHandler {
    const handler = this.handlers.get(kind);
    if (handler === undefined) throw new DomainError(jobErrors['unknown-kind'], { kind });
    return handler;
  }

  registered(): JobHandler[] {
    return [...this.handlers.values()];
  }

  /**
   * Makes the run of (kind, area, period), or finds the one that is there, whoever asks first and however many ask at
   * once. Nothing is executed here.
   * @throws DomainError `jobs.unknown-kind`, `jobs.bad-period`
   */
  async start(request: JobRequest): Promise<{ runId: string; created: boolean }> {
    return this.transactions.run((tx) => this.startIn(tx, request));
  }

  /** As `start`, inside a transaction of the caller: the run exists if and only if that commits. */
  async startIn(tx: Tx, request: JobRequest): Promise<{ runId: string; created: boolean }> {
    this.handler(request.kind);
    if (!PERIOD.test(request.period)) throw new DomainError(jobErrors['bad-period'], { period: request.period });
    const { kind, area, period, actor } = request;
    const made = await tx.maybe<{ id: string }>(
      `INSERT INTO job_run (pool_area, id, kind, area_code, period, params, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT uq_job_run_kind_area_period DO NOTHING RETURNING id`,
      [actor.poolArea, uuid7(), kind, area, period, JSON.stringify(request.params ?? {}), actor.username],
    );
    if (made !== undefined) return { runId: made.id, created: true };
    const there = await tx.one<{ id: string }>(
      'SELECT id FROM job_run WHERE pool_area = $1 AND kind = $2 AND area_code = $3 AND period = $4',
      [actor.poolArea, kind, area, period],
    );
    return { runId: there.id, created: false };
  }

  /** Runs of a pool, newest first (an id is ordered by time), `limit` at most. */
  async list(filter: JobFilter, page: { limit: number; before?: string | undefined }): Promise<JobRun[]> {
    const rows = await this.transactions.read((tx) =>
      tx.query<JobRow>(
        `SELECT ${RUN_COLUMNS} FROM job_run
         WHERE pool_area = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3)
           AND ($4::text IS NULL OR period = $4) AND ($5::uuid IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6`,
        [
          filter.poolArea,
          filter.kind ?? null,
          filter.state ?? null,
          filter.period ?? null,
          page.before ?? null,
          page.limit,
        ],
      ),
    );
    return rows.map(runOf);
  }

  /** @throws DomainError `jobs.not-found` */
  async get(runId: string): Promise<JobRun> {
    const run = await this.transactions.read((tx) => findRun(tx, runId));
    if (run === undefined) throw new DomainError(jobErrors['not-found']);
    return run;
  }
}

/** The run, or undefined. */
export async function findRun(tx: Tx, runId: string): Promise<JobRun | undefined> {
  const row = await tx.maybe<JobRow>(`SELECT ${RUN_COLUMNS} FROM job_run WHERE id = $1`, [runId]);
  return row === undefined ? undefined : runOf(row);
}

export function runOf(row: JobRow): JobRun {
  return {
    id: row.id,
    poolArea: row.pool_area,
    kind: row.kind,
    area: row.area_code,
    period: row.period,
    params: row.params,
    state: row.state,
    fence: row.fence,
    attempts: row.attempts,
    unitsPlanned: row.units_planned,
    unitsDone: row.units_done,
    result: row.result,
    error: row.error,
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
