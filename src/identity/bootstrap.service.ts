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

/** Who the first administrator will be. */
export interface FirstAdministrator {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
}

/**
 * The first administrator of an installation that is not a demonstration: a token is made on the server's own machine,
 * lasts a day, works once, and only as long as nobody administers. There is never a default account.
 */
@Injectable()
export class BootstrapService {
  constructor(
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Makes a token (an older one stops working) and leaves it in a file of the data folder; undefined when an administrator exists. */
  async createToken(): Promise<{ token: string; file: string } | undefined> {
    const { poolArea, dataDir } = this.settings;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const made = await this.transactions.run(async (tx) => {
      if (await hasAdministrator(tx, poolArea)) return false;
      await tx.query(
        `INSERT INTO bootstrap_token (pool_area, token_hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT ON CONSTRAINT pk_bootstrap_token
         DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at, used_at = NULL`,
        [poolArea, digest(token), new Date(this.clock.now().getTime() + LIFE_MS)],
      );
      return true;
    });
    if (!made) return undefined;
    mkdirSync(dataDir, { recursive: true });
    const file = this.tokenFile();
    rmSync(file, { force: true });
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    return { token, file };
  }

  /** Uses the token up and makes the administrator. Errors 403 `identity.bootstrap-refused`, `identity.password-weak`. */
  async createAdministrator(token: string, person: FirstAdministrator): Promise<{ id: string }> {
    const { poolArea } = this.settings;
    const hash = await this.passwords.hashChosen(person.password, person.username);
    const id = uuid7();
    await this.transactions.run(async (tx) => {
      const used = await tx.query(
        `UPDATE bootstrap_token SET used_at = $3
          WHERE pool_area = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3 RETURNING pool_area`,
        [poolArea, digest(token), this.clock.now()],
      );
      if (used.length === 0 || (await hasAdministrator(tx, poolArea))) {
        throw new HttpError(identityErrors['bootstrap-refused'], 403);
      }
      await tx.query(
        `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, password_changed_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $2, $6, 'bootstrap')`,
        [id, poolArea, person.username, person.displayName, hash, this.clock.now()],
      );
      await tx.query(`INSERT INTO user_role (user_id, role_code, granted_by) VALUES ($1, 'admin', 'bootstrap')`, [id]);
      await Audit.record(tx, systemActor(poolArea), {
        action: 'identity.first-administrator',
        subjectKind: 'user',
        subjectId: id,
      });
    });
    rmSync(this.tokenFile(), { force: true });
    return { id };
  }

  private tokenFile(): string {
    return join(this.settings.dataDir, 'bootstrap-token');
  }
}

async function hasAdministrator(tx: Tx, poolArea: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM user_role r JOIN app_user u ON u.id = r.user_id
      WHERE u.pool_area = $1 AND r.role_code = 'admin' AND u.state = 'active' LIMIT 1`,
    [poolArea],
  );
  return rows.length > 0;
}
