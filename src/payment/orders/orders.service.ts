import { Injectable } from '@nestjs/common';
import { Approvals } from '../../approvals/index.js';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import { type LocalDate, monthOf } from '../../common/time/index.js';
import { type Actor, Audit, scopeSql, systemActor } from '../../identity/index.js';
import { Ledger, type LedgerLine } from '../../ledger/index.js';
import { paymentErrors } from '../domain/errors.js';
import { nextOrderState, type OrderAction, type OrderState } from '../domain/lifecycle.js';
import type { Scheme } from '../domain/types.js';
import { OrderPayees } from './order-payees.js';
import { paidPostings, reissuedPostings, returnedPostings } from '../postings.js';

/** A payment order (支付单) as stored. */
export interface PaymentOrder {
  readonly id: string;
  readonly orderNo: string;
  readonly scheme: Scheme;
  readonly providerId: string;
  readonly providerName: string;
  readonly sourceKind: 'month' | 'clearing';
  readonly sourceId: string;
  readonly attempt: number;
  /** First day of the month that it pays for. */
  readonly period: LocalDate;
  readonly amount: Fen;
  readonly prepayment: Fen;
  readonly payeeName: string;
  readonly payeeBank: string;
  /** The last four digits. */
  readonly payeeAccount: string;
  readonly state: OrderState;
  readonly preparedBy: string;
  readonly preparedByName: string;
  readonly preparedOn: LocalDate;
  readonly reviewedBy: string | null;
  readonly reviewedByName: string | null;
  readonly approvedByName: string | null;
  readonly signedByName: string | null;
  readonly sentOn: LocalDate | null;
  readonly paidOn: LocalDate | null;
  readonly bankReference: string | null;
  readonly returnedOn: LocalDate | null;
  readonly returnReason: string | null;
}

export interface OrderFilter {
  readonly state?: string | undefined;
  readonly scheme?: string | undefined;
  readonly sourceId?: string | undefined;
}

/** What a step needs besides the actor. */
export interface OrderStep {
  readonly action: OrderAction;
  /** Business day of the step. */
  readonly today: LocalDate;
  /** Reference of the bank, for `paid`. */
  readonly bankReference?: string | undefined;
  /** Why the bank returned it, for `returned`; the opinion, otherwise. */
  readonly reason?: string | undefined;
}

const SELECT = `
  SELECT o.id, o.order_no AS "orderNo", o.scheme, o.provider_id AS "providerId", i.name AS "providerName",
    o.source_kind AS "sourceKind", o.source_id AS "sourceId", o.attempt, o.period, o.amount_fen AS amount,
    o.prepayment_fen AS prepayment, o.payee_name AS "payeeName", o.payee_bank AS "payeeBank",
    o.payee_account_masked AS "payeeAccount", o.state, o.prepared_by AS "preparedBy", o.prepared_by_name AS "preparedByName",
    o.prepared_on AS "preparedOn", o.reviewed_by AS "reviewedBy", o.reviewed_by_name AS "reviewedByName",
    o.approved_by_name AS "approvedByName", o.signed_by_name AS "signedByName", o.sent_on AS "sentOn",
    o.paid_on AS "paidOn", o.bank_reference AS "bankReference", o.returned_on AS "returnedOn",
    o.return_reason AS "returnReason"
  FROM payment_order o JOIN institution i ON i.pool_area = o.pool_area AND i.id = o.provider_id`;

const SCOPE = { pool: 'o.pool_area', area: 'i.area_code', provider: 'o.provider_id' };

// What each step leaves on the order, beside its state: two columns and what goes into them.
const MARKS: Readonly<Record<OrderAction, (actor: Actor, step: OrderStep) => Readonly<Record<string, string | null>>>> =
  {
    review: (actor) => ({ reviewed_by: actor.userId, reviewed_by_name: actor.displayName }),
    approve: (actor) => ({ approved_by: actor.userId, approved_by_name: actor.displayName }),
    'sign-off': (actor) => ({ signed_by: actor.userId, signed_by_name: actor.displayName }),
    send: (_actor, step) => ({ sent_on: step.today }),
    paid: (_actor, step) => ({ paid_on: step.today, bank_reference: step.bankReference ?? null }),
    returned: (_actor, step) => ({ returned_on: step.today, return_reason: step.reason ?? null }),
    reconcile: () => ({}),
  };

