import { Injectable } from '@nestjs/common';
import { isUniqueViolation, type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { isUuid, uuid7 } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import { AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';
import { beyondOwn } from './domain/grant-rule.js';
import { scopeSql } from './domain/scope.js';
import { refuseRoles } from './domain/user-rule.js';
import type { AskRoleChangeDto, RoleChangeDto, RoleChangesQueryDto } from './dto/administration.dto.js';
import { identityErrors } from './errors.js';
import { Notices } from './notices.js';
import { Sessions } from './sessions.js';
import { idAfter, refuseSelf, USER_SCOPE, UserRows } from './user-rows.js';

interface Row {
  id: string;
  user_id: string;
  username: string;
  display_name: string;
  activated: boolean;
  roles_before: string[];
  roles: string[];
  area_code: string;
  provider_id: string | null;
  reason: string;
  user_version: number;
  state: string;
  requested_by: string;
  requested_by_name: string;
  requested_at: Date;
  decided_by_name: string | null;
  decided_at: Date | null;
  decision_reason: string;
}

const SELECT = `
  SELECT c.id, c.user_id, u.username, u.display_name, u.password_hash IS NOT NULL AS activated, c.roles_before, c.roles,
         c.area_code, c.provider_id, c.reason, c.user_version, c.state, c.requested_by, r.display_name AS requested_by_name,
         c.requested_at, d.display_name AS decided_by_name, c.decided_at, c.decision_reason
    FROM role_change c JOIN app_user u ON u.id = c.user_id JOIN app_user r ON r.id = c.requested_by
    LEFT JOIN app_user d ON d.id = c.decided_by`;

/**
 * Rights, given and taken by two persons: a security administrator asks, another one – or an approver, for business roles –
 * confirms (GB/T 22239 8.1.4.2). That the two differ, and that neither is the user concerned, is checked by the table too.
 */
@Injectable()
export class RoleChanges {
  constructor(
    private readonly transactions: Transactions,
    private readonly policy: AccessPolicy,
    private readonly rows: UserRows,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks for the roles and the scope a user shall have from now on. Errors 403 `identity.own-roles`,
   * `identity.grant-beyond-own`; `identity.role-unknown`, `identity.roles-exclusive`, `identity.provider-role`; 409
   * `identity.role-change-open`, `identity.version-conflict`.
   */
  async request(actor: Actor, userId: string, dto: AskRoleChangeDto): Promise<RoleChangeDto> {
    refuseSelf(actor, userId);
    const id = uuid7();
    try {
      return await this.transactions.run(async (tx) => {
        const user = await this.rows.find(tx, actor, userId, 'FOR UPDATE OF u');
        this.checkRoles(dto.roles, dto.providerId ?? null);
        const { roles, areaCode } = dto;
        this.requireGrant(actor, 'request', { rolesBefore: user.roles, roles, areaCode });
        if (user.version !== dto.version) throw new DomainError(identityErrors['version-conflict']);
        await tx.query(
          `INSERT INTO role_change (id, pool_area, user_id, roles_before, roles, area_code, provider_id, reason, user_version,
                                    requested_by, requested_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
          [
            id,
            actor.poolArea,
            user.id,
            user.roles,
            dto.roles,
            dto.areaCode,
            dto.providerId ?? null,
            dto.reason,
            user.version,
            actor.userId,
            this.clock.now(),
          ],
        );
        await this.audit(tx, actor, 'identity.role-change-requested', user.id, {
          changeId: id,
          before: user.roles,
          after: roles,
          areaCode,
        });
        return show(await this.find(tx, actor, id));
      });
    } catch (error) {
      if (isUniqueViolation(error, 'uq_role_change_open')) throw new DomainError(identityErrors['role-change-open']);
      throw error;
    }
  }

  /**
   * Confirms and applies it: the user's sessions end, the next request is judged by the new roles. Errors 403
   * `identity.same-person`, `identity.own-roles`, `identity.grant-beyond-own`; 409 `identity.role-change-decided`,
   * `identity.version-conflict`; 422 `identity.last-administrator`.
   */
  async confirm(actor: Actor, id: string): Promise<RoleChangeDto> {
    const decided = await this.transactions.run(async (tx) => {
      const change = await this.open(tx, actor, id);
      const user = await this.rows.find(tx, actor, change.user_id, 'FOR UPDATE OF u');
      this.requireGrant(actor, 'confirm', {
        rolesBefore: change.roles_before,
        roles: change.roles,
        areaCode: change.area_code,
      });
      const lost = user.roles.filter((role) => !change.roles.includes(role));
      await this.rows.requireAnother(tx, actor.poolArea, user.id, lost);
      await this.rows.touch(tx, user.id, change.user_version, 'area_code = $3, provider_id = $4', [
        change.area_code,
        change.provider_id,
      ]);
      await tx.query('DELETE FROM user_role WHERE user_id = $1', [user.id]);
      await tx.query(
        `INSERT INTO user_role (user_id, role_code, granted_by, change_id)
         SELECT $1, role, $3, $4 FROM unnest($2::text[]) AS role`,
        [user.id, change.roles, actor.username, id],
      );
      await this.decide(tx, actor, change, 'confirmed', '');
      await this.sessions.revoke(tx, user.id, 'roles-changed');
      await this.notices.add(tx, user.id, 'roles-changed', {
        roles: change.roles,
        requestedBy: change.requested_by_name,
        confirmedBy: actor.displayName,
      });
      await this.audit(tx, actor, 'identity.roles-changed', user.id, {
        changeId: id,
        before: user.roles,
        after: change.roles,
        areaCode: change.area_code,
        requestedBy: change.requested_by,
      });
      return show(await this.find(tx, actor, id));
    });
    this.sessions.forget(decided.userId);
    return decided;
  }

  /** Says no, with a reason. Errors as for `confirm`. */
  async refuse(actor: Actor, id: string, reason: string): Promise<RoleChangeDto> {
    return this.transactions.run(async (tx) => {
      const change = await this.open(tx, actor, id);
      await this.decide(tx, actor, change, 'refused', reason);
      await this.audit(tx, actor, 'identity.role-change-refused', change.user_id, { changeId: id });
      return show(await this.find(tx, actor, id));
    });
  }

  /** Takes the own request back. Errors 403 `identity.same-person` for anybody else, 409 `identity.role-change-decided`. */
  async withdraw(actor: Actor, id: string): Promise<RoleChangeDto> {
    return this.transactions.run(async (tx) => {
      const change = await this.find(tx, actor, id, 'FOR UPDATE OF c');
      if (change.requested_by !== actor.userId) throw new DomainError(identityErrors['not-requester']);
      requireOpen(change);
      await this.decide(tx, actor, change, 'withdrawn', '');
      await this.audit(tx, actor, 'identity.role-change-withdrawn', change.user_id, { changeId: id });
      return show(await this.find(tx, actor, id));
    });
  }

  /** Changes for users of the actor's area, newest first. */
  async list(actor: Actor, query: RoleChangesQueryDto): Promise<Page<RoleChangeDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const scope = scopeSql(actor, USER_SCOPE, 4);
    const rows = await this.transactions.read((tx) =>
      tx.query<Row>(
        `${SELECT} WHERE ($1::text IS NULL OR c.state = $1) AND ($2::uuid IS NULL OR c.id < $2) AND ${scope.sql}
          ORDER BY c.id DESC LIMIT $3`,
        [query.state ?? null, idAfter(after), limit + 1, ...scope.params],
      ),
    );
    return pageOf.page(rows, limit, (row) => [row.id], show);
  }

  /** A change that waits, for somebody who may decide: neither who asked nor whom it is about. */
  private async open(tx: Tx, actor: Actor, id: string): Promise<Row> {
    const change = await this.find(tx, actor, id, 'FOR UPDATE OF c');
    refuseSelf(actor, change.user_id);
    if (change.requested_by === actor.userId) throw new DomainError(identityErrors['same-person']);
    requireOpen(change);
    return change;
  }

  private async find(tx: Tx, actor: Actor, id: string, lock: '' | 'FOR UPDATE OF c' = ''): Promise<Row> {
    const scope = scopeSql(actor, USER_SCOPE, 2);
    const row = isUuid(id)
      ? await tx.maybe<Row>(`${SELECT} WHERE c.id = $1 AND ${scope.sql} ${lock}`, [id, ...scope.params])
      : undefined;
    if (row === undefined) throw new DomainError(identityErrors['role-change-not-found']);
    return row;
  }

  private async decide(tx: Tx, actor: Actor, change: Row, state: string, reason: string): Promise<void> {
    await tx.query(
      `UPDATE role_change SET state = $2, decided_by = $3, decided_at = $4, decision_reason = $5
        WHERE id = $1 AND state = 'requested'`,
      [change.id, state, actor.userId, this.clock.now(), reason],
    );
  }

  private requireGrant(actor: Actor, step: 'request' | 'confirm', proposed: Parameters<typeof beyondOwn>[3]): void {
    const right = beyondOwn(this.policy, actor, step, proposed);
    if (right !== undefined) throw new DomainError(identityErrors['grant-beyond-own'], { right });
  }

  private checkRoles(roles: readonly string[], providerId: string | null): void {
    const refusal = refuseRoles(this.policy, roles, providerId);
    if (refusal === undefined) return;
    if (refusal.why === 'unknown') throw new DomainError(identityErrors['role-unknown'], { role: refusal.role });
    if (refusal.why === 'provider') throw new DomainError(identityErrors['provider-role']);
    throw new DomainError(identityErrors['roles-exclusive'], { one: refusal.one, other: refusal.other });
  }

  private audit(tx: Tx, actor: Actor, action: string, userId: string, details: Record<string, unknown>): Promise<void> {
    return Audit.record(tx, actor, { action, subjectKind: 'user', subjectId: userId, details });
  }
}

function requireOpen({ state }: Row): void {
  if (state !== 'requested') throw new DomainError(identityErrors['role-change-decided'], { state });
}

function show(row: Row): RoleChangeDto {
  return {
    id: row.id,
    userId: row.user_id,
    username: row.username,
    displayName: row.display_name,
    activated: row.activated,
    rolesBefore: row.roles_before,
    roles: row.roles,
    areaCode: row.area_code,
    providerId: row.provider_id,
    reason: row.reason,
    state: row.state,
    requestedById: row.requested_by,
    requestedBy: row.requested_by_name,
    requestedAt: row.requested_at.toISOString(),
    decidedBy: row.decided_by_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionReason: row.decision_reason,
  };
}
