import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { isUuid, uuid7 } from '../common/ids/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import { scopeSql } from './domain/scope.js';
import type { ResetCodeDto, ResetConfirmationDto, ResetDto, ResetsQueryDto } from './dto/administration.dto.js';
import { identityErrors } from './errors.js';
import { Notices } from './notices.js';
import { codeHash, newCode } from './one-time-codes.js';
import { idAfter, refuseSelf, USER_SCOPE, UserRows } from './user-rows.js';

export type ResetKind = 'activation' | 'password' | 'second-factor';

/** Long enough to hand two slips of paper over. */
const LIFE_MS = 24 * 60 * 60 * 1_000;

interface Row {
  id: string;
  user_id: string;
  username: string;
  display_name: string;
  kind: string;
  state: string;
  started_by: string;
  started_by_name: string;
  started_at: Date;
  expires_at: Date;
  confirmed_by_name: string | null;
}

const SELECT = `
  SELECT c.id, c.user_id, u.username, u.display_name, c.kind, c.state, c.started_by, s.display_name AS started_by_name,
         c.started_at, c.expires_at, f.display_name AS confirmed_by_name
    FROM credential_reset c JOIN app_user u ON u.id = c.user_id JOIN app_user s ON s.id = c.started_by
    LEFT JOIN app_user f ON f.id = c.confirmed_by`;

/**
 * How a user comes to a password that no administrator knows (ASVS 6.4.6): the system administrator starts and gets one code,
 * the security administrator confirms and gets another, and only who has both – the user, to whom both are handed – can choose
 * the password. Starting changes nothing yet; so it keeps nobody out.
 */
@Injectable()
export class CredentialResets {
  constructor(
    private readonly transactions: Transactions,
    private readonly rows: UserRows,
    private readonly notices: Notices,
    private readonly clock: Clock,
  ) {}

  /** Starts a reset; one that was open ends. An account that was never activated is activated, whatever was asked for. */
  async start(actor: Actor, userId: string, kind: 'password' | 'second-factor'): Promise<ResetCodeDto> {
    refuseSelf(actor, userId);
    return this.transactions.run(async (tx) => {
      const user = await this.rows.find(tx, actor, userId, 'FOR UPDATE OF u');
      return this.startIn(tx, actor, user.id, user.activated ? kind : 'activation');
    });
  }

  /** As `start`, in the caller's transaction. */
  async startIn(tx: Tx, actor: Actor, userId: string, kind: ResetKind): Promise<ResetCodeDto> {
    const now = this.clock.now();
    const id = uuid7();
    const code = newCode();
    const expiresAt = new Date(now.getTime() + LIFE_MS);
    await tx.query(
      `UPDATE credential_reset SET state = 'cancelled', ended_at = $2 WHERE user_id = $1 AND state = 'open'`,
      [userId, now],
    );
    await tx.query(
      `INSERT INTO credential_reset (id, pool_area, user_id, kind, code_hash, started_by, started_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, actor.poolArea, userId, kind, codeHash(code), actor.userId, now, expiresAt],
    );
    await this.audit(tx, actor, 'identity.reset-started', userId, { resetId: id, kind });
    if (kind !== 'activation') await this.notices.add(tx, userId, 'reset-started', { kind, by: actor.displayName });
    return { id, kind, code, expiresAt: expiresAt.toISOString() };
  }

  /** The second code, once, for another person than who started. Errors 403 `identity.same-person`, 409 `identity.reset-ended`. */
  async confirm(actor: Actor, id: string): Promise<ResetConfirmationDto> {
    return this.transactions.run(async (tx) => {
      const row = await this.find(tx, actor, id);
      refuseSelf(actor, row.user_id);
      if (row.started_by === actor.userId) throw new DomainError(identityErrors['same-person']);
      const now = this.clock.now();
      const confirmation = newCode();
      const confirmed = await tx.query(
        `UPDATE credential_reset SET confirm_hash = $2, confirmed_by = $3, confirmed_at = $4
          WHERE id = $1 AND state = 'open' AND confirm_hash IS NULL AND expires_at > $4 RETURNING id`,
        [id, codeHash(confirmation), actor.userId, now],
      );
      if (confirmed.length === 0) throw new DomainError(identityErrors['reset-ended']);
      await this.audit(tx, actor, 'identity.reset-confirmed', row.user_id, { resetId: id, kind: row.kind });
      return { id, username: row.username, confirmation, expiresAt: row.expires_at.toISOString() };
    });
  }

  /** Ends an open reset. Error 409 `identity.reset-ended`. */
  async cancel(actor: Actor, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const row = await this.find(tx, actor, id);
      const ended = await tx.query(
        `UPDATE credential_reset SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND state = 'open' RETURNING id`,
        [id, this.clock.now()],
      );
      if (ended.length === 0) throw new DomainError(identityErrors['reset-ended']);
      await this.audit(tx, actor, 'identity.reset-cancelled', row.user_id, { resetId: id, kind: row.kind });
    });
  }

  /** Open resets of the actor's area, newest first. */
  async list(actor: Actor, query: ResetsQueryDto): Promise<Page<ResetDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const scope = scopeSql(actor, USER_SCOPE, 4);
    const rows = await this.transactions.read((tx) =>
      tx.query<Row>(
        `${SELECT} WHERE c.state = 'open' AND c.expires_at > $1 AND ($2::uuid IS NULL OR c.id < $2) AND ${scope.sql}
          ORDER BY c.id DESC LIMIT $3`,
        [this.clock.now(), idAfter(after), limit + 1, ...scope.params],
      ),
    );
    return pageOf.page(rows, limit, (row) => [row.id], show);
  }

  private async find(tx: Tx, actor: Actor, id: string): Promise<Row> {
    const scope = scopeSql(actor, USER_SCOPE, 2);
    const row = isUuid(id)
      ? await tx.maybe<Row>(`${SELECT} WHERE c.id = $1 AND ${scope.sql} FOR UPDATE OF c`, [id, ...scope.params])
      : undefined;
    if (row === undefined) throw new DomainError(identityErrors['reset-not-found']);
    return row;
  }

  private audit(tx: Tx, actor: Actor, action: string, userId: string, details: Record<string, unknown>): Promise<void> {
    return Audit.record(tx, actor, { action, subjectKind: 'user', subjectId: userId, details });
  }
}

function show(row: Row): ResetDto {
  return {
    id: row.id,
    userId: row.user_id,
    username: row.username,
    displayName: row.display_name,
    kind: row.kind,
    startedBy: row.started_by_name,
    startedAt: row.started_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    confirmedBy: row.confirmed_by_name,
  };
}
