import { Injectable } from '@nestjs/common';
import { type Bill, Claims, ReversalService } from '../claims/index.js';
import { Transactions, type Tx } from '../common/db/index.js';
import { addDays, type LocalDate, lastDay } from '../common/time/index.js';
import type { Actor } from '../identity/index.js';
import type { DemoMonth, DemoReversal } from './domain/bills.js';
import { POOL } from './domain/geography.js';
import { onDay, unlessDone } from './demo-steps.js';

/** Bills of one round trip: large enough to be fast, small enough that a statement stays far below its time-out. */
const BATCH = 400;

/** Settles the region's bills through the same engine and the same write as bills that come over HTTP. */
@Injectable()
export class BillLoader {
  constructor(
    private readonly claims: Claims,
    private readonly reversals: ReversalService,
    private readonly transactions: Transactions,
  ) {}

  /** Settles bills in the order of their days. A bill that is refused is a fault of the generator and stops the load. */
  async settle(tx: Tx, bills: readonly Bill[]): Promise<void> {
    for (let start = 0; start < bills.length; start += BATCH) {
      const batch = bills.slice(start, start + BATCH);
      const outcomes = await this.claims.settleBatch(tx, POOL.code, batch, 'demo');
      outcomes.forEach((outcome, index) => {
        if (outcome.outcome === 'refused') throw new Error(refusal(batch[index], outcome.error.text('en')));
      });
    }
  }

  /** Takes back the bills that the month's counters took back, each on its day. */
  async reverse(actor: Actor, reversals: readonly DemoReversal[]): Promise<void> {
    for (const reversal of reversals) {
      const id = await this.settlementOf(reversal);
      await unlessDone(['claims.already-reversed'], () =>
        onDay(reversal.on, () => this.reversals.reverse(actor, id, reversal.reason)),
      );
    }
  }

  private async settlementOf(reversal: DemoReversal): Promise<string> {
    const { settlementId } = await this.transactions.read((tx) =>
      tx.one<{ settlementId: string }>(
        `SELECT settlement_id AS "settlementId" FROM visit
          WHERE pool_area = $1 AND person_id = $2 AND provider_id = $3 AND bill_no = $4`,
        [POOL.code, reversal.personId, reversal.providerId, reversal.billNo],
      ),
    );
    return settlementId;
  }
}

/** The day on which a month's bills are all there. */
export function settledBy(month: DemoMonth, today: LocalDate): LocalDate {
  const end = lastDay(month.month);
  return end < today ? end : addDays(today, -1);
}

function refusal(bill: Bill | undefined, reason: string): string {
  return `bill ${bill?.billNo ?? '?'} of ${bill?.settledOn ?? '?'} (${bill?.category ?? '?'}) was refused: ${reason}`;
}
