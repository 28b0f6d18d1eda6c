import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Settings } from '../common/config/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { Clock } from '../common/time/index.js';
import { AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';

/** A session with its user and roles, as one statement reads it. */
interface SessionRow {
  user_id: string;
  username: string;
  display_name: string;
  pool_area: string;
  area_code: string;
  provider_id: string | null;
  must_change_password: boolean;
  password_changed_at: Date;
  roles: string[];
  has_factor: boolean;
  expires_at: Date;
  last_used_at: Date;
  proved_at: Date | null;
  factor_at: Date | null;
}

const READ_SESSION = `
  SELECT u.id AS user_id, u.username, u.display_name, u.pool_area, u.area_code, u.provider_id, u.must_change_password,
         u.password_changed_at, s.expires_at, s.last_used_at, s.proved_at, s.factor_at,
         EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.state = 'active') AS has_factor,
         ARRAY(SELECT r.role_code FROM user_role r WHERE r.user_id = u.id ORDER BY r.role_code) AS roles
    FROM auth_session s
    JOIN app_user u ON u.id = s.user_id
   WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND u.state = 'active'`;

const TOUCH = 'UPDATE auth_session SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2';

const REMEMBERED = 20_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The last use of a session is written down this exactly, not with every request. */
const TOUCH_MS = 20_000;

/**
 * Who stands behind a session. What was read is remembered for `Settings.actorCacheMs` (one second): within this process
 * a change forgets it at once, another process follows within that time.
 */
@Injectable()
export class Actors {
  private readonly bySession: LRUCache<string, { actor: Actor; expiresAt: Date }>;

  constructor(
    private readonly transactions: Transactions,
    private readonly policy: AccessPolicy,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.bySession = new LRUCache({ max: REMEMBERED, ttl: Math.max(1, settings.actorCacheMs) });
  }

  /** The actor of a live session; undefined when it was signed out, has ended, or the user is disabled. */
  async ofSession(sessionId: string, userId: string): Promise<Actor | undefined> {
    const nowMs = this.clock.now().getTime();
    let known = this.bySession.get(sessionId);
    if (known?.actor.userId !== userId) {
      const row = await this.transactions.autocommit((tx) => this.read(tx, sessionId, userId, nowMs));
      if (row === undefined) return undefined;
      known = { actor: this.actorOf(row, sessionId, nowMs), expiresAt: row.expires_at };
      this.bySession.set(sessionId, known);
    }
    return known.expiresAt.getTime() > nowMs ? known.actor : undefined;
  }

  /** The session's row, unless it was idle too long; its use is written down. */
  private async read(tx: Tx, sessionId: string, userId: string, nowMs: number): Promise<SessionRow | undefined> {
    const [row] = await tx.named<SessionRow>('identity.session', READ_SESSION, [sessionId, userId]);
    if (row === undefined) return undefined;
    const unusedMs = nowMs - row.last_used_at.getTime();
    if (unusedMs > this.settings.sessionIdleMinutes * MINUTE_MS) return undefined;
    if (unusedMs > TOUCH_MS) await tx.named('identity.session-used', TOUCH, [sessionId, new Date(nowMs)]);
    return row;
  }

  /** Forgets what is remembered about a user, after a change of roles, state or sessions. */
  forget(userId: string): void {
    for (const [sessionId, { actor }] of this.bySession.entries()) {
      if (actor.userId === userId) this.bySession.delete(sessionId);
    }
  }

  private actorOf(row: SessionRow, sessionId: string, nowMs: number): Actor {
    const { passwordMaxAgeDays, secondFactor } = this.settings;
    const passwordOld =
      passwordMaxAgeDays > 0 && nowMs - row.password_changed_at.getTime() > passwordMaxAgeDays * DAY_MS;
    const factorWanted = row.has_factor || (secondFactor === 'required' && this.policy.needsFactor(row.roles));
    // A session that began before the factor did proves nothing, not even what its password proved.
    const provesTooLittle = row.has_factor && row.factor_at === null;
    return {
      userId: row.user_id,
      username: row.username,
      displayName: row.display_name,
      roles: row.roles,
      permissions: this.policy.permissionsOf(row.roles),
      poolArea: row.pool_area,
      areaCodes: [row.area_code],
      wholePool: row.area_code === row.pool_area,
      providerId: row.provider_id,
      mustChangePassword: row.must_change_password || passwordOld,
      factorMissing: factorWanted && row.factor_at === null,
      hasFactor: row.has_factor,
      provedAtMs: provesTooLittle ? null : (row.proved_at?.getTime() ?? null),
      sessionId,
    };
  }
}
