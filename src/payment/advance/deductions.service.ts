import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import { firstDay, type LocalDate, type Month } from '../../common/time/index.js';
import { type Actor, Audit, scopeSql } from '../../identity/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import { type DeductionState, nextDeductionState } from '../domain/lifecycle.js';
import type { Scheme } from '../domain/types.js';

/** A deduction (审核扣款) as stored. */
export interface Deduction {
  readonly id: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly scheme: Scheme;
  /** First day of the month from which it may be applied. */
  readonly month: LocalDate;
  readonly amount: Fen;
  readonly reason: string;
  readonly document: string;
  readonly settlementId: string | null;
  readonly state: DeductionState;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly decidedByName: string | null;
  readonly decidedOn: LocalDate | null;
  readonly opinion: string | null;
  readonly appliedMonthId: string | null;
}

export interface NewDeduction {
  readonly providerId: string;
  readonly scheme: Scheme;
  readonly month: Month;
  readonly amount: Fen;
  readonly reason: string;
  readonly document?: string | undefined;
  readonly settlementId?: string | undefined;
}

const SELECT = `
  SELECT d.id, d.provider_id AS "providerId", i.name AS "providerName", d.scheme, d.month, d.amount_fen AS amount, d.reason,
    d.document, d.settlement_id AS "settlementId", d.state, d.proposed_by AS "proposedBy",
    d.proposed_by_name AS "proposedByName", d.decided_by_name AS "decidedByName", d.decided_on AS "decidedOn", d.opinion,
    d.applied_month_id AS "appliedMonthId"
  FROM payment_deduction d JOIN institution i ON i.pool_area = d.pool_area AND i.id = d.provider_id`;

const SCOPE = { pool: 'd.pool_area', area: 'i.area_code', provider: 'd.provider_id' };

/** Deductions: proposed by one person, decided by another, applied when the month they fall into is closed. */
@Injectable()
export class Deductions {
  constructor(private readonly providers: Providers) {}

  /** Deductions of the actor's scope, newest first, one page. */
  list(
    tx: Tx,
    actor: Actor,
    filter: {
      readonly state?: string | undefined;
      readonly scheme?: string | undefined;
      readonly month?: Month | undefined;
    },
    page: PageQuery,
  ): Promise<Deduction[]> {
    const scope = scopeSql(actor, SCOPE, 6);
    return tx.query<Deduction>(
      `${SELECT} WHERE ($1::text IS NULL OR d.state = $1) AND ($2::text IS NULL OR d.scheme = $2)
         AND ($3::date IS NULL OR d.month = $3) AND ($4::uuid IS NULL OR d.id < $4) AND ${scope.sql}
       ORDER BY d.id DESC LIMIT $5`,
      [
        filter.state ?? null,
        filter.scheme ?? null,
        filter.month === undefined ? null : firstDay(filter.month),
        page.after?.[0] ?? null,
        page.limit + 1,
        ...scope.params,
      ],
    );
  }

  /** One deduction of the actor's scope. Error `payment.deduction-not-found`. */
  async get(tx: Tx, actor: Actor, id: string): Promise<Deduction> {
    const scope = scopeSql(actor, SCOPE, 2);
    const found = await tx.maybe<Deduction>(`${SELECT} WHERE d.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
    if (found === undefined) throw new DomainError(paymentErrors['deduction-not-found']);
    return found;
  }

  /** Proposes a deduction. Errors: `payment.amount-invalid`, `providers.institution-not-found`. */
  async propose(tx: Tx, actor: Actor, input: NewDeduction): Promise<string> {
    if (input.amount <= 0n) throw new DomainError(paymentErrors['amount-invalid'], { value: yuanText(input.amount) });
    await this.providers.get(tx, actor.poolArea, input.providerId);
    const id = uuid7();
    await tx.query(
      `INSERT INTO payment_deduction (pool_area, id, provider_id, scheme, month, amount_fen, reason, document, settlement_id,
         proposed_by, proposed_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        actor.poolArea,
        id,
        input.providerId,
        input.scheme,
        firstDay(input.month),
        input.amount,
        input.reason,
        input.document ?? '',
        input.settlementId ?? null,
        actor.userId,
        actor.displayName,
      ],
    );
    await this.record(tx, actor, id, 'proposed', {
      providerId: input.providerId,
      scheme: input.scheme,
      month: input.month,
      amount: yuanText(input.amount),
    });
    return id;
  }

  /**
   * Decides a proposed deduction: it is then taken by the next month that is settled, or is withdrawn.
   * Errors: `payment.same-person`, `payment.wrong-state`, `payment.deduction-not-found`.
   */
  async decide(
    tx: Tx,
    actor: Actor,
    id: string,
    decision: { readonly uphold: boolean; readonly opinion: string; readonly today: LocalDate },
  ): Promise<void> {
    await tx.query('SELECT FROM payment_deduction WHERE pool_area = $1 AND id = $2 FOR UPDATE', [actor.poolArea, id]);
    const deduction = await this.get(tx, actor, id);
    const state = nextDeductionState(deduction.state, decision.uphold ? 'decide' : 'withdraw');
    if (deduction.proposedBy === actor.userId) throw new DomainError(paymentErrors['same-person']);
    await tx.query(
      `UPDATE payment_deduction SET state = $3, decided_by = $4, decided_by_name = $5, decided_on = $6, opinion = $7
       WHERE pool_area = $1 AND id = $2`,
      [actor.poolArea, id, state, actor.userId, actor.displayName, decision.today, decision.opinion],
    );
    await this.record(tx, actor, id, state, { amount: yuanText(deduction.amount), opinion: decision.opinion });
  }

  private record(tx: Tx, actor: Actor, id: string, what: string, details: Record<string, unknown>): Promise<void> {
    return Audit.record(tx, actor, {
      action: `payment.deduction-${what}`,
      subjectKind: 'deduction',
      subjectId: id,
      details,
    });
  }
}
