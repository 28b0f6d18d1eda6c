import { Injectable } from '@nestjs/common';
import type { Tx } from '../db/index.js';
import { uuid7 } from '../ids/index.js';
import type { OutboxHandler, OutboxMessage } from './outbox-types.js';

/** Where rooms say what happened, and where those interested say that they are. */
@Injectable()
export class Outbox {
  private readonly handlers = new Map<string, OutboxHandler[]>();

  /** Writes the event in the transaction in which it happened: it is told if and only if that commits. */
  async publish(tx: Tx, message: OutboxMessage): Promise<string> {
    const id = uuid7();
    await tx.query(
      `INSERT INTO outbox_event (pool_area, owner_id, id, topic, key, payload)
       VALUES ($1, owner_of($4), $2, $3, $4, $5)`,
      [message.poolArea, id, message.topic, message.key, JSON.stringify(message.payload)],
    );
    return id;
  }

  /** A room announces its interest, once, when its module starts. */
  register(handler: OutboxHandler): void {
    this.handlers.set(handler.topic, [...this.handlersOf(handler.topic), handler]);
  }

  handlersOf(topic: string): readonly OutboxHandler[] {
    return this.handlers.get(topic) ?? [];
  }

  topics(): string[] {
    return [...this.handlers.keys()];
  }
}
