import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { httpErrors } from '../common/http/index.js';
import { isUuid } from '../common/ids/index.js';
import type { Actor } from './domain/actor.js';
import { scopeSql } from './domain/scope.js';
import type { UserDto } from './dto/users.dto.js';
import { identityErrors } from './errors.js';

/** A user as the administration sees one. */
export interface UserRow {
  id: string;
  username: string;
  display_name: string;
  state: string;
  area_code: string;
  provider_id: string | null;
  activated: boolean;
  has_factor: boolean;
  version: number;
  roles: string[];
}

export const USER_COLUMNS = `u.id, u.username, u.display_name, u.state, u.area_code, u.provider_id, u.version,
  u.password_hash IS NOT NULL AS activated,
  EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.state = 'active') AS has_factor,
  ARRAY(SELECT r.role_code FROM user_role r WHERE r.user_id = u.id ORDER BY r.role_code) AS roles`;

/** Whose users an administrator sees. */
export const USER_SCOPE = { pool: 'u.pool_area', area: 'u.area_code', provider: 'u.provider_id' } as const;

/** Every installation needs these at all times. */
const ADMINISTRATORS = ['admin', 'security', 'auditor'];

/** Reading and locking single users, for all services that administer them. */
@Injectable()
export class UserRows {
  /** Error 404 `identity.user-not-found`, also for a user outside the actor's area. */
  async find(tx: Tx, actor: Actor, id: string, lock: '' | 'FOR UPDATE OF u' = ''): Promise<UserRow> {
    const scope = scopeSql(actor, USER_SCOPE, 2);
    const row = isUuid(id)
      ? await tx.maybe<UserRow>(`SELECT ${USER_COLUMNS} FROM app_user u WHERE u.id = $1 AND ${scope.sql} ${lock}`, [
          id,
          ...scope.params,
        ])
      : undefined;
    if (row === undefined) throw new DomainError(identityErrors['user-not-found']);
    return row;
  }

  /** Changes columns of a user who has not been changed since `version`. Error `identity.version-conflict`. */
  async touch(tx: Tx, id: string, version: number, change: string, values: readonly unknown[] = []): Promise<void> {
    const rows = await tx.query(
      `UPDATE app_user u SET ${change === '' ? '' : `${change}, `}version = version + 1
        WHERE id = $1 AND version = $2 RETURNING id`,
      [id, version, ...values],
    );
    if (rows.length === 0) throw new DomainError(identityErrors['version-conflict']);
  }

  /**
   * Refuses to take an administrator away who is the last active one of a kind: nobody could appoint the next. The rows of
   * all of that kind are locked, so that two cannot leave at once. Error `identity.last-administrator`.
   */
  async requireAnother(tx: Tx, poolArea: string, userId: string, lost: readonly string[]): Promise<void> {
    for (const role of ADMINISTRATORS.filter((code) => lost.includes(code))) {
      const holders = await tx.query<{ id: string }>(
        `SELECT u.id FROM app_user u JOIN user_role r ON r.user_id = u.id
          WHERE u.pool_area = $1 AND r.role_code = $2 AND u.state = 'active' ORDER BY u.id FOR UPDATE OF u`,
        [poolArea, role],
      );
      if (holders.every(({ id }) => id === userId) && holders.length > 0) {
        throw new DomainError(identityErrors['last-administrator'], { role });
      }
    }
  }
}

/** A row as it is shown. */
export function showUser(row: UserRow): UserDto {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    state: row.state,
    areaCode: row.area_code,
    providerId: row.provider_id,
    roles: row.roles,
    activated: row.activated,
    hasFactor: row.has_factor,
    version: row.version,
  };
}

/** Nobody administers themselves. Error 403 `identity.own-roles`. */
export function refuseSelf(actor: Actor, id: string): void {
  if (actor.userId === id.toLowerCase()) throw new DomainError(identityErrors['own-roles']);
}

/** The id after which a page begins; null for the first page. Error `http.bad-cursor`. */
export function idAfter(after: readonly string[] | undefined): string | null {
  const [mark] = after ?? [];
  if (mark === undefined) return null;
  if (!isUuid(mark)) throw new DomainError(httpErrors['bad-cursor']);
  return mark;
}
