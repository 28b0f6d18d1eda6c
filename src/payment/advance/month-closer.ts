import { Injectable } from '@nestjs/common';
import { Claims } from '../../claims/index.js';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { lockInOrder } from '../../common/locks/index.js';
import { Outbox } from '../../common/outbox/index.js';
import { type Fen, sumFen, yuanText } from '../../common/money/index.js';
import { type LocalDate, monthOf } from '../../common/time/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { Ledger } from '../../ledger/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import { OrderIssue } from '../orders/order-issue.js';
import { monthPostings } from '../postings.js';
import { collectMonthFacts, hashFacts } from './month-facts.js';
import { MonthJob } from './month.job.js';
import { getMonth, monthHash, type MonthHead } from './month.store.js';

/** What closing a month did, or had done before. */
export interface ClosedMonth {
  readonly monthId: string;
  readonly hash: string;
  readonly orders: number;
  readonly paid: Fen;
}

interface PayLine {
  readonly providerId: string;
  readonly deposit: Fen;
  readonly deductions: Fen;
  readonly recovered: Fen;
  readonly pay: Fen;
  readonly prepayment: Fen;
}

/** Closes a month (月结账): bills, books, orders and figures in one transaction, once. */
@Injectable()
export class MonthCloser {
  constructor(
    private readonly job: MonthJob,
    private readonly claims: Claims,
    private readonly providers: Providers,
    private readonly ledger: Ledger,
    private readonly outbox: Outbox,
    private readonly orders: OrderIssue,
  ) {}

  /**
   * Closes an approved month: no more bills in it, deposit, deductions and amounts to pay posted to the ledger, figures
   * sealed by a hash, payment orders prepared in the name of whoever submitted the month. All or nothing; a month that is
   * closed already gives what it gave (F16).
   * Errors: `payment.month-not-over`, `payment.wrong-state`, `payment.month-changed-since-trial`,
   * `payment.order-payee-missing`.
   */
  async close(tx: Tx, actor: Actor, monthId: string, today: LocalDate): Promise<ClosedMonth> {
    const seen = await getMonth(tx, actor.poolArea, monthId);
    const key = `${seen.poolArea}:${seen.scheme}:${seen.month}`;
    await lockInOrder(tx, [
      { kind: 'claims-month', key },
      { kind: 'month-settlement', key },
    ]);
    const head = await getMonth(tx, actor.poolArea, monthId, true);
    if (head.state === 'closed') return this.outcome(tx, head);
    if (head.month >= monthOf(today)) throw new DomainError(paymentErrors['month-not-over'], { month: head.month });
    const state = nextRunState(head.state, 'close');
    await this.claims.closeMonth(tx, head, actor.username);
    await this.requireUnchanged(tx, head);
    const lines = await payLines(tx, head);
    await this.post(tx, actor, head, lines, today);
    await tx.query(
      `UPDATE payment_deduction SET state = 'applied', applied_month_id = $3
       WHERE pool_area = $1 AND id IN (SELECT (d ->> 'id')::uuid FROM payment_month_input i,
         jsonb_array_elements(i.facts -> 'deductions') AS d WHERE i.pool_area = $1 AND i.month_id = $2)`,
      [head.poolArea, head.id, head.id],
    );
    await this.issue(tx, head, lines, today);
    await tx.query(
      `UPDATE payment_month SET state = $3, snapshot_hash = $4, closed_on = $5, closed_by = $6
       WHERE pool_area = $1 AND id = $2`,
      [head.poolArea, head.id, state, await monthHash(tx, head.poolArea, head.id), today, actor.username],
    );
    const closed = await this.outcome(tx, await getMonth(tx, actor.poolArea, monthId));
    await this.tell(tx, actor, head, closed);
    return closed;
  }

  // Bills are locked out by now: what is read here is what the month will be for ever.
  private async requireUnchanged(tx: Tx, head: MonthHead): Promise<void> {
    const policy = this.job.policyOf(head);
    const now = hashFacts(await collectMonthFacts(tx, this.providers, head, head.budget.id, policy));
    if (now !== head.inputsHash) {
      throw new DomainError(paymentErrors['month-changed-since-trial'], { month: head.month });
    }
  }

  private async post(
    tx: Tx,
    actor: Actor,
    head: MonthHead,
    lines: readonly PayLine[],
    today: LocalDate,
  ): Promise<void> {
    const postings = lines.flatMap((line) => monthPostings(line));
    if (postings.length === 0) return;
    await this.ledger.post(
      tx,
      {
        poolArea: head.poolArea,
        scheme: head.scheme,
        period: monthOf(today),
        postedOn: today,
        sourceKind: 'month-settlement',
        sourceId: head.id,
        memo: `month settlement ${head.month}`,
        lines: postings,
      },
      actor,
    );
  }

  private async issue(tx: Tx, head: MonthHead, lines: readonly PayLine[], today: LocalDate): Promise<void> {
    const { submittedBy, submittedByName } = head;
    if (submittedBy === null || submittedByName === null) throw new Error(`month ${head.id} was never submitted`);
    const source = {
      poolArea: head.poolArea,
      scheme: head.scheme,
      kind: 'month' as const,
      id: head.id,
      period: head.month,
      preparedBy: submittedBy,
      preparedByName: submittedByName,
      preparedOn: today,
    };
    await this.orders.issue(
      tx,
      source,
      lines.map((line) => ({ providerId: line.providerId, amount: line.pay, prepayment: line.prepayment })),
    );
  }

  private async outcome(tx: Tx, head: MonthHead): Promise<ClosedMonth> {
    const orders = await tx.query<{ amount: Fen }>(
      `SELECT amount_fen AS amount FROM payment_order
       WHERE pool_area = $1 AND source_kind = 'month' AND source_id = $2 AND attempt = 1`,
      [head.poolArea, head.id],
    );
    return {
      monthId: head.id,
      hash: head.snapshotHash ?? '',
      orders: orders.length,
      paid: sumFen(orders.map((order) => order.amount)),
    };
  }

  private async tell(tx: Tx, actor: Actor, head: MonthHead, closed: ClosedMonth): Promise<void> {
    const facts = { month: head.month, scheme: head.scheme, hash: closed.hash, paid: yuanText(closed.paid) };
    await Audit.record(tx, actor, {
      action: 'payment.month-closed',
      subjectKind: 'month-settlement',
      subjectId: head.id,
      details: { ...facts, orders: closed.orders },
    });
    await this.outbox.publish(tx, {
      poolArea: head.poolArea,
      topic: 'payment.month-closed',
      key: `${head.poolArea}:${head.scheme}`,
      payload: { monthId: head.id, ...facts },
    });
  }
}

function payLines(tx: Tx, head: MonthHead): Promise<PayLine[]> {
  return tx.query<PayLine>(
    `SELECT provider_id AS "providerId", deposit_fen AS deposit, deduction_fen AS deductions, recovered_fen AS recovered,
       pay_fen AS pay, prepayment_fen AS prepayment
     FROM payment_month_line WHERE pool_area = $1 AND month_id = $2 ORDER BY provider_id`,
    [head.poolArea, head.id],
  );
}
