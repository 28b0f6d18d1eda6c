import { Injectable } from '@nestjs/common';
import { generateSecret, generateURI, verifySync } from 'otplib';
import { defineEncryptedField, FieldCrypto } from '../common/crypto/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import { identityErrors } from './errors.js';
import { Notices } from './notices.js';
import { codeHash, newCode } from './one-time-codes.js';
import { Sessions } from './sessions.js';

/** What authenticator apps understand: SHA-1, six digits, a new code every 30 seconds (RFC 6238). */
const STEP_SECONDS = 30;
const DIGITS = /^\d{6}$/;
const ISSUER = 'Tongchou';
const RECOVERY_CODES = 10;
/** An enrolment that was begun is finished within this time or begun again. */
const PENDING_MS = 15 * 60 * 1_000;
const MS = 1_000;

/** The shared secret is encrypted: who reads the database, or a backup, cannot make codes. */
const SECRET = defineEncryptedField({
  table: 'second_factor',
  column: 'secret',
  purpose: 'second-factor',
  row: ['id'],
});

interface FactorRow {
  id: string;
  secret: Buffer;
  created_at: Date;
}

const READ = 'SELECT id, secret, created_at FROM second_factor WHERE user_id = $1 AND state = $2 FOR UPDATE';

/** The second factor of users: codes of an authenticator app (TOTP), and recovery codes for the day the phone is lost. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly transactions: Transactions,
    private readonly crypto: FieldCrypto,
    private readonly notices: Notices,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  async isActive(tx: Tx, userId: string): Promise<boolean> {
    const rows = await tx.query(`SELECT FROM second_factor WHERE user_id = $1 AND state = 'active'`, [userId]);
    return rows.length > 0;
  }

  /** When the active one was enrolled and how many recovery codes are left. */
  async stateOf(tx: Tx, userId: string): Promise<{ enrolledAt: string | null; recoveryCodesLeft: number }> {
    const row = await tx.one<{ confirmed_at: Date | null; left: number }>(
      `SELECT (SELECT confirmed_at FROM second_factor WHERE user_id = $1 AND state = 'active') AS confirmed_at,
              (SELECT count(*)::int FROM recovery_code WHERE user_id = $1 AND used_at IS NULL) AS left`,
      [userId],
    );
    return { enrolledAt: row.confirmed_at?.toISOString() ?? null, recoveryCodesLeft: row.left };
  }

  /** Begins an enrolment: the secret for the app, shown this once. A factor in use stays so until the new one is confirmed. */
  async start(actor: Actor): Promise<{ secret: string; uri: string }> {
    const id = uuid7();
    const secret = generateSecret();
    const sealed = await this.crypto.seal(SECRET, id, secret);
    await this.transactions.run(async (tx) => {
      await tx.query(`DELETE FROM second_factor WHERE user_id = $1 AND state = 'pending'`, [actor.userId]);
      await tx.query(
        `INSERT INTO second_factor (id, user_id, state, secret, created_at) VALUES ($1, $2, 'pending', $3, $4)`,
        [id, actor.userId, sealed, this.clock.now()],
      );
    });
    return { secret, uri: generateURI({ issuer: ISSUER, label: actor.username, secret }) };
  }

  /**
   * Puts the begun enrolment into force with a first code, ends all other sessions, and returns ten recovery codes, which are
   * shown this once. Errors `identity.enrolment-missing`, `identity.code-wrong`.
   */
  async confirm(actor: Actor, code: string): Promise<string[]> {
    const codes = await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const pending = await tx.maybe<FactorRow>(READ, [actor.userId, 'pending']);
      if (pending === undefined || now.getTime() - pending.created_at.getTime() > PENDING_MS) {
        throw new DomainError(identityErrors['enrolment-missing']);
      }
      const step = await this.stepOf(pending, code);
      if (step === undefined) throw new DomainError(identityErrors['code-wrong']);
      await tx.query(`DELETE FROM second_factor WHERE user_id = $1 AND state = 'active'`, [actor.userId]);
      await tx.query(`UPDATE second_factor SET state = 'active', confirmed_at = $2, last_step = $3 WHERE id = $1`, [
        pending.id,
        now,
        step,
      ]);
      const made = await this.replaceRecoveryCodes(tx, actor.userId);
      await this.sessions.revoke(tx, actor.userId, 'factor-changed', { except: actor.sessionId ?? actor.userId });
      await this.sessions.prove(tx, actor.sessionId, true);
      await this.audit(tx, actor, 'identity.second-factor-enrolled');
      await this.notices.add(tx, actor.userId, 'factor-enrolled');
      return made;
    });
    this.sessions.forget(actor.userId);
    return codes;
  }

  /** Ten new recovery codes in place of all older ones. Error `identity.no-second-factor`. */
  async newRecoveryCodes(actor: Actor): Promise<string[]> {
    return this.transactions.run(async (tx) => {
      if (!(await this.isActive(tx, actor.userId))) throw new DomainError(identityErrors['no-second-factor']);
      await this.audit(tx, actor, 'identity.recovery-codes-made');
      return this.replaceRecoveryCodes(tx, actor.userId);
    });
  }

  /** Whether a code proves the user's second factor; it is used up by that. */
  async use(tx: Tx, userId: string, code: string): Promise<'totp' | 'recovery' | undefined> {
    const plain = code.replace(/\s/g, '');
    if (DIGITS.test(plain)) return (await this.useStep(tx, userId, plain)) ? 'totp' : undefined;
    const hash = codeHash(code);
    if (hash === undefined) return undefined;
    const used = await tx.query(
      `UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id`,
      [userId, hash, this.clock.now()],
    );
    if (used.length === 0) return undefined;
    await this.notices.add(tx, userId, 'recovery-code-used');
    return 'recovery';
  }

  /** Takes the factor away; only as part of a reset by two administrators. */
  async remove(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM second_factor WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
  }

  // A code is good once: its step must lie behind every step that was used before (RFC 6238 §5.2; ASVS 6.5.1).
  private async useStep(tx: Tx, userId: string, code: string): Promise<boolean> {
    const row = await tx.maybe<FactorRow>(READ, [userId, 'active']);
    const step = row === undefined ? undefined : await this.stepOf(row, code);
    if (row === undefined || step === undefined) return false;
    const used = await tx.query(
      'UPDATE second_factor SET last_step = $2 WHERE id = $1 AND last_step < $2 RETURNING id',
      [row.id, step],
    );
    return used.length > 0;
  }

  /** The step a code belongs to: the present one, or one before or after for clocks that differ; undefined when none. */
  private async stepOf(row: FactorRow, code: string): Promise<number | undefined> {
    const token = code.replace(/\s/g, '');
    if (!DIGITS.test(token)) return undefined;
    const epoch = Math.floor(this.clock.now().getTime() / MS);
    const secret = await this.crypto.open(SECRET, row.id, row.secret);
    const result = verifySync({ secret, token, epoch, epochTolerance: STEP_SECONDS, period: STEP_SECONDS });
    return result.valid ? Math.floor(epoch / STEP_SECONDS) + result.delta : undefined;
  }

  private async replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () => newCode());
    await tx.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
    await tx.query('INSERT INTO recovery_code (user_id, code_hash) SELECT $1, unnest($2::bytea[])', [
      userId,
      codes.map((code) => codeHash(code)),
    ]);
    return codes;
  }

  private audit(tx: Tx, actor: Actor, action: string): Promise<void> {
    return Audit.record(tx, actor, { action, subjectKind: 'user', subjectId: actor.userId });
  }
}
