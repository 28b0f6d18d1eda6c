import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { lockInOrder } from '../../common/locks/index.js';
import { fen, type Fen, sumFen, yuanText, ZERO_FEN } from '../../common/money/index.js';
import { type LocalDate, monthOf, monthsOfYear } from '../../common/time/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { Ledger } from '../../ledger/index.js';
import { hashFacts } from '../advance/month-facts.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import { OrderIssue } from '../orders/order-issue.js';
import { clearingPostings } from '../postings.js';
import { ClearingJob } from './clearing.job.js';
import { clearingHash, type ClearingHead, getClearing } from './clearing.store.js';

/** What closing a clearing did, or had done before. */
export interface ClosedClearing {
  readonly clearingId: string;
  readonly hash: string;
  readonly orders: number;
  readonly paid: Fen;
  readonly toRecover: Fen;
}

interface ResultLine {
  readonly providerId: string;
  readonly retained: Fen;
  readonly borne: Fen;
  readonly suspended: Fen;
  readonly depositReturned: Fen;
  readonly depositForfeited: Fen;
  readonly poolShare: Fen;
  readonly prepaid: Fen;
  readonly balance: Fen;
}

const LINES = `
  SELECT l.provider_id AS "providerId", l.retained_fen AS retained, l.borne_fen AS borne,
    (i.facts ->> 'suspended')::bigint AS suspended, l.deposit_returned_fen AS "depositReturned",
    l.deposit_forfeited_fen AS "depositForfeited", l.pool_share_fen AS "poolShare", l.prepaid_fen AS prepaid,
    l.balance_fen AS balance
  FROM payment_clearing_line l JOIN payment_clearing_input i
    ON i.pool_area = l.pool_area AND i.clearing_id = l.clearing_id AND i.provider_id = l.provider_id
  WHERE l.pool_area = $1 AND l.clearing_id = $2 ORDER BY l.provider_id`;

/** Closes an annual clearing: books, orders, receivables and figures in one transaction, once. */
@Injectable()
export class ClearingCloser {
  constructor(
    private readonly job: ClearingJob,
    private readonly orders: OrderIssue,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Closes an approved clearing: results posted, deposits settled, prepayments recovered, what is to be paid put on orders,
   * what is to be recovered made receivable from later months, the budget closed. All or nothing; a clearing that is
   * closed already gives what it gave.
   * Errors: `payment.wrong-state`, `payment.clearing-changed-since-trial`, `payment.order-payee-missing`.
   */
  async close(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<ClosedClearing> {
    const seen = await getClearing(tx, actor.poolArea, id);
    await lockInOrder(tx, [{ kind: 'clearing', key: `${seen.poolArea}:${seen.scheme}:${String(seen.year)}` }]);
    const head = await getClearing(tx, actor.poolArea, id, true);
    const lines = await tx.query<ResultLine>(LINES, [head.poolArea, head.id]);
    if (head.state === 'closed') return this.outcome(tx, head, lines);
    const state = nextRunState(head.state, 'close');
    if (hashFacts(await this.job.facts(tx, head)) !== head.inputsHash) {
      throw new DomainError(paymentErrors['clearing-changed-since-trial'], { year: head.year });
    }
    await this.post(tx, actor, head, lines, today);
    await this.issue(tx, head, lines, today);
    await tx.query(
      `UPDATE payment_clearing SET state = $3, snapshot_hash = $4, closed_on = $5, closed_by = $6
       WHERE pool_area = $1 AND id = $2`,
      [head.poolArea, head.id, state, await clearingHash(tx, head.poolArea, head.id), today, actor.username],
    );
    await tx.query(`UPDATE payment_budget SET state = 'closed' WHERE pool_area = $1 AND id = $2`, [
      head.poolArea,
      head.budget.id,
    ]);
    const closed = await this.outcome(tx, await getClearing(tx, actor.poolArea, id), lines);
    await Audit.record(tx, actor, {
      action: 'payment.clearing-closed',
      subjectKind: 'annual-clearing',
      subjectId: head.id,
      details: { year: head.year, hash: closed.hash, orders: closed.orders, paid: yuanText(closed.paid) },
    });
    return closed;
  }

  private async post(
    tx: Tx,
    actor: Actor,
    head: ClearingHead,
    lines: readonly ResultLine[],
    today: LocalDate,
  ): Promise<void> {
    const postings = lines.flatMap((line) => clearingPostings(line));
    if (postings.length === 0) return;
    await this.ledger.post(
      tx,
      {
        poolArea: head.poolArea,
        scheme: head.scheme,
        period: monthOf(today),
        postedOn: today,
        sourceKind: 'annual-clearing',
        sourceId: head.id,
        memo: `annual clearing ${String(head.year)}`,
        lines: postings,
      },
      actor,
    );
  }

  private async issue(tx: Tx, head: ClearingHead, lines: readonly ResultLine[], today: LocalDate): Promise<void> {
    const { submittedBy, submittedByName } = head;
    if (submittedBy === null || submittedByName === null) throw new Error(`clearing ${head.id} was never submitted`);
    const december = monthsOfYear(head.year).at(-1);
    if (december === undefined) throw new Error('a year has twelve months');
    const source = {
      poolArea: head.poolArea,
      scheme: head.scheme,
      kind: 'clearing' as const,
      id: head.id,
      period: december,
      preparedBy: submittedBy,
      preparedByName: submittedByName,
      preparedOn: today,
    };
    const amounts = lines.map((line) => ({ providerId: line.providerId, amount: line.balance, prepayment: ZERO_FEN }));
    await this.orders.issue(tx, source, amounts);
    const owed = lines
      .filter((line) => line.balance < 0n)
      .map((line) => ({ id: uuid7(), provider_id: line.providerId, amount_fen: (-line.balance).toString() }));
    await tx.query(
      `INSERT INTO payment_recoverable (pool_area, id, clearing_id, scheme, provider_id, amount_fen)
       SELECT $1, r.id, $2, $3, r.provider_id, r.amount_fen
       FROM jsonb_to_recordset($4::jsonb) AS r (id uuid, provider_id uuid, amount_fen bigint)`,
      [head.poolArea, head.id, head.scheme, JSON.stringify(owed)],
    );
  }

  private async outcome(tx: Tx, head: ClearingHead, lines: readonly ResultLine[]): Promise<ClosedClearing> {
    const orders = await tx.query<{ amount: Fen }>(
      `SELECT amount_fen AS amount FROM payment_order
       WHERE pool_area = $1 AND source_kind = 'clearing' AND source_id = $2 AND attempt = 1`,
      [head.poolArea, head.id],
    );
    return {
      clearingId: head.id,
      hash: head.snapshotHash ?? '',
      orders: orders.length,
      paid: sumFen(orders.map((order) => order.amount)),
      toRecover: sumFen(lines.map((line) => (line.balance < 0n ? fen(-line.balance) : ZERO_FEN))),
    };
  }
}
