import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { AccessTokens } from './access-tokens.js';
import { Actors } from './actors.js';
import { Audit } from './audit.js';
import { systemActor } from './domain/actor.js';
import { identityErrors } from './errors.js';

/** A session ends after a working day at the latest, and when it was not used for half an hour. */
const SESSION_MS = 12 * 60 * 60 * 1_000;
const IDLE_MS = 30 * 60 * 1_000;
const TOKEN_BYTES = 32;

/** What a client gets at sign-in and at each refresh. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds until the access token ends. */
  readonly expiresIn: number;
}

export type RevokeReason = 'signed-out' | 'reuse' | 'disabled' | 'password-changed' | 'roles-changed';

interface RefreshRow {
  session_id: string;
  user_id: string;
  username: string;
  pool_area: string;
  issued_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date;
  state: string;
}

/**
 * Sessions as families of refresh tokens: each token is good for one use and is followed by the next. A token that comes
 * a second time was copied by somebody, so the whole family is revoked; there is no grace period.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: AccessTokens,
    private readonly actors: Actors,
    private readonly clock: Clock,
  ) {}

  /** Opens a new session for a user who has proved who they are. */
  async open(tx: Tx, userId: string): Promise<TokenPair> {
    const now = this.clock.now();
    const sessionId = uuid7();
    const expiresAt = new Date(now.getTime() + SESSION_MS);
    await tx.query(
      `INSERT INTO auth_session (id, user_id, created_at, expires_at, last_used_at) VALUES ($1, $2, $3, $4, $3)`,
      [sessionId, userId, now, expiresAt],
    );
    return this.issue(tx, { sessionId, userId, expiresAt, now });
  }

  /** Exchanges a refresh token for the next pair. Error 401 `identity.refresh-refused`. */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const outcome = await this.transactions.run((tx) => this.rotate(tx, refreshToken));
    if (typeof outcome !== 'string') return outcome;
    if (outcome !== '') this.actors.forget(outcome);
    throw new HttpError(identityErrors['refresh-refused'], 401);
  }

  /** Ends sessions of a user: one, or all of them but one; `forget` after the commit makes it felt at once. */
  async revoke(
    tx: Tx,
    userId: string,
    reason: RevokeReason,
    which: { only?: string; except?: string } = {},
  ): Promise<void> {
    await tx.query(
      `UPDATE auth_session SET revoked_at = $2, revoke_reason = $3
        WHERE user_id = $1 AND revoked_at IS NULL AND ($4::uuid IS NULL OR id = $4) AND ($5::uuid IS NULL OR id <> $5)`,
      [userId, this.clock.now(), reason, which.only ?? null, which.except ?? null],
    );
  }

  /** Forgets what this process remembers of a user. To be called after the commit, so that nothing old is read again. */
  forget(userId: string): void {
    this.actors.forget(userId);
  }

  /** The next pair; or the user's id when the token was used before, '' when it is refused for another reason. */
  private async rotate(tx: Tx, refreshToken: string): Promise<TokenPair | string> {
    const now = this.clock.now();
    const row = await tx.maybe<RefreshRow>(
      `SELECT t.session_id, t.issued_at, t.used_at, s.user_id, s.revoked_at, s.expires_at, u.username, u.pool_area, u.state
         FROM refresh_token t JOIN auth_session s ON s.id = t.session_id JOIN app_user u ON u.id = s.user_id
        WHERE t.token_hash = $1 FOR UPDATE OF t`,
      [digest(refreshToken)],
    );
    if (row === undefined) return '';
    if (row.used_at !== null) {
      await this.revoke(tx, row.user_id, 'reuse', { only: row.session_id });
      const actor = { ...systemActor(row.pool_area), userId: row.user_id, username: row.username };
      await Audit.access(tx, actor, {
        action: 'identity.refresh-reused',
        subjectKind: 'session',
        subjectId: row.session_id,
      });
      return row.user_id;
    }
    const idle = now.getTime() - row.issued_at.getTime() > IDLE_MS;
    if (row.revoked_at !== null || row.expires_at <= now || row.state !== 'active' || idle) return '';
    await tx.query('UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1', [digest(refreshToken), now]);
    await tx.query('UPDATE auth_session SET last_used_at = $2 WHERE id = $1', [row.session_id, now]);
    return this.issue(tx, { sessionId: row.session_id, userId: row.user_id, expiresAt: row.expires_at, now });
  }

  private async issue(
    tx: Tx,
    session: { sessionId: string; userId: string; expiresAt: Date; now: Date },
  ): Promise<TokenPair> {
    const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
    await tx.query('INSERT INTO refresh_token (token_hash, session_id, issued_at) VALUES ($1, $2, $3)', [
      digest(refreshToken),
      session.sessionId,
      session.now,
    ]);
    const { token, expiresIn } = await this.tokens.issue(session, session.expiresAt);
    return { accessToken: token, refreshToken, tokenType: 'Bearer', expiresIn };
  }
}

/** Tokens are stored as their hash only: who reads the database cannot sign in. */
export function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
