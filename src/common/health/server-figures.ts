import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Settings } from '../config/index.js';
import { Transactions } from '../db/index.js';
import { JobRunner } from '../jobs/index.js';
import { Metrics } from '../metrics/index.js';
import { Readiness } from './readiness.js';

/** What a monitor is told of this process: its version, its pool of connections, its retries, its jobs. */
@Injectable()
export class ServerFigures implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly settings: Settings,
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly runner: JobRunner,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    const { metrics, settings } = this;
    const labels = { version: settings.version, node: process.versions.node };
    metrics.figure(
      { kind: 'gauge', name: 'tongchou_build_info', help: 'Always 1; which program runs', labels: ['version', 'node'] },
      () => [{ labels, value: 1 }],
    );
    metrics.gauge('tongchou_stopping', '1 while the process was told to end and still serves', () =>
      this.readiness.isStopping ? 1 : 0,
    );
    this.countConflicts();
    this.watchPool();
    this.runner.unitDone = (kind, seconds) => {
      metrics.observeUnit(kind, seconds);
    };
  }

  private countConflicts(): void {
    const conflicts = this.metrics.counter(
      'tongchou_transaction_conflicts_total',
      'Transactions that met a deadlock or a serialization failure, by SQLSTATE: retried, or given up after five tries',
      ['sqlstate', 'outcome'],
    );
    this.transactions.conflictMet = (sqlstate, outcome) => {
      conflicts.inc({ sqlstate, outcome });
    };
    // Both series exist from the start, so that a first conflict is seen as a rise.
    for (const outcome of ['retried', 'given-up']) conflicts.inc({ sqlstate: '40P01', outcome }, 0);
  }

  private watchPool(): void {
    this.metrics.figure(
      {
        kind: 'gauge',
        name: 'tongchou_db_pool_connections',
        help: 'Connections of this process to the database, and callers that wait for one',
        labels: ['state'],
      },
      () => {
        const { totalCount, idleCount, waitingCount } = this.pool();
        return [
          { labels: { state: 'in_use' }, value: totalCount - idleCount },
          { labels: { state: 'idle' }, value: idleCount },
          { labels: { state: 'waiting' }, value: waitingCount },
        ];
      },
    );
    this.metrics.gauge('tongchou_db_pool_limit', 'Most connections this process may have', () => {
      return this.settings.poolSize;
    });
  }

  // The ORM keeps the driver's pool in a member that its types do not name.
  private pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}
