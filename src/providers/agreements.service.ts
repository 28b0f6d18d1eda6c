import { Injectable } from '@nestjs/common';
import { constraintOf, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { PageQuery } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { lockInOrder } from '../common/locks/index.js';
import { Clock, type LocalDate } from '../common/time/index.js';
import { type Actor, Audit, scopeSql } from '../identity/index.js';
import {
  afterStep,
  type AgreementState,
  liftedOn,
  requirePeriod,
  type Span,
  suspensionSpan,
  terminatedOn,
} from './domain/agreement.js';
import { providersErrors } from './domain/errors.js';
import { Institutions } from './institutions.service.js';

/** The longest suspension (医疗机构医疗保障定点管理暂行办法: 中止期限原则上不超过180日). */
const MAX_SUSPENSION_DAYS = 180;

export interface Suspension extends Span {
  readonly id: string;
  readonly reason: string;
}

/** A service agreement; days are half-open. */
export interface Agreement extends Span {
  readonly id: string;
  readonly institutionId: string;
  readonly institutionName: string;
  readonly agreementNo: string;
  readonly state: AgreementState;
  readonly stateReason: string | null;
  /** Payment method per clearing category. */
  readonly paymentMethod: Readonly<Record<string, string>>;
  /** Decimal text, 0 … 1. */
  readonly depositRate: string;
  readonly createdBy: string;
  readonly signedBy: string | null;
  readonly signedOn: LocalDate | null;
  readonly suspensions: readonly Suspension[];
}

export interface NewAgreement extends Span {
  readonly institutionId: string;
  readonly agreementNo: string;
  readonly paymentMethod: Readonly<Record<string, string>>;
  readonly depositRate: string;
}

const SELECT = `SELECT g.id, g.institution_id AS "institutionId", i.name AS "institutionName", g.agreement_no AS "agreementNo",
  lower(g.valid) AS "from", upper(g.valid) AS "to", g.state, g.state_reason AS "stateReason",
  g.payment_method AS "paymentMethod", g.deposit_rate AS "depositRate", g.created_by AS "createdBy",
  g.signed_by AS "signedBy", g.signed_on AS "signedOn",
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'from', lower(s.span), 'to', upper(s.span), 'reason', s.reason)
                             ORDER BY lower(s.span))
              FROM agreement_suspension s
             WHERE s.pool_area = g.pool_area AND s.institution_id = g.institution_id AND s.agreement_id = g.id), '[]') AS suspensions
  FROM agreement g JOIN institution i ON i.pool_area = g.pool_area AND i.id = g.institution_id`;

const SCOPE_COLUMNS = { pool: 'g.pool_area', area: 'i.area_code', provider: 'g.institution_id' };

/** Service agreements and their life: drafted by one, signed by another, suspended, resumed, terminated. */
@Injectable()
export class Agreements {
  constructor(
    private readonly institutions: Institutions,
    private readonly clock: Clock,
  ) {}

  /** Agreements of the actor's scope by number, one page. */
  async list(
    tx: Tx,
    actor: Actor,
    filter: { institutionId?: string; on?: LocalDate },
    page: PageQuery,
  ): Promise<Agreement[]> {
    const scope = scopeSql(actor, SCOPE_COLUMNS, 5);
    return tx.query<Agreement>(
      `${SELECT} WHERE ($1::uuid IS NULL OR g.institution_id = $1) AND ($2::date IS NULL OR g.valid @> $2)
         AND ($3::text IS NULL OR g.agreement_no > $3) AND ${scope.sql} ORDER BY g.agreement_no LIMIT $4`,
      [filter.institutionId ?? null, filter.on ?? null, page.after?.[0] ?? null, page.limit + 1, ...scope.params],
    );
  }

  /** One agreement of the actor's scope. Error `providers.agreement-not-found`. */
  async get(tx: Tx, actor: Actor, id: string): Promise<Agreement> {
    const scope = scopeSql(actor, SCOPE_COLUMNS, 2);
    const found = await tx.maybe<Agreement>(`${SELECT} WHERE g.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
    if (found === undefined) throw new DomainError(providersErrors['agreement-not-found']);
    return found;
  }

  /** Drafts an agreement. Errors `providers.bad-period`, `providers.agreement-exists`, `providers.institution-not-found`. */
  async draft(tx: Tx, actor: Actor, input: NewAgreement): Promise<string> {
    requirePeriod(input.from, input.to);
    await this.institutions.get(tx, actor, input.institutionId);
    const id = uuid7();
    const created = await tx.maybe(
      `INSERT INTO agreement (pool_area, institution_id, id, agreement_no, valid, payment_method, deposit_rate, created_by)
       VALUES ($1, $2, $3, $4, daterange($5, $6), $7, $8, $9)
       ON CONFLICT ON CONSTRAINT agreement_uq_agreement_no DO NOTHING RETURNING id`,
      [
        actor.poolArea,
        input.institutionId,
        id,
        input.agreementNo,
        input.from,
        input.to,
        JSON.stringify(input.paymentMethod),
        input.depositRate,
        actor.username,
      ],
    );
    if (created === undefined)
      throw new DomainError(providersErrors['agreement-exists'], { agreementNo: input.agreementNo });
    await audit(tx, actor, id, 'drafted', { institutionId: input.institutionId, from: input.from, to: input.to });
    return id;
  }

  /** Signs a draft; from then on it is in force for its days. Errors `providers.same-person`, `providers.agreement-overlaps`. */
  async sign(tx: Tx, actor: Actor, id: string): Promise<void> {
    const agreement = await this.getForChange(tx, actor, id);
    const state = afterStep(agreement.state, 'sign');
    if (agreement.createdBy === actor.username) throw new DomainError(providersErrors['same-person']);
    try {
      await tx.query(
        `UPDATE agreement SET state = $4, signed_by = $5, signed_on = $6, version = version + 1
          WHERE pool_area = $1 AND institution_id = $2 AND id = $3`,
        [actor.poolArea, agreement.institutionId, id, state, actor.username, this.clock.today()],
      );
    } catch (error) {
      if (constraintOf(error) === 'agreement_no_overlap') throw new DomainError(providersErrors['agreement-overlaps']);
      throw error;
    }
    await audit(tx, actor, id, 'signed', {});
  }

  /**
   * Suspends an agreement from a day for some days (at most 180, then it ends by itself); services in the span are not
   * paid. Errors `providers.illegal-step`, `providers.suspension-too-long`, `providers.outside-agreement`,
   * `providers.suspension-overlaps`.
   */
  async suspend(
    tx: Tx,
    actor: Actor,
    id: string,
    input: { from: LocalDate; days?: number; reason: string },
  ): Promise<void> {
    const agreement = await this.getForChange(tx, actor, id);
    const state = afterStep(agreement.state, 'suspend');
    const span = suspensionSpan(agreement, input.from, input.days ?? MAX_SUSPENSION_DAYS, MAX_SUSPENSION_DAYS);
    try {
      await tx.query(
        `INSERT INTO agreement_suspension (pool_area, institution_id, agreement_id, id, span, reason, created_by)
         VALUES ($1, $2, $3, $4, daterange($5, $6), $7, $8)`,
        [actor.poolArea, agreement.institutionId, id, uuid7(), span.from, span.to, input.reason, actor.username],
      );
    } catch (error) {
      if (constraintOf(error) === 'agreement_suspension_no_overlap') {
        throw new DomainError(providersErrors['suspension-overlaps']);
      }
      throw error;
    }
    await this.setState(tx, actor, agreement, state, input.reason);
    await audit(tx, actor, id, 'suspended', { from: span.from, to: span.to, reason: input.reason });
  }

  /** Lifts every suspension from a day on; spans that had not begun by then fall away. Error `providers.illegal-step`. */
  async resume(tx: Tx, actor: Actor, id: string, input: { on: LocalDate; reason: string }): Promise<void> {
    const agreement = await this.getForChange(tx, actor, id);
    const state = afterStep(agreement.state, 'resume');
    for (const suspension of agreement.suspensions) {
      const left = liftedOn(suspension, input.on);
      // A span of no day cannot be kept; that it had been ordered stays in the audit trail.
      const to = left === null ? null : left.to;
      if (to === suspension.to) continue;
      await tx.query(
        to === null
          ? `DELETE FROM agreement_suspension WHERE pool_area = $1 AND institution_id = $2 AND id = $3`
          : `UPDATE agreement_suspension SET span = daterange(lower(span), $4) WHERE pool_area = $1 AND institution_id = $2 AND id = $3`,
        [actor.poolArea, agreement.institutionId, suspension.id, ...(to === null ? [] : [to])],
      );
    }
    await this.setState(tx, actor, agreement, state, input.reason);
    await audit(tx, actor, id, 'resumed', { on: input.on, reason: input.reason });
  }

  /** Terminates an agreement: `on` becomes the first day without it. Errors `providers.illegal-step`, `providers.outside-agreement`. */
  async terminate(tx: Tx, actor: Actor, id: string, input: { on: LocalDate; reason: string }): Promise<void> {
    const agreement = await this.getForChange(tx, actor, id);
    const state = afterStep(agreement.state, 'terminate');
    const left = terminatedOn(agreement, input.on);
    await tx.query(
      `UPDATE agreement SET valid = daterange(lower(valid), $4) WHERE pool_area = $1 AND institution_id = $2 AND id = $3`,
      [actor.poolArea, agreement.institutionId, id, left.to],
    );
    await this.setState(tx, actor, agreement, state, input.reason);
    await audit(tx, actor, id, 'terminated', { on: input.on, reason: input.reason });
  }

  private async setState(
    tx: Tx,
    actor: Actor,
    agreement: Agreement,
    state: AgreementState,
    reason: string,
  ): Promise<void> {
    await tx.query(
      `UPDATE agreement SET state = $4, state_reason = $5, version = version + 1
        WHERE pool_area = $1 AND institution_id = $2 AND id = $3`,
      [actor.poolArea, agreement.institutionId, agreement.id, state, reason],
    );
  }

  private async getForChange(tx: Tx, actor: Actor, id: string): Promise<Agreement> {
    const { institutionId } = await this.get(tx, actor, id);
    await lockInOrder(tx, [{ kind: 'agreement', key: `${actor.poolArea}:${institutionId}` }]);
    return this.get(tx, actor, id);
  }
}

function audit(
  tx: Tx,
  actor: Actor,
  id: string,
  what: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  return Audit.record(tx, actor, {
    action: `providers.agreement.${what}`,
    subjectKind: 'agreement',
    subjectId: id,
    details,
  });
}
