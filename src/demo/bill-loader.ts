import { Injectable } from '@nestjs/common';
import { type Bill, Claims, ReversalService } from '../claims/index.js';
import { Transactions, type Tx } from '../common/db/index.js';
import { addDays, lastDay, type LocalDate, type Month } from '../common/time/index.js';
import type { Actor } from '../identity/index.js';
import type { BillStream, DemoReversal } from './domain/bills.js';
import { POOL } from './domain/geography.js';
import { DemoSteps, onDay, unlessDone } from './demo-steps.js';

/** Bills of one round trip: large enough to be fast, small enough that a statement stays far below its time-out. */
const BATCH = 400;

/** Settles the region's bills through the same engine and the same write as bills that come over HTTP. */
@Injectable()
export class BillLoader {
  constructor(
    private readonly claims: Claims,
    private readonly reversals: ReversalService,
    private readonly transactions: Transactions,
    private readonly steps: DemoSteps,
  ) {}

  /**
   * The bills of a month, some thousand at a time, each part in two halves of the people at once: they have nothing in
   * common but the books, which only grow. While a part is being written the next one is made.
   * @returns how many bills the month has
   */
  async month(stream: BillStream, month: Month, today: LocalDate): Promise<number> {
    const on = settledBy(month, today);
    let count = 0;
    let part = 0;
    let written: Promise<unknown> = Promise.resolve();
    for (const bills of stream.next(month)) {
      await written;
      count += bills.length;
      part += 1;
      const step = `bills:${month}:${String(part)}`;
      written = Promise.all(
        halves(bills).map((half, index) =>
          this.steps.once(POOL.code, `${step}:${String(index + 1)}`, on, (tx) => this.settle(tx, half)),
        ),
      );
      // A refusal is thrown where it is waited for; until then it must not count as unheard.
      written.catch(() => undefined);
    }
    await written;
    return count;
  }

  /** Takes back the bills that the month's counters took back, each on its day. */
  async reverse(actor: Actor, month: Month, reversals: readonly DemoReversal[]): Promise<void> {
    await this.steps.resumable(POOL.code, `reversals:${month}`, async () => {
      for (const reversal of reversals) {
        const id = await this.settlementOf(reversal);
        await unlessDone(['claims.already-reversed'], () =>
          onDay(reversal.on, () => this.reversals.reverse(actor, id, reversal.reason)),
        );
      }
    });
  }

  /** Settles bills in the order of their days. A bill that is refused is a fault of the generator and stops the load. */
  private async settle(tx: Tx, bills: readonly Bill[]): Promise<void> {
    for (let start = 0; start < bills.length; start += BATCH) {
      const batch = bills.slice(start, start + BATCH);
      const outcomes = await this.claims.settleBatch(tx, POOL.code, batch, 'demo');
      outcomes.forEach((outcome, index) => {
        if (outcome.outcome === 'refused') throw new Error(refusal(batch[index], outcome.error.text('en')));
      });
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
function settledBy(month: Month, today: LocalDate): LocalDate {
  const end = lastDay(month);
  return end < today ? end : addDays(today, -1);
}

/** The bills of one half of the people and of the other, each in their order. */
function halves(bills: readonly Bill[]): [Bill[], Bill[]] {
  const isFirst = (bill: Bill): boolean => /[0-7]$/.test(bill.personId);
  return [bills.filter((bill) => isFirst(bill)), bills.filter((bill) => !isFirst(bill))];
}

function refusal(bill: Bill | undefined, reason: string): string {
  return `bill ${bill?.billNo ?? '?'} of ${bill?.settledOn ?? '?'} (${bill?.category ?? '?'}) was refused: ${reason}`;
}
