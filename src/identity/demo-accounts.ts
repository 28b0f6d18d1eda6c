import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { uuid7 } from '../common/ids/index.js';
import { AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';
import { Passwords } from './passwords.js';

/** Accounts of the demonstration: each is named like the one role it holds. */
const ACCOUNTS = [
  ['admin', '演示系统管理员'],
  ['security', '演示安全管理员'],
  ['clerk', '演示经办'],
  ['reviewer', '演示复核'],
  ['approver', '演示审批'],
  ['inspector', '演示稽核'],
  ['auditor', '演示审计管理员'],
  ['provider', '演示定点机构'],
] as const;

/** Where the accounts belong, and the one password of them all. */
export interface DemoAccountOptions {
  readonly poolArea: string;
  readonly password: string;
  /** The hospital of the account `provider`; without it that account is not made. */
  readonly providerId?: string;
}

/** Makes the accounts of the demonstration and of tests; an installation without demonstration never has them. */
@Injectable()
export class DemoAccounts {
  constructor(
    private readonly passwords: Passwords,
    private readonly policy: AccessPolicy,
  ) {}

  /** Makes those that are missing and returns the names that were made; those that are there keep their password. */
  async ensure(tx: Tx, options: DemoAccountOptions): Promise<string[]> {
    const made: string[] = [];
    for (const [username, displayName] of ACCOUNTS) {
      const providerId = username === 'provider' ? options.providerId : null;
      if (providerId === undefined) continue;
      const inserted = await tx.query<{ id: string }>(
        `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, provider_id,
                               password_changed_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $2, $6, now(), 'demo')
         ON CONFLICT ON CONSTRAINT uq_app_user_username DO NOTHING RETURNING id`,
        [uuid7(), options.poolArea, username, displayName, await this.passwords.hash(options.password), providerId],
      );
      const [user] = inserted;
      if (user === undefined) continue;
      await tx.query(`INSERT INTO user_role (user_id, role_code, granted_by) VALUES ($1, $2, 'demo')`, [
        user.id,
        username,
      ]);
      made.push(username);
    }
    return made;
  }

  /** The accounts that are there as actors, by name: the demonstration's history is made by their hands. */
  async actors(tx: Tx, poolArea: string): Promise<ReadonlyMap<string, Actor>> {
    const rows = await tx.query<{ id: string; username: string; displayName: string; providerId: string | null }>(
      `SELECT id, username, display_name AS "displayName", provider_id AS "providerId" FROM app_user
        WHERE pool_area = $1 AND username = ANY ($2)`,
      [poolArea, ACCOUNTS.map(([username]) => username)],
    );
    return new Map(
      rows.map(({ id, username, displayName, providerId }) => [
        username,
        {
          userId: id,
          username,
          displayName,
          roles: [username],
          permissions: this.policy.permissionsOf([username]),
          poolArea,
          areaCodes: [poolArea],
          wholePool: true,
          providerId,
          mustChangePassword: false,
          factorMissing: false,
          hasFactor: false,
          provedAtMs: null,
          sessionId: null,
        },
      ]),
    );
  }
}
