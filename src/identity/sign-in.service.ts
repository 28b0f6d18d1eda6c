import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError } from '../common/http/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { type Actor, systemActor } from './domain/actor.js';
import type { Client } from './domain/device.js';
import { identityErrors } from './errors.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import { digest, Sessions, type TokenPair } from './sessions.js';
import { type CountedTry, Throttles } from './throttles.js';

/** The time to look at the phone. */
const CHALLENGE_SECONDS = 300;
const TOKEN_BYTES = 32;

/** The password was right; the code of the second factor is still to come. */
export interface Challenge {
  readonly challenge: string;
  /** Seconds until the challenge ends. */
  readonly expiresIn: number;
}

interface UserRow {
  id: string;
  username: string;
  display_name: string;
  pool_area: string;
  password_hash: string | null;
  state: string;
}

const COLUMNS = 'u.id, u.username, u.display_name, u.pool_area, u.password_hash, u.state';
const READ_USER = `SELECT ${COLUMNS} FROM app_user u WHERE u.username = $1`;
const READ_CHALLENGED = `SELECT ${COLUMNS} FROM sign_in_challenge c JOIN app_user u ON u.id = c.user_id
  WHERE c.token_hash = $1 AND c.used_at IS NULL AND c.expires_at > $2`;

/** Sign-in: the password, then the code where a second factor is enrolled. */
@Injectable()
export class SignInService {
  constructor(
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    private readonly sessions: Sessions,
    private readonly throttles: Throttles,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session, or asks for the code. Error 401 `identity.sign-in-refused` for an unknown user, a wrong password, a
   * locked or disabled account alike, after the same work; 429 for an address with too many failures.
   */
  async signIn(username: string, password: string, client: Client): Promise<TokenPair | Challenge> {
    const user = await this.transactions.autocommit((tx) => tx.maybe<UserRow>(READ_USER, [username]));
    const tried = await this.throttles.begin({ username, userId: user?.id, address: client.address });
    const fits = await this.passwords.matches(user?.password_hash ?? undefined, password);
    const outcome = await this.transactions.run(async (tx) => {
      if (user === undefined || !fits || !tried.open || !(await this.isUnchanged(tx, user))) {
        await this.refused(tx, user, tried);
        return undefined;
      }
      if (await this.factors.isActive(tx, user.id)) {
        await this.throttles.settle(tx, tried, false);
        return this.challenge(tx, user.id);
      }
      return this.open(tx, user, tried, client, false);
    });
    if (outcome === undefined) throw new HttpError(identityErrors['sign-in-refused'], 401);
    return outcome;
  }

  /**
   * The second step. Errors 401 `identity.challenge-refused` when the challenge is over, `identity.code-refused` for a wrong
   * or used code and for a locked account; 429 as above.
   */
  async signInWithCode(challenge: string, code: string, client: Client): Promise<TokenPair> {
    const hash = digest(challenge);
    const user = await this.transactions.autocommit((tx) =>
      tx.maybe<UserRow>(READ_CHALLENGED, [hash, this.clock.now()]),
    );
    const tried = await this.throttles.begin({
      username: user?.username ?? '',
      userId: user?.id,
      address: client.address,
    });
    if (user === undefined) throw new HttpError(identityErrors['challenge-refused'], 401);
    const pair = await this.transactions.run(async (tx) => {
      const by =
        tried.open && (await this.isUnchanged(tx, user)) ? await this.factors.use(tx, user.id, code) : undefined;
      if (by === undefined || !(await this.useChallenge(tx, hash))) {
        await this.refused(tx, user, tried);
        return undefined;
      }
      return this.open(tx, user, tried, client, true);
    });
    if (pair === undefined) throw new HttpError(identityErrors['code-refused'], 401);
    return pair;
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

  // Between reading the password and now the account may have been disabled or its password changed.
  private async isUnchanged(tx: Tx, user: UserRow): Promise<boolean> {
    const rows = await tx.query(
      `SELECT FROM app_user WHERE id = $1 AND state = 'active' AND password_hash = $2 FOR SHARE`,
      [user.id, user.password_hash],
    );
    return rows.length > 0;
  }

  private async challenge(tx: Tx, userId: string): Promise<Challenge> {
    const challenge = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(this.clock.now().getTime() + CHALLENGE_SECONDS * 1_000);
    await tx.query('INSERT INTO sign_in_challenge (token_hash, user_id, expires_at) VALUES ($1, $2, $3)', [
      digest(challenge),
      userId,
      expiresAt,
    ]);
    return { challenge, expiresIn: CHALLENGE_SECONDS };
  }

  private async useChallenge(tx: Tx, hash: Buffer): Promise<boolean> {
    const used = await tx.query(
      'UPDATE sign_in_challenge SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL RETURNING user_id',
      [hash, this.clock.now()],
    );
    return used.length > 0;
  }

  private async open(tx: Tx, user: UserRow, tried: CountedTry, client: Client, byFactor: boolean): Promise<TokenPair> {
    await this.throttles.settle(tx, tried, true);
    await Audit.access(tx, asActor(user), {
      action: 'identity.signed-in',
      subjectKind: 'user',
      subjectId: user.id,
      details: { address: client.address, byFactor },
    });
    return this.sessions.open(tx, user.id, client, byFactor);
  }

  // An unknown user leaves the same kind of line: the work is the same, and the trail shows what was tried from where.
  private async refused(tx: Tx, user: UserRow | undefined, tried: CountedTry): Promise<void> {
    const actor = user === undefined ? this.throttles.nobody() : asActor(user);
    await Audit.access(tx, actor, {
      action: 'identity.sign-in-refused',
      subjectKind: 'user',
      subjectId: user?.id ?? 'unknown',
      details: { address: tried.address },
    });
    if (tried.locks && user !== undefined) await this.throttles.accountRests(tx, asActor(user), tried.address);
  }
}

function asActor(user: UserRow): Actor {
  return {
    ...systemActor(user.pool_area),
    userId: user.id,
    username: user.username,
    displayName: user.display_name,
  };
}
