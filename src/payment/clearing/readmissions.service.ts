import { Injectable } from '@nestjs/common';
import { Claims } from '../../claims/index.js';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { uuid7 } from '../../common/ids/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { type Actor, Audit, scopeSql } from '../../identity/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { Scheme } from '../domain/types.js';
import { PaymentPolicies } from '../policy/payment-policies.js';
import { isReadmissionReviewed } from './domain/readmission.js';

export type ReadmissionState = 'open' | 'reasonable' | 'unreasonable';

/** A readmission to be judged (再入院审核项). */
export interface ReadmissionReview {
  readonly id: string;
  readonly scheme: Scheme;
  readonly year: number;
  readonly providerId: string;
  readonly providerName: string;
  readonly personId: string;
  readonly firstSettlementId: string;
  readonly settlementId: string;
  readonly gapDays: number;
  readonly state: ReadmissionState;
  readonly reason: string | null;
  readonly evidence: string | null;
  readonly decidedByName: string | null;
  readonly decidedOn: LocalDate | null;
}

const SELECT = `
  SELECT r.id, r.scheme, r.year::int AS year, r.provider_id AS "providerId", i.name AS "providerName",
    r.person_id AS "personId", r.first_settlement_id AS "firstSettlementId", r.settlement_id AS "settlementId",
    r.gap_days AS "gapDays", r.state, r.reason, r.evidence, r.decided_by_name AS "decidedByName",
    r.decided_on AS "decidedOn"
  FROM payment_readmission r JOIN institution i ON i.pool_area = r.pool_area AND i.id = r.provider_id`;

const SCOPE = { pool: 'r.pool_area', area: 'i.area_code', provider: 'r.provider_id' };

/** Readmission reviews of small and special hospitals: found set-based, judged one by one with reason and evidence. */
@Injectable()
export class Readmissions {
  constructor(
    private readonly policies: PaymentPolicies,
    private readonly providers: Providers,
    private readonly claims: Claims,
  ) {}

  /**
   * Finds the readmissions of a year that are reviewed and makes an item of each new one; asked again it adds only what
   * is new. @returns how many were added
   */
  async find(tx: Tx, actor: Actor, key: { readonly scheme: Scheme; readonly year: number }): Promise<number> {
    const { scheme, year } = key;
    const policy = this.policies.inForce(actor.poolArea, scheme, `${String(year)}-12-31` as LocalDate);
    const { readmission } = policy.clearing;
    const hospitals = await this.providers.list(tx, { poolArea: actor.poolArea, type: 'hospital' });
    const reviewed = new Set(hospitals.filter((one) => isReadmissionReviewed(one, readmission)).map((one) => one.id));
    const all = await this.claims.readmissions(tx, {
      poolArea: actor.poolArea,
      ...key,
      withinDays: readmission.withinDays,
    });
    const items = all
      .filter((item) => reviewed.has(item.providerId))
      .map((item) => ({
        id: uuid7(),
        provider_id: item.providerId,
        person_id: item.personId,
        first_settlement_id: item.firstSettlementId,
        settlement_id: item.settlementId,
        gap_days: Math.max(item.daysBetween, 0),
      }));
    const added = await tx.query(
      `INSERT INTO payment_readmission (pool_area, id, scheme, year, provider_id, person_id, first_settlement_id,
         settlement_id, gap_days)
       SELECT $1, x.id, $2, $3, x.provider_id, x.person_id, x.first_settlement_id, x.settlement_id, x.gap_days
       FROM jsonb_to_recordset($4::jsonb) AS x (id uuid, provider_id uuid, person_id uuid, first_settlement_id uuid,
         settlement_id uuid, gap_days integer)
       ON CONFLICT ON CONSTRAINT uq_payment_readmission_settlement DO NOTHING RETURNING id`,
      [actor.poolArea, scheme, year, JSON.stringify(items)],
    );
    await Audit.record(tx, actor, {
      action: 'payment.readmissions-found',
      subjectKind: 'readmission-review',
      subjectId: `${scheme}:${String(year)}`,
      details: { found: items.length, added: added.length },
    });
    return added.length;
  }

  /** Items of the actor's scope, one page; looking at them is looking at persons, so it is on the record. */
  async list(
    tx: Tx,
    actor: Actor,
    filter: {
      readonly scheme?: string | undefined;
      readonly year?: number | undefined;
      readonly state?: string | undefined;
    },
    page: PageQuery,
  ): Promise<ReadmissionReview[]> {
    const scope = scopeSql(actor, SCOPE, 6);
    const items = await tx.query<ReadmissionReview>(
      `${SELECT} WHERE ($1::text IS NULL OR r.scheme = $1) AND ($2::int IS NULL OR r.year = $2)
         AND ($3::text IS NULL OR r.state = $3) AND ($4::uuid IS NULL OR r.id > $4) AND ${scope.sql}
       ORDER BY r.id LIMIT $5`,
      [
        filter.scheme ?? null,
        filter.year ?? null,
        filter.state ?? null,
        page.after?.[0] ?? null,
        page.limit + 1,
        ...scope.params,
      ],
    );
    await Audit.look(tx, actor, {
      action: 'payment.readmissions-seen',
      subjectKind: 'readmission-review',
      subjectId: 'list',
      personIds: [...new Set(items.map((item) => item.personId))],
    });
    return items;
  }

  /** One item of the actor's scope. Error `payment.review-not-found`. */
  async get(tx: Tx, actor: Actor, id: string): Promise<ReadmissionReview> {
    const scope = scopeSql(actor, SCOPE, 2);
    const item = await tx.maybe<ReadmissionReview>(`${SELECT} WHERE r.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
    if (item === undefined) throw new DomainError(paymentErrors['review-not-found']);
    return item;
  }

  /** Judges an item. A reasonable one leaves the numerator of the ratio. Error `payment.wrong-state` when judged already. */
  async decide(
    tx: Tx,
    actor: Actor,
    id: string,
    decision: {
      readonly reasonable: boolean;
      readonly reason: string;
      readonly evidence?: string | undefined;
      readonly today: LocalDate;
    },
  ): Promise<void> {
    await this.get(tx, actor, id);
    const state: ReadmissionState = decision.reasonable ? 'reasonable' : 'unreasonable';
    const changed = await tx.query(
      `UPDATE payment_readmission SET state = $3, reason = $4, evidence = $5, decided_by = $6, decided_by_name = $7,
         decided_on = $8 WHERE pool_area = $1 AND id = $2 AND state = 'open' RETURNING id`,
      [
        actor.poolArea,
        id,
        state,
        decision.reason,
        decision.evidence ?? null,
        actor.userId,
        actor.displayName,
        decision.today,
      ],
    );
    if (changed.length === 0) {
      throw new DomainError(paymentErrors['wrong-state'], { state: 'decided', action: 'decide' });
    }
    await Audit.record(tx, actor, {
      action: `payment.readmission-${state}`,
      subjectKind: 'readmission-review',
      subjectId: id,
      details: { reason: decision.reason },
    });
  }
}
