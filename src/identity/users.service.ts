import { Injectable } from '@nestjs/common';
import { isUniqueViolation, type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { CredentialResets } from './credential-resets.service.js';
import type { Actor } from './domain/actor.js';
import { scopeSql } from './domain/scope.js';
import { coversArea } from './domain/user-rule.js';
import type { CreateUserDto, PatchUserDto, UserDto, UsersQueryDto, UserWithCodeDto } from './dto/users.dto.js';
import { identityErrors } from './errors.js';
import { Sessions } from './sessions.js';
import { Throttles } from './throttles.js';
import { refuseSelf, showUser, USER_COLUMNS, USER_SCOPE, type UserRow, UserRows } from './user-rows.js';

/**
 * Accounts, in the hands of the system administrator: they are made, named, disabled and enabled here, without any right
 * and without a password. Rights come from `RoleChanges`, passwords from the users themselves.
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly transactions: Transactions,
    private readonly rows: UserRows,
    private readonly resets: CredentialResets,
    private readonly sessions: Sessions,
    private readonly throttles: Throttles,
    private readonly clock: Clock,
  ) {}

  /** One page of the users in the actor's area, by user name. */
  async list(actor: Actor, query: UsersQueryDto): Promise<Page<UserDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const scope = scopeSql(actor, USER_SCOPE, 4);
    const rows = await this.transactions.read((tx) =>
      tx.query<UserRow>(
        `SELECT ${USER_COLUMNS} FROM app_user u
          WHERE ($1::text IS NULL OR u.state = $1) AND ($2::text IS NULL OR u.username > $2) AND ${scope.sql}
          ORDER BY u.username LIMIT $3`,
        [query.state ?? null, after?.[0] ?? null, limit + 1, ...scope.params],
      ),
    );
    return pageOf.page(rows, limit, (row) => [row.username], showUser);
  }

  /** Error 404 `identity.user-not-found`, also for a user outside the actor's area. */
  async get(actor: Actor, id: string): Promise<UserDto> {
    return showUser(await this.transactions.read((tx) => this.rows.find(tx, actor, id)));
  }

  /**
   * Makes an account without rights and without a password; the answer holds the first of the two codes with which its user
   * chooses one. Errors `identity.username-taken`, `identity.area-outside`.
   */
  async create(actor: Actor, dto: CreateUserDto): Promise<UserWithCodeDto> {
    if (!coversArea(actor, dto.areaCode)) throw new DomainError(identityErrors['area-outside'], { area: dto.areaCode });
    const id = uuid7();
    try {
      return await this.transactions.run(async (tx) => {
        await tx.query(
          `INSERT INTO app_user (id, pool_area, username, display_name, area_code, password_changed_at, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [id, actor.poolArea, dto.username, dto.displayName, dto.areaCode, this.clock.now(), actor.username],
        );
        await this.audit(tx, actor, 'identity.user-created', id, { areaCode: dto.areaCode });
        const { code, expiresAt } = await this.resets.startIn(tx, actor, id, 'activation');
        return Object.assign(showUser(await this.rows.find(tx, actor, id)), { code, codeExpiresAt: expiresAt });
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'uq_app_user_username')) throw error;
      throw new DomainError(identityErrors['username-taken'], { username: dto.username });
    }
  }

  /** Changes the name shown. */
  async rename(actor: Actor, id: string, dto: PatchUserDto): Promise<UserDto> {
    return this.transactions.run(async (tx) => {
      await this.rows.find(tx, actor, id, 'FOR UPDATE OF u');
      await this.rows.touch(tx, id, dto.version, 'display_name = $3', [dto.displayName]);
      await this.audit(tx, actor, 'identity.user-renamed', id);
      return showUser(await this.rows.find(tx, actor, id));
    });
  }

  /** Disables or enables an account; disabling ends its sessions at once. Error `identity.last-administrator`. */
  async setState(actor: Actor, id: string, state: 'active' | 'disabled'): Promise<UserDto> {
    refuseSelf(actor, id);
    const changed = await this.transactions.run(async (tx) => {
      const user = await this.rows.find(tx, actor, id, 'FOR UPDATE OF u');
      if (state === 'disabled') {
        await this.rows.requireAnother(tx, actor.poolArea, user.id, user.roles);
        await this.sessions.revoke(tx, user.id, 'disabled');
      } else {
        await this.throttles.release(tx, user.username);
      }
      await this.rows.touch(tx, user.id, user.version, 'state = $3', [state]);
      await this.audit(tx, actor, state === 'disabled' ? 'identity.user-disabled' : 'identity.user-enabled', id);
      return showUser(await this.rows.find(tx, actor, id));
    });
    this.sessions.forget(changed.id);
    return changed;
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
