import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError, httpErrors } from '../common/http/index.js';
import { Metrics } from '../common/metrics/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { type Actor, systemActor } from './domain/actor.js';
import {
  ACCOUNT_LIMIT,
  ADDRESS_LIMIT,
  addressKey,
  attempt,
  refunded,
  type ThrottleLimit,
  type ThrottleState,
} from './domain/throttle-rule.js';
import { Notices } from './notices.js';

/** What is being tried: a name, whether or not it exists, and from where. */
export interface Try {
  readonly username: string;
  readonly address: string;
  /** The user of that name, if there is one. */
  readonly userId?: string | undefined;
}

/** An attempt that was counted; `settle` it when it proved right. */
export interface CountedTry extends Try {
  /** False while the account rests: the answer is then no, whatever the proof. */
  readonly open: boolean;
  /** Whether it was the last try before a rest. */
  readonly locks: boolean;
  readonly keys: readonly [account: string, address: string];
}

interface Row {
  failures: number;
  window_from: Date;
  locked_until: Date | null;
}

/**
 * Failed proofs, counted in the database: all processes and restarts know them. An account is counted by itself, except at
 * an address from which its user signed in before: there it has a count of its own. So who tries passwords from elsewhere
 * cannot keep an administrator out of their own office.
 */
@Injectable()
export class Throttles {
  private readonly rests;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly notices: Notices,
    metrics: Metrics,
  ) {
    this.rests = metrics.counter('tongchou_sign_in_rests_total', 'Rests after too many wrong sign-ins', ['of']);
  }

  /** Counts an attempt. Error 429 when its address rests; an account at rest answers by `open: false`. */
  async begin(tried: Try): Promise<CountedTry> {
    const counted = await this.transactions.run(async (tx) => {
      const address = addressKey(tried.address);
      const keys = [await this.accountKey(tx, tried, address), `a:${address}`] as const;
      // Always the address first: two attempts lock the two rows in one order.
      const byAddress = await this.count(tx, keys[1], ADDRESS_LIMIT);
      if (byAddress.locks) await this.addressRests(tx, address);
      if (!byAddress.allowed) return undefined;
      const byAccount = await this.count(tx, keys[0], ACCOUNT_LIMIT);
      return { ...tried, open: byAccount.allowed, locks: byAccount.locks, keys };
    });
    if (counted === undefined) throw tooMany();
    return counted;
  }

  /** Takes an attempt back that proved right. `whole`: the user is signed in, so earlier failures are forgotten, too. */
  async settle(tx: Tx, tried: CountedTry, whole: boolean): Promise<void> {
    for (const key of [tried.keys[1], tried.keys[0]]) {
      if (whole && key === tried.keys[0]) {
        await tx.query('DELETE FROM sign_in_throttle WHERE key = $1', [key]);
        continue;
      }
      const row = await this.locked(tx, key);
      if (row !== undefined) await this.write(tx, key, refunded(stateOf(row)));
    }
    if (!whole || tried.userId === undefined) return;
    await tx.query(
      `INSERT INTO known_address (user_id, address, last_at) VALUES ($1, $2, $3)
       ON CONFLICT ON CONSTRAINT pk_known_address DO UPDATE SET last_at = excluded.last_at`,
      [tried.userId, addressKey(tried.address), this.clock.now()],
    );
  }

  /** The last try was wrong and the account rests now: metric, audit and a notice to its user. */
  async accountRests(tx: Tx, actor: Actor, address: string): Promise<void> {
    this.rests.inc({ of: 'account' });
    await Audit.access(tx, actor, {
      action: 'identity.account-locked',
      subjectKind: 'user',
      subjectId: actor.userId,
      details: { address },
    });
    await this.notices.add(tx, actor.userId, 'account-locked', { address });
  }

  /** Who stands in the trail for a user that does not exist. */
  nobody(): Actor {
    return systemActor(this.settings.poolArea);
  }

  /** Ends the rests of an account, wherever they were earned. */
  async release(tx: Tx, username: string): Promise<void> {
    await tx.query('DELETE FROM sign_in_throttle WHERE starts_with(key, $1)', [nameKey(username)]);
  }

  private async accountKey(tx: Tx, { username, userId }: Try, address: string): Promise<string> {
    const known = await tx.query('SELECT FROM known_address WHERE user_id = $1 AND address = $2', [
      userId ?? null,
      address,
    ]);
    return known.length === 0 ? nameKey(username) : `${nameKey(username)}@${address}`;
  }

  private async count(
    tx: Tx,
    key: string,
    limit: ThrottleLimit,
  ): Promise<{ readonly allowed: boolean; readonly locks: boolean }> {
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO sign_in_throttle (key, failures, window_from) VALUES ($1, 0, $2)
       ON CONFLICT ON CONSTRAINT pk_sign_in_throttle DO NOTHING`,
      [key, now],
    );
    const row = await this.locked(tx, key);
    const { allowed, locks, next } = attempt(row && stateOf(row), limit, now.getTime());
    if (allowed) await this.write(tx, key, next);
    return { allowed, locks };
  }

  private locked(tx: Tx, key: string): Promise<Row | undefined> {
    return tx.maybe<Row>('SELECT failures, window_from, locked_until FROM sign_in_throttle WHERE key = $1 FOR UPDATE', [
      key,
    ]);
  }

  private async write(tx: Tx, key: string, state: ThrottleState): Promise<void> {
    await tx.query('UPDATE sign_in_throttle SET failures = $2, window_from = $3, locked_until = $4 WHERE key = $1', [
      key,
      state.failures,
      new Date(state.windowFromMs),
      state.lockedUntilMs === null ? null : new Date(state.lockedUntilMs),
    ]);
  }

  private async addressRests(tx: Tx, address: string): Promise<void> {
    this.rests.inc({ of: 'address' });
    await Audit.access(tx, systemActor(this.settings.poolArea), {
      action: 'identity.address-stopped',
      subjectKind: 'address',
      subjectId: address,
      details: { failures: ADDRESS_LIMIT.failures },
    });
  }
}

function stateOf(row: Row): ThrottleState {
  return {
    failures: row.failures,
    windowFromMs: row.window_from.getTime(),
    lockedUntilMs: row.locked_until?.getTime() ?? null,
  };
}

// People type passwords into the field for the name; so names that do not exist are kept as a hash only.
function nameKey(username: string): string {
  return `u:${createHash('sha256').update(username.toLowerCase()).digest('hex')}`;
}

function tooMany(): HttpError {
  return new HttpError(httpErrors['too-many-requests'], 429, {}, { 'retry-after': '900' });
}
