import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { Transactions, type Tx } from '../common/db/index.js';
import { HttpError } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { systemActor } from './domain/actor.js';
import { identityErrors } from './errors.js';
import { Passwords } from './passwords.js';
import { digest } from './sessions.js';

const TOKEN_BYTES = 24;
const LIFE_MS = 24 * 60 * 60 * 1_000;

/** What an installation needs before it can appoint anybody else: two of security, because one confirms the other. */
const SEATS = [
  ['admin', 1],
  ['security', 2],
  ['auditor', 1],
] as const;

export type SeatRole = (typeof SEATS)[number][0];

/** A one-time token for one seat. */
export interface SeatToken {
  readonly role: SeatRole;
  readonly token: string;
}

/** Who takes a seat. */
export interface FirstAdministrator {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
}

/**
 * The first administrators of an installation that is not a demonstration: tokens are made on the server's own machine, last
 * a day, work once each, and only as long as the seat is vacant. There is never a default account. The same way leads back
 * when everybody of a kind has left.
 */
@Injectable()
export class BootstrapService {
  constructor(
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Makes a token for every vacant seat (older ones stop working) and leaves them in a file of the data folder. */
  async createTokens(): Promise<{ tokens: readonly SeatToken[]; file: string }> {
    const { poolArea, dataDir } = this.settings;
    const expiresAt = new Date(this.clock.now().getTime() + LIFE_MS);
    const tokens = await this.transactions.run(async (tx) => {
      await tx.query(`UPDATE bootstrap_token SET expires_at = $2 WHERE pool_area = $1 AND used_at IS NULL`, [
        poolArea,
        this.clock.now(),
      ]);
      const made: SeatToken[] = [];
      for (const [role, seats] of SEATS) {
        const held = await holdersOf(tx, poolArea, role);
        for (let seat = held + 1; seat <= seats; seat += 1) {
          const token = randomBytes(TOKEN_BYTES).toString('base64url');
          await tx.query(
            `INSERT INTO bootstrap_token (pool_area, role_code, seat, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT ON CONSTRAINT pk_bootstrap_token
             DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at, used_at = NULL`,
            [poolArea, role, seat, digest(token), expiresAt],
          );
          made.push({ role, token });
        }
      }
      await this.audit(tx, 'identity.bootstrap-tokens-made', poolArea, { roles: made.map(({ role }) => role) });
      return made;
    });
    const file = join(dataDir, 'bootstrap-tokens');
    rmSync(file, { force: true });
    if (tokens.length === 0) return { tokens, file };
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, tokens.map(({ role, token }) => `${role} ${token}\n`).join(''), { mode: 0o600 });
    return { tokens, file };
  }

  /** Uses a token up and fills its seat. Errors 403 `identity.bootstrap-refused`, `identity.password-weak`. */
  async createAdministrator(token: string, person: FirstAdministrator): Promise<{ id: string; role: string }> {
    const { poolArea } = this.settings;
    const hash = await this.passwords.hashChosen(person.password, person.username);
    const id = uuid7();
    return this.transactions.run(async (tx) => {
      const seat = await tx.maybe<{ role_code: string; seat: number }>(
        `UPDATE bootstrap_token SET used_at = $3
          WHERE pool_area = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3 RETURNING role_code, seat`,
        [poolArea, digest(token), this.clock.now()],
      );
      if (seat === undefined || (await this.isTaken(tx, seat.role_code))) {
        throw new HttpError(identityErrors['bootstrap-refused'], 403);
      }
      await tx.query(
        `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, password_changed_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $2, $6, 'bootstrap')`,
        [id, poolArea, person.username, person.displayName, hash, this.clock.now()],
      );
      await tx.query(`INSERT INTO user_role (user_id, role_code, granted_by) VALUES ($1, $2, 'bootstrap')`, [
        id,
        seat.role_code,
      ]);
      await this.audit(tx, 'identity.first-administrator', id, { role: seat.role_code });
      return { id, role: seat.role_code };
    });
  }

  // Whoever was appointed in the ordinary way meanwhile has taken the seat.
  private async isTaken(tx: Tx, role: string): Promise<boolean> {
    const seats = SEATS.find(([code]) => code === role)?.[1] ?? 0;
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`bootstrap ${this.settings.poolArea} ${role}`]);
    return (await holdersOf(tx, this.settings.poolArea, role)) >= seats;
  }

  private audit(tx: Tx, action: string, subjectId: string, details: Record<string, unknown>): Promise<void> {
    return Audit.record(tx, systemActor(this.settings.poolArea), { action, subjectKind: 'user', subjectId, details });
  }
}

async function holdersOf(tx: Tx, poolArea: string, role: string): Promise<number> {
  const { holders } = await tx.one<{ holders: number }>(
    `SELECT count(*)::int AS holders FROM user_role r JOIN app_user u ON u.id = r.user_id
      WHERE u.pool_area = $1 AND r.role_code = $2 AND u.state = 'active'`,
    [poolArea, role],
  );
  return holders;
}
