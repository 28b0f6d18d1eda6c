import { Injectable } from '@nestjs/common';
import { isUniqueViolation, type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { isUuid, uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';
import { scopeSql } from './domain/scope.js';
import { coversArea, refuseRoles } from './domain/user-rule.js';
import type {
  CreateUserDto,
  PatchUserDto,
  SetRolesDto,
  UserDto,
  UsersQueryDto,
  UserWithPasswordDto,
} from './dto/users.dto.js';
import { identityErrors } from './errors.js';
import { Passwords } from './passwords.js';
import { Sessions } from './sessions.js';

interface UserRow {
  id: string;
  username: string;
  display_name: string;
  state: string;
  area_code: string;
  provider_id: string | null;
  must_change_password: boolean;
  version: number;
  roles: string[];
}

const COLUMNS = `u.id, u.username, u.display_name, u.state, u.area_code, u.provider_id, u.must_change_password, u.version,
  ARRAY(SELECT r.role_code FROM user_role r WHERE r.user_id = u.id ORDER BY r.role_code) AS roles`;
const SCOPE = { pool: 'u.pool_area', area: 'u.area_code', provider: 'u.provider_id' } as const;

/** Administration of users. Nobody changes their own rights; every change is audited and acts at once. */
@Injectable()
export class UsersService {
  constructor(
    private readonly transactions: Transactions,
    private readonly policy: AccessPolicy,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /** One page of the users in the actor's area, by user name. */
  async list(actor: Actor, query: UsersQueryDto): Promise<Page<UserDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const scope = scopeSql(actor, SCOPE, 4);
    const rows = await this.transactions.read((tx) =>
      tx.query<UserRow>(
        `SELECT ${COLUMNS} FROM app_user u
          WHERE ($1::text IS NULL OR u.state = $1) AND ($2::text IS NULL OR u.username > $2) AND ${scope.sql}
          ORDER BY u.username LIMIT $3`,
        [query.state ?? null, after?.[0] ?? null, limit + 1, ...scope.params],
      ),
    );
    return pageOf.page(rows, limit, (row) => [row.username], show);
  }

  /** Error 404 `identity.user-not-found`, also for a user outside the actor's area. */
  async get(actor: Actor, id: string): Promise<UserDto> {
    return show(await this.transactions.read((tx) => this.find(tx, actor, id, '')));
  }

  /** Makes an account with a password for the first sign-in. Errors `identity.username-taken`, roles and area as declared. */
  async create(actor: Actor, dto: CreateUserDto): Promise<UserWithPasswordDto> {
    const providerId = dto.providerId ?? null;
    this.checkRoles(dto.roles, providerId);
    if (!coversArea(actor, dto.areaCode)) throw new DomainError(identityErrors['area-outside'], { area: dto.areaCode });
    const oneTimePassword = this.passwords.oneTime();
    const hash = await this.passwords.hash(oneTimePassword);
    const id = uuid7();
    try {
      return await this.transactions.run(async (tx) => {
        await tx.query(
          `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, provider_id,
                                 password_changed_at, must_change_password, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9)`,
          [
            id,
            actor.poolArea,
            dto.username,
            dto.displayName,
            hash,
            dto.areaCode,
            providerId,
            this.clock.now(),
            actor.username,
          ],
        );
        await this.insertRoles(tx, actor, id, dto.roles);
        await this.audit(tx, actor, 'identity.user-created', id, {
          roles: dto.roles,
          areaCode: dto.areaCode,
          providerId,
        });
        return Object.assign(show(await this.find(tx, actor, id, '')), { oneTimePassword });
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_app_user_username')) throw error;
      throw new DomainError(identityErrors['username-taken'], { username: dto.username });
    }
  }

  /** Changes the name shown. */
  async rename(actor: Actor, id: string, dto: PatchUserDto): Promise<UserDto> {
    return this.transactions.run(async (tx) => {
      await this.find(tx, actor, id, 'FOR UPDATE OF u');
      await this.touch(tx, id, 'display_name = $3', dto.version, dto.displayName);
      await this.audit(tx, actor, 'identity.user-renamed', id);
      return show(await this.find(tx, actor, id, ''));
    });
  }

  /** Replaces the roles and ends the user's sessions. Errors 403 `identity.own-roles`, roles as declared. */
  async setRoles(actor: Actor, id: string, dto: SetRolesDto): Promise<UserDto> {
    refuseSelf(actor, id);
    const changed = await this.transactions.run(async (tx) => {
      const user = await this.find(tx, actor, id, 'FOR UPDATE OF u');
      this.checkRoles(dto.roles, user.provider_id);
      await this.touch(tx, id, '', dto.version);
      await tx.query('DELETE FROM user_role WHERE user_id = $1', [id]);
      await this.insertRoles(tx, actor, id, dto.roles);
      await this.sessions.revoke(tx, id, 'roles-changed');
      await this.audit(tx, actor, 'identity.roles-changed', id, { before: user.roles, after: dto.roles });
      return show(await this.find(tx, actor, id, ''));
    });
    this.sessions.forget(id);
    return changed;
  }

  /** Disables or enables an account; disabling ends its sessions at once. */
  async setState(actor: Actor, id: string, state: 'active' | 'disabled'): Promise<UserDto> {
    refuseSelf(actor, id);
    const changed = await this.transactions.run(async (tx) => {
      const user = await this.find(tx, actor, id, 'FOR UPDATE OF u');
      await this.touch(tx, id, 'state = $3, failed_sign_ins = 0, locked_until = NULL', user.version, state);
      if (state === 'disabled') await this.sessions.revoke(tx, id, 'disabled');
      await this.audit(tx, actor, state === 'disabled' ? 'identity.user-disabled' : 'identity.user-enabled', id);
      return show(await this.find(tx, actor, id, ''));
    });
    this.sessions.forget(id);
    return changed;
  }

  /** Gives a new password for one sign-in, which the user must then replace; ends all sessions. */
  async resetPassword(actor: Actor, id: string): Promise<UserWithPasswordDto> {
    refuseSelf(actor, id);
    const oneTimePassword = this.passwords.oneTime();
    const hash = await this.passwords.hash(oneTimePassword);
    const changed = await this.transactions.run(async (tx) => {
      const user = await this.find(tx, actor, id, 'FOR UPDATE OF u');
      const change = 'password_hash = $3, must_change_password = true, failed_sign_ins = 0, locked_until = NULL';
      await this.touch(tx, id, change, user.version, hash);
      await this.sessions.revoke(tx, id, 'password-changed');
      await this.audit(tx, actor, 'identity.password-reset', id);
      return Object.assign(show(await this.find(tx, actor, id, '')), { oneTimePassword });
    });
    this.sessions.forget(id);
    return changed;
  }

  private async find(tx: Tx, actor: Actor, id: string, lock: '' | 'FOR UPDATE OF u'): Promise<UserRow> {
    const scope = scopeSql(actor, SCOPE, 2);
    const row = isUuid(id)
      ? await tx.maybe<UserRow>(`SELECT ${COLUMNS} FROM app_user u WHERE u.id = $1 AND ${scope.sql} ${lock}`, [
          id,
          ...scope.params,
        ])
      : undefined;
    if (row === undefined) throw new DomainError(identityErrors['user-not-found']);
    return row;
  }

  private async touch(tx: Tx, id: string, change: string, version: number, value?: string): Promise<void> {
    const set = change === '' ? '' : `${change}, `;
    const rows = await tx.query(
      `UPDATE app_user SET ${set}version = version + 1 WHERE id = $1 AND version = $2 RETURNING id`,
      value === undefined ? [id, version] : [id, version, value],
    );
    if (rows.length === 0) throw new DomainError(identityErrors['version-conflict']);
  }

  private checkRoles(roles: readonly string[], providerId: string | null): void {
    const refusal = refuseRoles(this.policy, roles, providerId);
    if (refusal === undefined) return;
    if (refusal.why === 'unknown') throw new DomainError(identityErrors['role-unknown'], { role: refusal.role });
    if (refusal.why === 'provider') throw new DomainError(identityErrors['provider-role']);
    throw new DomainError(identityErrors['roles-exclusive'], { one: refusal.one, other: refusal.other });
  }

  private async insertRoles(tx: Tx, actor: Actor, id: string, roles: readonly string[]): Promise<void> {
    await tx.query(
      'INSERT INTO user_role (user_id, role_code, granted_by) SELECT $1, role, $3 FROM unnest($2::text[]) AS role',
      [id, roles, actor.username],
    );
  }

  private audit(
    tx: Tx,
    actor: Actor,
    action: string,
    id: string,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    return Audit.record(tx, actor, { action, subjectKind: 'user', subjectId: id, details });
  }
}

function refuseSelf(actor: Actor, id: string): void {
  if (actor.userId === id.toLowerCase()) throw new DomainError(identityErrors['own-roles']);
}

function show(row: UserRow): UserDto {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    state: row.state,
    areaCode: row.area_code,
    providerId: row.provider_id,
    roles: row.roles,
    mustChangePassword: row.must_change_password,
    version: row.version,
  };
}
