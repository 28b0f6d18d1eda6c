import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { HttpError, httpErrors } from '../common/http/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { type Actor, systemActor } from './domain/actor.js';
import { identityErrors } from './errors.js';
import { Passwords } from './passwords.js';
import { Sessions, type TokenPair } from './sessions.js';

/** After five wrong passwords an account rests for a quarter of an hour; the rest is not prolonged by further tries. */
const MAX_FAILURES = 5;
const LOCK_MS = 15 * 60 * 1_000;
/** Against one password tried on many accounts: wrong sign-ins of one address within the window. */
const MAX_FAILURES_PER_ADDRESS = 100;
const ADDRESS_WINDOW_MS = 15 * 60 * 1_000;

interface UserRow {
  id: string;
  username: string;
  pool_area: string;
  password_hash: string;
  state: string;
  locked_until: Date | null;
}

const READ_USER =
  'SELECT id, username, pool_area, password_hash, state, locked_until FROM app_user WHERE username = $1';

/** Sign-in by password, sign-out, change of the own password. */
@Injectable()
export class SignInService {
  private readonly failuresByAddress = new LRUCache<string, number>({ max: 10_000, ttl: ADDRESS_WINDOW_MS });

  constructor(
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session. Error 401 `identity.sign-in-refused` for an unknown user, a wrong password, a locked or disabled
   * account alike, after the same time; 429 for an address with too many failures.
   */
  async signIn(username: string, password: string, address: string): Promise<TokenPair> {
    if ((this.failuresByAddress.get(address) ?? 0) >= MAX_FAILURES_PER_ADDRESS) {
      throw new HttpError(httpErrors['too-many-requests'], 429, {}, { 'retry-after': '900' });
    }
    const user = await this.transactions.autocommit((tx) => tx.maybe<UserRow>(READ_USER, [username]));
    const fits = await this.passwords.matches(user?.password_hash, password);
    const open = user !== undefined && user.state === 'active' && !this.isLocked(user);
    const pair = fits && open ? await this.open(user) : undefined;
    if (pair !== undefined) return pair;
    this.failuresByAddress.set(address, (this.failuresByAddress.get(address) ?? 0) + 1, { noUpdateTTL: true });
    if (user !== undefined) await this.countFailure(user, fits);
    throw new HttpError(identityErrors['sign-in-refused'], 401);
  }

  /** Ends the session of the request. */
  async signOut(actor: Actor): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === null) return;
    await this.transactions.run(async (tx) => {
      await this.sessions.revoke(tx, actor.userId, 'signed-out', { only: sessionId });
      await Audit.access(tx, actor, { action: 'identity.signed-out', subjectKind: 'session', subjectId: sessionId });
    });
    this.sessions.forget(actor.userId);
  }

  /** Sets a new password and ends all other sessions. Errors `identity.password-wrong`, `identity.password-weak`. */
  async changePassword(actor: Actor, present: string, chosen: string): Promise<void> {
    const user = await this.transactions.autocommit((tx) => tx.maybe<UserRow>(READ_USER, [actor.username]));
    if (user === undefined || this.isLocked(user) || !(await this.passwords.matches(user.password_hash, present))) {
      if (user !== undefined) await this.countFailure(user, false);
      throw new DomainError(identityErrors['password-wrong']);
    }
    const hash = await this.passwords.hashChosen(chosen, actor.username);
    await this.transactions.run(async (tx) => {
      await tx.query(
        `UPDATE app_user SET password_hash = $2, password_changed_at = $3, must_change_password = false, version = version + 1
          WHERE id = $1`,
        [actor.userId, hash, this.clock.now()],
      );
      await this.sessions.revoke(tx, actor.userId, 'password-changed', { except: actor.sessionId ?? actor.userId });
      await Audit.record(tx, actor, {
        action: 'identity.password-changed',
        subjectKind: 'user',
        subjectId: actor.userId,
      });
    });
    this.sessions.forget(actor.userId);
  }

  // The lock is looked at again in the same statement: of many guesses sent at once only the first five can succeed.
  private open(user: UserRow): Promise<TokenPair | undefined> {
    return this.transactions.run(async (tx) => {
      const still = await tx.query(
        `UPDATE app_user SET failed_sign_ins = 0, locked_until = NULL
          WHERE id = $1 AND state = 'active' AND (locked_until IS NULL OR locked_until <= $2) RETURNING id`,
        [user.id, this.clock.now()],
      );
      if (still.length === 0) return undefined;
      const pair = await this.sessions.open(tx, user.id);
      await Audit.access(tx, asActor(user), { action: 'identity.signed-in', subjectKind: 'user', subjectId: user.id });
      return pair;
    });
  }

  private async countFailure(user: UserRow, fits: boolean): Promise<void> {
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      // A locked account does not count further: otherwise anybody could keep an administrator out for ever.
      await tx.query(
        `UPDATE app_user
            SET failed_sign_ins = CASE WHEN failed_sign_ins + 1 >= $3 THEN 0 ELSE failed_sign_ins + 1 END,
                locked_until = CASE WHEN failed_sign_ins + 1 >= $3 THEN $4::timestamptz ELSE NULL END
          WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $2) AND NOT $5`,
        [user.id, now, MAX_FAILURES, new Date(now.getTime() + LOCK_MS), fits],
      );
      await Audit.access(tx, asActor(user), {
        action: 'identity.sign-in-refused',
        subjectKind: 'user',
        subjectId: user.id,
      });
    });
  }

  private isLocked(user: UserRow): boolean {
    return user.locked_until !== null && user.locked_until > this.clock.now();
  }
}

function asActor(user: UserRow): Actor {
  return { ...systemActor(user.pool_area), userId: user.id, username: user.username, displayName: user.username };
}
