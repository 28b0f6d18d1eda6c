import type { Tx } from '../db/index.js';
import type { JsonObject } from '../jobs/index.js';

/** Something that happened, to be told to other rooms. */
export interface OutboxMessage {
  readonly poolArea: string;
  /** `room.what-happened`, e.g. `claims.settled`. */
  readonly topic: string;
  /** Events of one key are handed on in the order in which they happened; e.g. the id of the person. */
  readonly key: string;
  readonly payload: JsonObject;
}

export interface OutboxEvent extends OutboxMessage {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * A room's interest in a topic. `handle` runs in the transaction that marks the event as handed on, so what it writes to
 * this database takes effect once; it may be called again after a failure, so it must not mind a repetition elsewhere.
 */
export interface OutboxHandler {
  readonly topic: string;
  /** Who listens, for the log: `room.purpose`. */
  readonly name: string;
  handle(tx: Tx, event: OutboxEvent): Promise<void>;
}
