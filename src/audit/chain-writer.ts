import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { firstDay, monthOf, Clock } from '../common/time/index.js';
import { MARKER, sweepSql } from './chain-sql.js';
import { GENESIS } from './domain/chain.js';
import { columnsOf, type StreamSource, STREAMS, TEXT_SETTINGS } from './streams.js';

interface HeadRow {
  seq: bigint;
  hash: Buffer;
  horizon: bigint | null;
  cluster: bigint;
  sealed_at: string;
}

/** What one sweep needs to know before it begins. */
interface Start {
  readonly head: HeadRow | undefined;
  readonly form: number;
  readonly columns: readonly string[];
  readonly cluster: bigint;
}

const UNFINISHED = 0n;

/**
 * Fills the chain: takes what became final since the last sweep, stream by stream, and appends blocks. It reads the
 * tables after the fact, so whoever writes a bill pays nothing for it. Any number of processes may try: one at a time
 * holds the stream, and the number of a block can be given once only.
 */
@Injectable()
export class ChainWriter {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Appends all that is final in all streams of a pool; returns the number of rows chained. */
  async sweep(poolArea: string): Promise<number> {
    let rows = 0;
    for (const source of STREAMS) rows += await this.sweepStream(poolArea, source);
    return rows;
  }

  private async sweepStream(poolArea: string, source: StreamSource): Promise<number> {
    const rows = await this.held(poolArea, source, async (tx, start) => {
      const { head, cluster } = start;
      const small = source.xid === null;
      if (!small && (head === undefined || head.horizon === null || head.cluster !== cluster)) return 'begin' as const;
      return append(tx, poolArea, source, start, {
        since: head?.sealed_at ?? null,
        month: null,
        horizon: small ? null : (head?.horizon ?? null),
      });
    });
    return rows === 'begin' ? this.begin(poolArea, source) : (rows ?? 0);
  }

  /**
   * The beginning of a chain, and its continuation in another cluster, whose transactions are numbered anew: everything
   * that no block has is taken, month by month, each in a transaction of its own. Interrupted, it goes on the next time.
   */
  private async begin(poolArea: string, source: StreamSource): Promise<number> {
    const plan = await this.held(poolArea, source, async (tx) => {
      const { horizon } = await tx.one<{ horizon: bigint }>(
        'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon',
      );
      const months = await tx.query<{ month: string }>(
        `SELECT DISTINCT ${source.month} AS month FROM ${source.table} WHERE pool_area = $1 ORDER BY 1`,
        [poolArea],
      );
      return { horizon, months: months.map(({ month }) => month) };
    });
    if (plan === undefined) return 0;
    let rows = 0;
    for (const month of plan.months) {
      const done = await this.held(poolArea, source, (tx, start) =>
        append(tx, poolArea, source, { ...start, cluster: UNFINISHED }, { since: null, month, horizon: null }),
      );
      if (done === undefined) return rows;
      rows += done;
    }
    await this.held(poolArea, source, (tx, start) => this.mark(tx, poolArea, source, start, plan.horizon));
    return rows;
  }

  private async mark(tx: Tx, poolArea: string, source: StreamSource, start: Start, horizon: bigint): Promise<void> {
    const month = firstDay(monthOf(this.clock.today()));
    await tx.query(MARKER, [...parameters(poolArea, source, start, start.head?.sealed_at ?? null), horizon, month]);
  }

  /** Runs `work` while this process alone holds the stream; undefined when another one does. */
  private held<T>(
    poolArea: string,
    source: StreamSource,
    work: (tx: Tx, start: Start) => Promise<T>,
  ): Promise<T | undefined> {
    return this.transactions.run(async (tx) => {
      const { mine } = await tx.one<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(advisory_key('audit-chain', $1)) AS mine`,
        [`${poolArea}:${source.stream}`],
      );
      if (!mine) return undefined;
      await tx.query(TEXT_SETTINGS);
      return work(tx, await startOf(tx, poolArea, source));
    });
  }
}

async function startOf(tx: Tx, poolArea: string, source: StreamSource): Promise<Start> {
  const head = await tx.maybe<HeadRow>(
    `SELECT seq, hash, horizon, cluster, sealed_at::text FROM audit_chain
     WHERE pool_area = $1 AND stream = $2 ORDER BY seq DESC LIMIT 1`,
    [poolArea, source.stream],
  );
  const { cluster } = await tx.one<{ cluster: bigint }>('SELECT system_identifier AS cluster FROM pg_control_system()');
  return { head, cluster, ...(await formOf(tx, source)) };
}

/** The form for the columns that the table has now; made when a migration has changed them. */
async function formOf(tx: Tx, source: StreamSource): Promise<{ form: number; columns: readonly string[] }> {
  const columns = await columnsOf(tx, source);
  const newest = await tx.maybe<{ form: number; columns: string[] }>(
    'SELECT form, columns FROM audit_chain_form WHERE stream = $1 ORDER BY form DESC LIMIT 1',
    [source.stream],
  );
  if (newest !== undefined && newest.columns.join() === columns.join()) return newest;
  const form = (newest?.form ?? 0) + 1;
  await tx.query('INSERT INTO audit_chain_form (stream, form, columns) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    source.stream,
    form,
    columns,
  ]);
  return { form, columns };
}

async function append(
  tx: Tx,
  poolArea: string,
  source: StreamSource,
  start: Start,
  what: { readonly since: string | null; readonly month: string | null; readonly horizon: bigint | null },
): Promise<number> {
  const blocks = await tx.query<{ row_count: number }>(sweepSql(source, start.columns), [
    ...parameters(poolArea, source, start, what.since),
    what.month,
    what.horizon,
  ]);
  return blocks.reduce((sum, block) => sum + block.row_count, 0);
}

function parameters(poolArea: string, source: StreamSource, start: Start, since: string | null): unknown[] {
  const { head, form, cluster, columns } = start;
  const seq = head?.seq ?? 0n;
  return [poolArea, source.stream, form, seq, head?.hash ?? Buffer.from(GENESIS), cluster, since, columns.join(',')];
}
