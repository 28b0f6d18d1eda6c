import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError } from '../common/http/index.js';
import { Audit } from './audit.js';
import { systemActor } from './domain/actor.js';
import { identityErrors } from './errors.js';
import { Notices } from './notices.js';
import { codeHash } from './one-time-codes.js';
import { Proofs } from './proofs.js';
import { SecondFactors } from './second-factors.js';
import { Sessions } from './sessions.js';
import { Throttles } from './throttles.js';

/** What the user brings: the administrators' codes, and the password only they know. */
export interface Activation {
  readonly username: string;
  readonly code: string;
  readonly confirmation?: string;
  readonly factorCode?: string;
  readonly newPassword: string;
}

interface OpenReset {
  id: string;
  user_id: string;
  username: string;
  pool_area: string;
  kind: string;
  code_hash: Buffer;
  confirm_hash: Buffer | null;
  started_by_name: string;
  confirmed_by_name: string | null;
}

const MAX_FAILURES = 5;

const READ = `
  SELECT c.id, c.user_id, u.username, u.pool_area, c.kind, c.code_hash, c.confirm_hash, s.display_name AS started_by_name,
         f.display_name AS confirmed_by_name
    FROM credential_reset c JOIN app_user u ON u.id = c.user_id JOIN app_user s ON s.id = c.started_by
    LEFT JOIN app_user f ON f.id = c.confirmed_by
   WHERE u.username = $1 AND u.state = 'active' AND c.state = 'open' AND c.expires_at > $2 FOR UPDATE OF c, u`;

/** The user's part of a reset or a new account. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly transactions: Transactions,
    private readonly proofs: Proofs,
    private readonly factors: SecondFactors,
    private readonly sessions: Sessions,
    private readonly throttles: Throttles,
    private readonly notices: Notices,
  ) {}

  /**
   * Sets the password that the user chose and ends every session of the account. What opens it is the system administrator's
   * code together with something that person does not have: the security administrator's code or, for a forgotten password,
   * a code of the user's own second factor. Errors 401 `identity.activation-refused`, 400 `identity.password-weak`, 429.
   */
  async activate(given: Activation, address: string): Promise<void> {
    const { username } = given;
    const hash = await this.proofs.hashChosen({ ...systemActor(''), username }, given.newPassword);
    const userId = await this.transactions.autocommit(async (tx) => {
      const [user] = await tx.query<{ id: string }>('SELECT id FROM app_user WHERE username = $1', [username]);
      return user?.id;
    });
    const tried = await this.throttles.begin({ username, userId, address });
    const done = await this.transactions.run(async (tx) => {
      const reset = tried.open ? await tx.maybe<OpenReset>(READ, [username, this.proofs.now()]) : undefined;
      if (reset === undefined) return undefined;
      if (!(await this.opens(tx, reset, given))) {
        await this.failed(tx, reset.id);
        return undefined;
      }
      await this.throttles.settle(tx, tried, true);
      await this.apply(tx, reset, hash, address);
      return reset.user_id;
    });
    if (done === undefined) throw new HttpError(identityErrors['activation-refused'], 401);
    this.sessions.forget(done);
  }

  private async opens(tx: Tx, reset: OpenReset, given: Activation): Promise<boolean> {
    if (!fits(reset.code_hash, given.code)) return false;
    if (given.confirmation !== undefined) return fits(reset.confirm_hash, given.confirmation);
    if (given.factorCode === undefined || reset.kind !== 'password') return false;
    return (await this.factors.use(tx, reset.user_id, given.factorCode)) !== undefined;
  }

  private async apply(tx: Tx, reset: OpenReset, hash: string, address: string): Promise<void> {
    const now = this.proofs.now();
    await tx.query(
      `UPDATE app_user SET password_hash = $2, password_changed_at = $3, must_change_password = false
        WHERE id = $1`,
      [reset.user_id, hash, now],
    );
    if (reset.kind === 'second-factor') await this.factors.remove(tx, reset.user_id);
    await this.sessions.revoke(tx, reset.user_id, 'reset');
    await tx.query(
      `UPDATE credential_reset SET state = 'used', ended_at = $2, used_address = $3 WHERE id = $1 AND state = 'open'`,
      [reset.id, now, address],
    );
    const details = {
      kind: reset.kind,
      address,
      startedBy: reset.started_by_name,
      confirmedBy: reset.confirmed_by_name,
    };
    const actor = { ...systemActor(reset.pool_area), userId: reset.user_id, username: reset.username };
    await Audit.record(tx, actor, {
      action: 'identity.credentials-set',
      subjectKind: 'user',
      subjectId: reset.user_id,
      details: { resetId: reset.id, kind: reset.kind, address },
    });
    await this.notices.add(tx, reset.user_id, 'credentials-set', details);
  }

  private async failed(tx: Tx, id: string): Promise<void> {
    await tx.query(
      `UPDATE credential_reset SET failures = failures + 1,
              state = CASE WHEN failures + 1 >= $2 THEN 'cancelled' ELSE state END,
              ended_at = CASE WHEN failures + 1 >= $2 THEN $3::timestamptz END
        WHERE id = $1`,
      [id, MAX_FAILURES, this.proofs.now()],
    );
  }
}

function fits(stored: Buffer | null, typed: string): boolean {
  const hash = codeHash(typed);
  return stored !== null && hash !== undefined && timingSafeEqual(stored, hash);
}
