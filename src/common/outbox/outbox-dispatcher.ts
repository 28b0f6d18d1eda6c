import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type Tx, Transactions } from '../db/index.js';
import type { JsonObject } from '../jobs/index.js';
import { traced } from '../tracing/index.js';
import type { OutboxEvent } from './outbox-types.js';
import { Outbox } from './outbox.js';

const TICK_MS = 1_000;
const LONGEST_PAUSE_SECONDS = 3_600;

interface EventRow {
  pool_area: string;
  id: string;
  topic: string;
  key: string;
  payload: JsonObject;
  created_at: Date;
}

/**
 * The oldest event of some key that nobody is handing on. Only events of transactions older than every running one are
 * looked at: a lower number may otherwise commit after a higher one, and order within a key would be lost. A failed event
 * holds back the later ones of its key and no others.
 */
const NEXT = `
  SELECT e.pool_area, e.id, e.topic, e.key, e.payload, e.created_at
  FROM outbox_event e
  WHERE e.dispatched_at IS NULL AND e.topic = ANY ($1) AND e.next_attempt_at <= clock_timestamp()
    AND e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    AND NOT EXISTS (SELECT FROM outbox_event b WHERE b.dispatched_at IS NULL AND b.owner_id = e.owner_id
      AND b.key = e.key AND b.seq < e.seq AND b.topic = ANY ($1))
  ORDER BY e.seq LIMIT 1 FOR UPDATE OF e SKIP LOCKED`;

/** Hands events on, at least once each and in order per key, in any number of processes side by side. */
@Injectable()
export class OutboxDispatcher {
  private readonly logger = new Logger(OutboxDispatcher.name);
  private busy = false;

  constructor(
    private readonly outbox: Outbox,
    private readonly transactions: Transactions,
  ) {}

  @Interval('outbox.dispatch', TICK_MS)
  async tick(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.drain();
    } catch (error) {
      this.logger.error('handing on events failed', error);
    } finally {
      this.busy = false;
    }
  }

  /** Hands on everything that is due now; returns how many events were handed on. */
  async drain(): Promise<number> {
    const topics = this.outbox.topics();
    await this.skipUnheard(topics);
    let handed = 0;
    for (;;) {
      const outcome = await this.handOnOne(topics);
      if (outcome === 'none') return handed;
      if (outcome === 'handed') handed += 1;
    }
  }

  // Topics that nobody hears: all at once, without taking them in hand one by one.
  private async skipUnheard(topics: readonly string[]): Promise<void> {
    await this.transactions.run((tx) =>
      tx.query(
        `UPDATE outbox_event SET dispatched_at = clock_timestamp() WHERE (pool_area, owner_id, id) IN (
           SELECT pool_area, owner_id, id FROM outbox_event WHERE dispatched_at IS NULL AND topic <> ALL ($1)
           LIMIT 50000 FOR UPDATE SKIP LOCKED)`,
        [topics],
      ),
    );
  }

  private async handOnOne(topics: readonly string[]): Promise<'none' | 'handed' | 'failed'> {
    let event: OutboxEvent | undefined;
    try {
      return await this.transactions.run(async (tx) => {
        const row = await tx.maybe<EventRow>(NEXT, [topics]);
        event = row === undefined ? undefined : eventOf(row);
        if (event === undefined) return 'none';
        await this.tell(tx, event);
        await mark(tx, event);
        return 'handed';
      });
    } catch (error) {
      if (event === undefined) throw error;
      await this.postpone(event, error);
      return 'failed';
    }
  }

  private async tell(tx: Tx, event: OutboxEvent): Promise<void> {
    for (const handler of this.outbox.handlersOf(event.topic)) {
      const facts = { 'outbox.topic': event.topic, 'outbox.handler': handler.name };
      await traced('outbox.dispatch', facts, () => handler.handle(tx, event));
    }
  }

  private async postpone(event: OutboxEvent, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    this.logger.warn(`event ${event.id} of ${event.topic} failed and will be tried again: ${message}`);
    await this.transactions.run((tx) =>
      tx.query(
        `UPDATE outbox_event SET attempts = attempts + 1, last_error = $3,
           next_attempt_at = clock_timestamp() + least(power(2, attempts), $4) * interval '1 second'
         WHERE pool_area = $1 AND id = $2 AND owner_id = owner_of($5) AND dispatched_at IS NULL`,
        [event.poolArea, event.id, message.slice(0, 500), LONGEST_PAUSE_SECONDS, event.key],
      ),
    );
  }
}

async function mark(tx: Tx, event: OutboxEvent): Promise<void> {
  await tx.query(
    `UPDATE outbox_event SET dispatched_at = clock_timestamp(), attempts = attempts + 1, last_error = NULL
     WHERE pool_area = $1 AND id = $2 AND owner_id = owner_of($3)`,
    [event.poolArea, event.id, event.key],
  );
}

function eventOf(row: EventRow): OutboxEvent {
  return {
    poolArea: row.pool_area,
    id: row.id,
    topic: row.topic,
    key: row.key,
    payload: row.payload,
    createdAt: row.created_at,
  };
}
