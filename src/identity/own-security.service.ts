import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import type { OwnSecurityDto } from './dto/security.dto.js';
import { identityErrors } from './errors.js';
import { Notices } from './notices.js';
import { Proofs } from './proofs.js';
import { SecondFactors } from './second-factors.js';
import { Sessions } from './sessions.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What users see and change of their own security. */
@Injectable()
export class OwnSecurityService {
  constructor(
    private readonly transactions: Transactions,
    private readonly proofs: Proofs,
    private readonly factors: SecondFactors,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly settings: Settings,
  ) {}

  /** Second factor, password age, and what happened to the account since it was last looked at. */
  async overview(actor: Actor): Promise<OwnSecurityDto> {
    return this.transactions.read(async (tx) => {
      const factor = await this.factors.stateOf(tx, actor.userId);
      const { changed } = await tx.one<{ changed: Date }>(
        'SELECT password_changed_at AS changed FROM app_user WHERE id = $1',
        [actor.userId],
      );
      const { passwordMaxAgeDays, sessionIdleMinutes } = this.settings;
      const ends = passwordMaxAgeDays === 0 ? null : new Date(changed.getTime() + passwordMaxAgeDays * DAY_MS);
      return {
        factorEnrolledAt: factor.enrolledAt,
        recoveryCodesLeft: factor.recoveryCodesLeft,
        passwordChangedAt: changed.toISOString(),
        passwordEndsAt: ends?.toISOString() ?? null,
        idleMinutes: sessionIdleMinutes,
        notices: await this.notices.unseen(tx, actor.userId),
      };
    });
  }

  /** Proves again who is there, by password, or by code where a second factor is enrolled. Error `identity.proof-wrong`. */
  async prove(actor: Actor, given: { password?: string; code?: string }, address: string): Promise<void> {
    const proved = await this.proofs.check(actor, given, address, (tx) =>
      this.sessions.prove(tx, actor.sessionId, actor.hasFactor),
    );
    if (!proved) throw new DomainError(identityErrors['proof-wrong']);
    this.sessions.forget(actor.userId);
  }

  /**
   * Sets a new password and ends all other sessions. Errors `identity.password-wrong`, `identity.password-weak`,
   * `identity.password-same`.
   */
  async changePassword(actor: Actor, present: string, chosen: string, address: string): Promise<void> {
    const hash = await this.proofs.hashChosen(actor, chosen);
    const changed = await this.proofs.checkPassword(actor, present, address, async (tx) => {
      if (present === chosen) throw new DomainError(identityErrors['password-same']);
      await tx.query(
        `UPDATE app_user SET password_hash = $2, password_changed_at = $3, must_change_password = false
          WHERE id = $1`,
        [actor.userId, hash, this.proofs.now()],
      );
      await this.sessions.revoke(tx, actor.userId, 'password-changed', { except: actor.sessionId ?? actor.userId });
      await this.audit(tx, actor, 'identity.password-changed');
    });
    if (!changed) throw new DomainError(identityErrors['password-wrong']);
    this.sessions.forget(actor.userId);
  }

  private audit(tx: Tx, actor: Actor, action: string): Promise<void> {
    return Audit.record(tx, actor, { action, subjectKind: 'user', subjectId: actor.userId });
  }
}