/** Payment orders: prepared → reviewed → approved → signed off → sent → paid | returned → reconciled. */
@Injectable()
export class PaymentOrders {
  constructor(
    private readonly approvals: Approvals,
    private readonly ledger: Ledger,
    private readonly payees: OrderPayees,
  ) {}

  /** Orders of the actor's scope, newest first, one page. */
  list(tx: Tx, actor: Actor, filter: OrderFilter, page: PageQuery): Promise<PaymentOrder[]> {
    const scope = scopeSql(actor, SCOPE, 6);
    return tx.query<PaymentOrder>(
      `${SELECT} WHERE ($1::text IS NULL OR o.state = $1) AND ($2::text IS NULL OR o.scheme = $2)
         AND ($3::uuid IS NULL OR o.source_id = $3) AND ($4::text IS NULL OR o.order_no < $4) AND ${scope.sql}
       ORDER BY o.order_no DESC LIMIT $5`,
      [
        filter.state ?? null,
        filter.scheme ?? null,
        filter.sourceId ?? null,
        page.after?.[0] ?? null,
        page.limit + 1,
        ...scope.params,
      ],
    );
  }

  /** One order of the actor's scope. Error `payment.order-not-found`. */
  async get(tx: Tx, actor: Actor, id: string): Promise<PaymentOrder> {
    const scope = scopeSql(actor, SCOPE, 2);
    const order = await tx.maybe<PaymentOrder>(`${SELECT} WHERE o.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
    if (order === undefined) throw new DomainError(paymentErrors['order-not-found']);
    return order;
  }

  /** The payee account of an order of the actor's scope in full; audited with the reason. */
  async revealAccount(tx: Tx, actor: Actor, id: string, reason: string): Promise<string> {
    await this.get(tx, actor, id);
    await Audit.look(tx, actor, {
      action: 'payment.order-account-revealed',
      subjectKind: 'payment-order',
      subjectId: id,
      details: { reason },
    });
    return this.payees.account(tx, actor.poolArea, id);
  }

  /**
   * Takes a step. Preparer, reviewer and approver are three people; who signs off neither prepared nor reviewed.
   * Errors: `payment.wrong-state`, `approvals.same-person`, `payment.same-person`, `payment.order-not-found`.
   */
  async step(tx: Tx, actor: Actor, id: string, step: OrderStep): Promise<void> {
    await tx.query('SELECT FROM payment_order WHERE pool_area = $1 AND id = $2 FOR UPDATE', [actor.poolArea, id]);
    await this.take(tx, actor, await this.get(tx, actor, id), step);
  }

  /**
   * Takes a step on every order of a month or clearing that is in the state for it, in one transaction: all or none.
   * @returns how many
   */
  async stepAll(tx: Tx, actor: Actor, sourceId: string, step: OrderStep, from: OrderState): Promise<number> {
    const scope = scopeSql(actor, SCOPE, 3);
    const orders = await tx.query<PaymentOrder>(
      `${SELECT} WHERE o.source_id = $1 AND o.state = $2 AND ${scope.sql} ORDER BY o.id FOR UPDATE OF o`,
      [sourceId, from, ...scope.params],
    );
    for (const order of orders) {
      const reference = step.bankReference === undefined ? undefined : `${step.bankReference}-${order.orderNo}`;
      await this.take(tx, actor, order, { ...step, bankReference: reference });
    }
    return orders.length;
  }

  /** Issues a returned order anew, with the payee as it is now, prepared by whoever asks. Errors `payment.wrong-state`, `payment.order-payee-missing`. */
  async reissue(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<string> {
    const order = await this.get(tx, actor, id);
    if (order.state !== 'returned') {
      throw new DomainError(paymentErrors['wrong-state'], { state: order.state, action: 'reissue' });
    }
    const newId = uuid7();
    const attempt = order.attempt + 1;
    const [payee] = await this.payees.take(tx, actor.poolArea, [{ id: newId, providerId: order.providerId }]);
    await tx.query(
      `INSERT INTO payment_order (pool_area, id, order_no, scheme, provider_id, source_kind, source_id, attempt, period,
         amount_fen, prepayment_fen, payee_name, payee_bank, payee_account, payee_account_masked, prepared_by, prepared_by_name,
         prepared_on)
       SELECT o.pool_area, $3, split_part(o.order_no, '/', 1) || '/' || $4::int, o.scheme, o.provider_id, o.source_kind,
         o.source_id, $4::int, o.period, o.amount_fen, o.prepayment_fen, $8, $9, $10, $11, $5, $6, $7
       FROM payment_order o WHERE o.pool_area = $1 AND o.id = $2`,
      [
        ...[actor.poolArea, id, newId, attempt, actor.userId, actor.displayName, today],
        ...[payee?.payeeName, payee?.payeeBank, payee?.payeeAccount, payee?.payeeAccountMasked],
      ],
    );
    const lines = reissuedPostings(order.providerId, order.amount, order.prepayment);
    await this.post(tx, actor, order, { kind: 'payment-order-reissued', id: newId, today }, lines);
    await this.record(tx, actor, newId, 'reissued', { of: id, amount: yuanText(order.amount) });
    return newId;
  }

  private async take(tx: Tx, actor: Actor, order: PaymentOrder, step: OrderStep): Promise<void> {
    const state = nextOrderState(order.state, step.action);
    if (step.action === 'review' || step.action === 'approve')
      await this.approve(tx, actor, order, step.action, step.reason);
    if (step.action === 'sign-off' && (actor.userId === order.preparedBy || actor.userId === order.reviewedBy)) {
      throw new DomainError(paymentErrors['same-person']);
    }
    const marks = Object.entries(MARKS[step.action](actor, step));
    await tx.query(
      `UPDATE payment_order SET ${['state', ...marks.map(([column]) => column)].map((column, n) => `${column} = $${String(n + 3)}`).join(', ')}
       WHERE pool_area = $1 AND id = $2`,
      [actor.poolArea, order.id, state, ...marks.map(([, value]) => value)],
    );
    if (step.action === 'paid') {
      const lines = paidPostings(order.providerId, order.amount);
      await this.post(tx, actor, order, { kind: 'payment-order-paid', id: order.id, today: step.today }, lines);
    }
    if (step.action === 'returned') {
      const lines = returnedPostings(order.providerId, order.amount, order.prepayment);
      await this.post(tx, actor, order, { kind: 'payment-order-returned', id: order.id, today: step.today }, lines);
    }
    await this.record(tx, actor, order.id, step.action, {
      orderNo: order.orderNo,
      amount: yuanText(order.amount),
      to: state,
    });
  }

  // The preparer's own act opens the round, so that the rule of three persons is one rule for everything approved.
  private async approve(
    tx: Tx,
    actor: Actor,
    order: PaymentOrder,
    step: 'review' | 'approve',
    opinion: string | undefined,
  ): Promise<void> {
    const subject = { subjectKind: 'payment-order', subjectId: order.id, round: 1 };
    if (step === 'review') {
      const preparer = { ...systemActor(actor.poolArea), userId: order.preparedBy, displayName: order.preparedByName };
      await this.approvals.act(tx, { ...subject, step: 'submit' }, preparer);
    }
    await this.approvals.act(tx, { ...subject, step, opinion }, actor);
  }

  private async post(
    tx: Tx,
    actor: Actor,
    order: PaymentOrder,
    event: { readonly kind: string; readonly id: string; readonly today: LocalDate },
    lines: readonly LedgerLine[],
  ): Promise<void> {
    const { kind: sourceKind, id: sourceId, today } = event;
    const journal = { poolArea: actor.poolArea, scheme: order.scheme, period: monthOf(today), postedOn: today };
    await this.ledger.post(tx, { ...journal, sourceKind, sourceId, memo: order.orderNo, lines }, actor);
  }

  private record(
    tx: Tx,
    actor: Actor,
    id: string,
    what: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return Audit.record(tx, actor, {
      action: `payment.order-${what}`,
      subjectKind: 'payment-order',
      subjectId: id,
      details,
    });
  }
}
