import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { AccessTokens } from './access-tokens.js';
import { Actors } from './actors.js';
import { Audit } from './audit.js';
import { systemActor } from './domain/actor.js';
import type { Client } from './domain/device.js';
import { identityErrors } from './errors.js';
import { RefreshAlarm } from './refresh-alarm.js';

const HOUR_MS = 60 * 60 * 1_000;
const MINUTE_MS = 60 * 1_000;
const TOKEN_BYTES = 32;

/** What a client gets at sign-in and at each refresh. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds until the access token ends. */
  readonly expiresIn: number;
}

export type RevokeReason =
  | 'signed-out'
  | 'reuse'
  | 'disabled'
  | 'password-changed'
  | 'roles-changed'
  | 'revoked-by-user'
  | 'factor-changed'
  | 'reset';

interface RefreshRow {
  session_id: string;
  user_id: string;
  username: string;
  pool_area: string;
  last_used_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  expires_at: Date;
  state: string;
}

/** What a refresh token was worth: a next pair, nothing, or an alarm for the user whose token it is. */
type Outcome = { readonly pair: TokenPair } | { readonly reusedOf: string } | undefined;

/**
 * Sessions as families of refresh tokens: each token is good for one use and is followed by the next. A token that comes
 * a second time was copied by somebody, so the whole family is revoked; there is no grace period (F33). Of twenty uses at
 * once at most one wins, and what it won is revoked by the nineteen others.
 */
@Injectable()
export class Sessions {
  constructor(
    private readonly transactions: Transactions,
    private readonly tokens: AccessTokens,
    private readonly actors: Actors,
    private readonly alarm: RefreshAlarm,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Opens a new session for a user who has proved who they are; `byFactor` when by the second factor, too. */
  async open(tx: Tx, userId: string, client: Client, byFactor: boolean): Promise<TokenPair> {
    const now = this.clock.now();
    const sessionId = uuid7();
    const expiresAt = new Date(now.getTime() + this.settings.sessionHours * HOUR_MS);
    await tx.query(
      `INSERT INTO auth_session (id, user_id, created_at, expires_at, last_used_at, proved_at, factor_at, address, device)
       VALUES ($1, $2, $3, $4, $3, $3, $5, $6, $7)`,
      [sessionId, userId, now, expiresAt, byFactor ? now : null, client.address, client.device],
    );
    return this.issue(tx, { sessionId, userId, expiresAt, now });
  }

  /** The user of a session has proved again who they are; `byFactor` when by the second factor. */
  async prove(tx: Tx, sessionId: string | null, byFactor: boolean): Promise<void> {
    await tx.query(
      'UPDATE auth_session SET proved_at = $2, factor_at = CASE WHEN $3 THEN $2 ELSE factor_at END WHERE id = $1',
      [sessionId, this.clock.now(), byFactor],
    );
  }

  /** Exchanges a refresh token for the next pair. Error 401 `identity.refresh-refused`. */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const outcome = await this.transactions.run((tx) => this.rotate(tx, refreshToken));
    if (outcome !== undefined && 'pair' in outcome) return outcome.pair;
    if (outcome !== undefined) {
      this.alarm.ring();
      this.actors.forget(outcome.reusedOf);
    }
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

  private async rotate(tx: Tx, refreshToken: string): Promise<Outcome> {
    const now = this.clock.now();
    const row = await tx.maybe<RefreshRow>(
      `SELECT t.session_id, t.used_at, s.user_id, s.last_used_at, s.revoked_at, s.expires_at, u.username, u.pool_area, u.state
         FROM refresh_token t JOIN auth_session s ON s.id = t.session_id JOIN app_user u ON u.id = s.user_id
        WHERE t.token_hash = $1 FOR UPDATE OF t, s`,
      [digest(refreshToken)],
    );
    if (row === undefined) return undefined;
    if (row.used_at !== null) return this.reused(tx, row);
    const idle = now.getTime() - row.last_used_at.getTime() > this.settings.sessionIdleMinutes * MINUTE_MS;
    if (row.revoked_at !== null || row.expires_at <= now || row.state !== 'active' || idle) return undefined;
    await tx.query('UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1', [digest(refreshToken), now]);
    await tx.query('UPDATE auth_session SET last_used_at = $2 WHERE id = $1', [row.session_id, now]);
    return {
      pair: await this.issue(tx, {
        sessionId: row.session_id,
        userId: row.user_id,
        expiresAt: row.expires_at,
        now,
      }),
    };
  }

  // Told once for a family: a thief who goes on knocking must not fill the trail and the notices.
  private async reused(tx: Tx, row: RefreshRow): Promise<Outcome> {
    if (row.revoked_at !== null) return undefined;
    await this.revoke(tx, row.user_id, 'reuse', { only: row.session_id });
    const actor = { ...systemActor(row.pool_area), userId: row.user_id, username: row.username };
    await Audit.access(tx, actor, {
      action: 'identity.refresh-reused',
      subjectKind: 'session',
      subjectId: row.session_id,
    });
    await this.alarm.tell(tx, row.user_id);
    return { reusedOf: row.user_id };
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
