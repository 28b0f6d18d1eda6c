import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Settings } from '../common/config/index.js';
import { Transactions } from '../common/db/index.js';
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
  roles: string[];
  expires_at: Date;
}

const READ_SESSION = `
  SELECT u.id AS user_id, u.username, u.display_name, u.pool_area, u.area_code, u.provider_id, u.must_change_password,
         s.expires_at,
         ARRAY(SELECT r.role_code FROM user_role r WHERE r.user_id = u.id ORDER BY r.role_code) AS roles
    FROM auth_session s
    JOIN app_user u ON u.id = s.user_id
   WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND u.state = 'active'`;

const REMEMBERED = 20_000;

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
    settings: Settings,
  ) {
    this.bySession = new LRUCache({ max: REMEMBERED, ttl: Math.max(1, settings.actorCacheMs) });
  }

  /** The actor of a live session; undefined when it was signed out, has ended, or the user is disabled. */
  async ofSession(sessionId: string, userId: string): Promise<Actor | undefined> {
    let known = this.bySession.get(sessionId);
    if (known?.actor.userId !== userId) {
      const row = await this.transactions.autocommit(async (tx) => {
        const [found] = await tx.named<SessionRow>('identity.session', READ_SESSION, [sessionId, userId]);
        return found;
      });
      if (row === undefined) return undefined;
      known = { actor: this.actorOf(row, sessionId), expiresAt: row.expires_at };
      this.bySession.set(sessionId, known);
    }
    return known.expiresAt.getTime() > this.clock.now().getTime() ? known.actor : undefined;
  }

  /** Forgets what is remembered about a user, after a change of roles, state or sessions. */
  forget(userId: string): void {
    for (const [sessionId, { actor }] of this.bySession.entries()) {
      if (actor.userId === userId) this.bySession.delete(sessionId);
    }
  }

  private actorOf(row: SessionRow, sessionId: string): Actor {
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
      mustChangePassword: row.must_change_password,
      sessionId,
    };
  }
}
