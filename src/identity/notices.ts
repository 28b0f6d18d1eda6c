import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import type { Actor } from './domain/actor.js';

/** What a user is told at the next sign-in, because only they can know whether it was them. */
export type NoticeKind =
  | 'refresh-reused'
  | 'account-locked'
  | 'reset-started'
  | 'credentials-set'
  | 'factor-enrolled'
  | 'recovery-code-used'
  | 'roles-changed';

export interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Row {
  id: string;
  kind: string;
  at: Date;
  details: Record<string, unknown>;
}

const SHOWN = 20;

/** Notices to a user about their own account: without mail, the console shows them after the next sign-in. */
@Injectable()
export class Notices {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async add(tx: Tx, userId: string, kind: NoticeKind, details: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await tx.query('INSERT INTO user_notice (id, user_id, kind, at, details) VALUES ($1, $2, $3, $4, $5)', [
      uuid7(),
      userId,
      kind,
      this.clock.now(),
      JSON.stringify(details),
    ]);
  }

  /** The newest that were not seen yet. */
  async unseen(tx: Tx, userId: string): Promise<Notice[]> {
    const rows = await tx.query<Row>(
      'SELECT id, kind, at, details FROM user_notice WHERE user_id = $1 AND seen_at IS NULL ORDER BY id DESC LIMIT $2',
      [userId, SHOWN],
    );
    return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
  }

  /** The user has read them all. */
  async markSeen(actor: Actor): Promise<void> {
    await this.transactions.run((tx) =>
      tx.query('UPDATE user_notice SET seen_at = $2 WHERE user_id = $1 AND seen_at IS NULL', [
        actor.userId,
        this.clock.now(),
      ]),
    );
  }
}
