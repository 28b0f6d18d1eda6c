import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx, Transactions } from '../db/index.js';
import { Metrics, type Reading } from '../metrics/index.js';

/** One scrape reads each table once, whatever number of figures comes from it. */
const KEEP_MS = 1_000;

interface OneRow {
  outbox_pending: bigint;
  outbox_failing: bigint;
  outbox_age: number;
  lock_waits: bigint;
  lock_age: number;
  deadlocks: bigint;
  sessions: number;
  bytes: bigint;
  archive_failures: bigint | null;
  archive_age: number | null;
  unfinished_age: number;
}

interface RunRow {
  kind: string;
  state: string;
  runs: bigint;
  last_seconds: number | null;
}

interface Snapshot {
  readonly one: OneRow;
  readonly runs: readonly RunRow[];
}

/** Nothing here needs a right that the server's role does not have; pg_stat_activity tells it its own sessions only. */
const ONE = `
  SELECT o.outbox_pending, o.outbox_failing, o.outbox_age, l.lock_waits, l.lock_age, d.deadlocks,
         d.numbackends AS sessions, pg_database_size(current_database()) AS bytes,
         CASE WHEN a.on THEN a.failed_count END AS archive_failures,
         CASE WHEN a.on THEN extract(epoch FROM clock_timestamp() - a.since)::float8 END AS archive_age,
         j.unfinished_age
    FROM (SELECT count(*) AS outbox_pending, count(*) FILTER (WHERE attempts > 0) AS outbox_failing,
                 coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS outbox_age
            FROM outbox_event WHERE dispatched_at IS NULL) o,
         (SELECT count(*) AS lock_waits,
                 coalesce(extract(epoch FROM clock_timestamp() - min(waitstart)), 0)::float8 AS lock_age
            FROM pg_locks WHERE NOT granted) l,
         (SELECT deadlocks, numbackends FROM pg_stat_database WHERE datname = current_database()) d,
         (SELECT failed_count, coalesce(last_archived_time, stats_reset) AS since,
                 current_setting('archive_mode') <> 'off' AS on FROM pg_stat_archiver) a,
         (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS unfinished_age
            FROM job_run WHERE state IN ('waiting', 'running')) j`;

const RUNS = `
  SELECT kind, state, count(*) AS runs,
         (array_agg(extract(epoch FROM finished_at - started_at)::float8 ORDER BY finished_at DESC)
            FILTER (WHERE finished_at IS NOT NULL))[1] AS last_seconds
    FROM job_run GROUP BY kind, state`;

/** What a monitor is told of the database, the same from every process: outbox, jobs, locks, archive. */
@Injectable()
export class DatabaseFigures implements OnModuleInit {
  private taken: { readonly at: number; readonly snapshot: Promise<Snapshot> } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.metrics.gauge('tongchou_database_up', '1 when the database answered this scrape', async () => {
      return this.snapshot().then(
        () => 1,
        () => 0,
      );
    });
    this.one('gauge', 'tongchou_outbox_pending', 'Events not handed on yet', (row) => row.outbox_pending);
    this.one('gauge', 'tongchou_outbox_failing', 'Events that failed and wait for another try', (row) => {
      return row.outbox_failing;
    });
    this.one(
      'gauge',
      'tongchou_outbox_oldest_seconds',
      'Age of the oldest event not handed on',
      (row) => row.outbox_age,
    );
    this.one('gauge', 'tongchou_database_lock_waits', 'Lock requests that wait', (row) => row.lock_waits);
    this.one('gauge', 'tongchou_database_lock_wait_seconds', 'Longest wait for a lock', (row) => row.lock_age);
    this.one(
      'counter',
      'tongchou_database_deadlocks_total',
      'Deadlocks that PostgreSQL resolved',
      (row) => row.deadlocks,
    );
    this.one('gauge', 'tongchou_database_sessions', 'Sessions on this database', (row) => row.sessions);
    this.one('gauge', 'tongchou_database_bytes', 'Size of the database', (row) => row.bytes);
    this.one('counter', 'tongchou_wal_archive_failures_total', 'WAL files that could not be archived', (row) => {
      return row.archive_failures;
    });
    this.one(
      'gauge',
      'tongchou_wal_archive_age_seconds',
      'Time since a WAL file was archived',
      (row) => row.archive_age,
    );
    this.jobs();
  }

  private one(
    kind: 'gauge' | 'counter',
    name: string,
    help: string,
    value: (row: OneRow) => bigint | number | null,
  ): void {
    this.metrics.figure({ kind, name, help }, async () => {
      const found = value((await this.snapshot()).one);
      return found === null ? [] : [{ value: Number(found) }];
    });
  }

  private jobs(): void {
    this.one('gauge', 'tongchou_job_oldest_unfinished_seconds', 'Age of the oldest run that is not done', (row) => {
      return row.unfinished_age;
    });
    this.metrics.figure(
      { kind: 'gauge', name: 'tongchou_job_runs', help: 'Runs of jobs by their state', labels: ['kind', 'state'] },
      async () => this.runs(({ runs }) => Number(runs)),
    );
    this.metrics.figure(
      {
        kind: 'gauge',
        name: 'tongchou_job_last_run_seconds',
        help: 'How long the last finished run of a job took, from its first start',
        labels: ['kind', 'state'],
      },
      async () => this.runs(({ last_seconds }) => last_seconds),
    );
  }

  private async runs(value: (row: RunRow) => number | null): Promise<Reading<'kind' | 'state'>[]> {
    return (await this.snapshot()).runs.flatMap((row) => {
      const found = value(row);
      return found === null ? [] : [{ labels: { kind: row.kind, state: row.state }, value: found }];
    });
  }

  private snapshot(): Promise<Snapshot> {
    const now = performance.now();
    if (this.taken === undefined || now - this.taken.at > KEEP_MS) {
      this.taken = { at: now, snapshot: this.transactions.autocommit(readSnapshot) };
    }
    return this.taken.snapshot;
  }
}

async function readSnapshot(tx: Tx): Promise<Snapshot> {
  return { one: await tx.one<OneRow>(ONE), runs: await tx.query<RunRow>(RUNS) };
}
