import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { isUuid } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import type { SessionDto } from './dto/security.dto.js';
import { identityErrors } from './errors.js';
import { Sessions } from './sessions.js';

interface Row {
  id: string;
  address: string;
  device: string;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

const MINUTE_MS = 60_000;

/** Where a user is signed in, and the ending of what is not theirs (ASVS 7.5.2). */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** The live ones, last used first. */
  async list(actor: Actor): Promise<SessionDto[]> {
    const now = this.clock.now();
    const usedSince = new Date(now.getTime() - this.settings.sessionIdleMinutes * MINUTE_MS);
    const rows = await this.transactions.read((tx) =>
      tx.query<Row>(
        `SELECT id, address, device, created_at, last_used_at, expires_at FROM auth_session
          WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND (last_used_at >= $3 OR id = $4)
          ORDER BY id = $4 DESC, last_used_at DESC LIMIT 50`,
        [actor.userId, now, usedSince, actor.sessionId],
      ),
    );
    return rows.map((row) => ({
      id: row.id,
      address: row.address,
      device: row.device,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      current: row.id === actor.sessionId,
    }));
  }

  /** Ends one of the own sessions at once. Error 404 `identity.session-not-found`, also for somebody else's. */
  async revoke(actor: Actor, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const found = isUuid(id)
        ? await tx.query('SELECT FROM auth_session WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL', [
            id,
            actor.userId,
          ])
        : [];
      if (found.length === 0) throw new DomainError(identityErrors['session-not-found']);
      await this.sessions.revoke(tx, actor.userId, 'revoked-by-user', { only: id });
      await Audit.access(tx, actor, { action: 'identity.session-revoked', subjectKind: 'session', subjectId: id });
    });
    this.sessions.forget(actor.userId);
  }
}
