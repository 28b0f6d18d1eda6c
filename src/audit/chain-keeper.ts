import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '../common/config/index.js';
import { Transactions } from '../common/db/index.js';
import type { Counter } from 'prom-client';
import { Metrics } from '../common/metrics/index.js';
import { Clock } from '../common/time/index.js';
import { Anchors } from './anchors.js';
import { ChainWriter } from './chain-writer.js';

const SWEEP_MS = 30_000;

/** Every half minute, in whichever process comes first: what has become final goes into the chain. */
@Injectable()
export class ChainKeeper {
  private readonly logger = new Logger(ChainKeeper.name);
  private busy = false;
  private lastSweep = 0;
  private readonly failures: Counter<'step'>;

  constructor(
    private readonly writer: ChainWriter,
    private readonly anchors: Anchors,
    private readonly transactions: Transactions,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    metrics.gauge(
      'tongchou_audit_chain_swept_seconds',
      'Time of the last sweep of the audit chain, seconds since 1970',
      () => this.lastSweep,
    );
    this.failures = metrics.counter('tongchou_audit_chain_failures_total', 'Sweeps and anchors that failed', ['step']);
  }

  @Interval('audit.chain', SWEEP_MS)
  async tick(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.attempt('sweep', () => this.sweep());
      await this.attempt('anchor', () => this.anchorDue());
    } finally {
      this.busy = false;
    }
  }

  private async attempt(step: 'sweep' | 'anchor', work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failures.inc({ step });
      this.logger.error(`audit chain: ${step} failed, it is tried again`, error);
    }
  }

  private async anchorDue(): Promise<void> {
    for (const poolArea of await this.pools()) {
      const made = await this.anchors.makeDue(poolArea);
      if (made !== undefined) this.logger.log(`anchor ${String(made.seq)} of pool ${poolArea} was written`);
    }
  }

  /** Chains what is final in every pool; returns the number of rows. */
  async sweep(): Promise<number> {
    let rows = 0;
    for (const poolArea of await this.pools()) rows += await this.writer.sweep(poolArea);
    this.metrics.counter('tongchou_audit_chain_rows_total', 'Rows put into the audit chain by this process').inc(rows);
    this.lastSweep = this.clock.now().getTime() / 1_000;
    return rows;
  }

  /** The pools whose users could have left anything in the record. */
  pools(): Promise<string[]> {
    return this.transactions.read(async (tx) => {
      const rows = await tx.query<{ pool_area: string }>(
        'SELECT $1::text AS pool_area UNION SELECT pool_area FROM app_user ORDER BY 1',
        [this.settings.poolArea],
      );
      return rows.map((row) => row.pool_area);
    });
  }
}
