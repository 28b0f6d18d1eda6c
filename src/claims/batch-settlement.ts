import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { type DomainError, isDomainError } from '../common/errors/index.js';
import { fen } from '../common/money/index.js';
import { Clock, yearOf } from '../common/time/index.js';
import type { Bill, BillFacts, ComputedBill } from './domain/types.js';
import { readFacts } from './facts.reader.js';
import { type Posting, SettlementEngine } from './settlement-engine.js';
import { type WriteOutcome, writeSettlements } from './settlement.writer.js';

/** What became of one bill of a batch: written now, there before under its number, or refused. */
export type BatchOutcome =
  | { readonly outcome: 'written'; readonly settlementId: string }
  | { readonly outcome: 'present'; readonly settlementId: string }
  | { readonly outcome: 'refused'; readonly error: DomainError };

const ROUNDS = 5;

/** Whose year and account a bill moves; several bills of one person in a batch see each other's effect. */
interface Running {
  readonly years: Map<string, BillFacts['accumulators']>;
  readonly accounts: Map<string, BillFacts['account']>;
}

/**
 * Hundreds of bills per round trip for imports and the demonstration: the same read, engine and write function as over
 * HTTP, inside the caller's transaction. Idempotent by bill number.
 */
@Injectable()
export class BatchSettlement {
  constructor(
    private readonly engine: SettlementEngine,
    private readonly clock: Clock,
  ) {}

  /**
   * @param bills in the order in which they were settled; several of one person are settled one after the other
   * @returns one outcome per bill, in their order
   */
  async settle(tx: Tx, poolArea: string, bills: readonly Bill[], postedBy: string): Promise<BatchOutcome[]> {
    const outcomes = new Array<BatchOutcome>(bills.length);
    await lockPersons(tx, poolArea, bills);
    let open = bills.map((_, index) => index);
    for (let round = 1; open.length > 0; round += 1) {
      // Only a person without a row yet can be settled meanwhile by somebody else, and then only once.
      if (round > ROUNDS) throw new Error('a batch of bills found no rest: persons keep moving under their own locks');
      open = await this.round(tx, { poolArea, postedBy, at: this.clock.now() }, bills, open, outcomes);
    }
    return outcomes;
  }

  private async round(
    tx: Tx,
    posting: Posting,
    bills: readonly Bill[],
    open: readonly number[],
    outcomes: BatchOutcome[],
  ): Promise<number[]> {
    const facts = await readFacts(
      tx,
      posting.poolArea,
      open.map((index) => ({ bill: bills[index] as Bill })),
    );
    const running: Running = { years: new Map(), accounts: new Map() };
    const again: number[] = [];
    for (const wave of wavesOf(bills, open)) {
      const computed: { index: number; bill: ComputedBill }[] = [];
      for (const { index, position } of wave) {
        const bill = this.answer(bills[index] as Bill, facts[position] as BillFacts, posting, running);
        if ('outcome' in bill) outcomes[index] = bill;
        else computed.push({ index, bill });
      }
      const results = await write(
        tx,
        posting.poolArea,
        computed.map(({ bill }) => bill),
      );
      results.forEach((result, at) => {
        const { index, bill } = computed[at] as { index: number; bill: ComputedBill };
        if (result === 'written') outcomes[index] = { outcome: 'written', settlementId: bill.settlement.id };
        else again.push(index);
      });
      if (again.length > 0) return remaining(open, outcomes);
    }
    return remaining(open, outcomes);
  }

  private answer(bill: Bill, facts: BillFacts, posting: Posting, running: Running): ComputedBill | BatchOutcome {
    if (facts.existingId !== null) return { outcome: 'present', settlementId: facts.existingId };
    const year = `${bill.personId}:${facts.coverage?.scheme ?? ''}:${String(yearOf(bill.dischargedOn))}`;
    try {
      const computed = this.engine.compute(
        bill,
        {
          ...facts,
          accumulators: running.years.get(year) ?? facts.accumulators,
          account: running.accounts.get(bill.personId) ?? facts.account,
        },
        posting,
      );
      const { acctPay } = computed.settlement.amounts;
      running.years.set(year, { version: computed.accumulatorVersion + 1, values: computed.after });
      if (acctPay > 0n) {
        const account = running.accounts.get(bill.personId) ?? facts.account;
        running.accounts.set(bill.personId, {
          version: account.version + 1,
          balance: fen(account.balance - acctPay),
        });
      }
      return computed;
    } catch (error) {
      if (isDomainError(error)) return { outcome: 'refused', error };
      throw error;
    }
  }
}

function write(tx: Tx, poolArea: string, bills: readonly ComputedBill[]): Promise<WriteOutcome[]> {
  if (bills.length === 0) return Promise.resolve([]);
  return writeSettlements(
    tx,
    poolArea,
    bills.map((computed) => ({ computed })),
  );
}

/** The first bill of every person, then the second of every person …: the write function takes a person once a call. */
function wavesOf(bills: readonly Bill[], open: readonly number[]): { index: number; position: number }[][] {
  const waves: { index: number; position: number }[][] = [];
  const count = new Map<string, number>();
  const numbers = new Set<string>();
  open.forEach((index, position) => {
    const bill = bills[index] as Bill;
    const name = `${bill.personId}:${bill.providerId}:${bill.billNo}`;
    // The same number twice in one batch: the second is looked at in the next round, when the first is there.
    if (numbers.has(name)) return;
    numbers.add(name);
    const wave = count.get(bill.personId) ?? 0;
    count.set(bill.personId, wave + 1);
    (waves[wave] ??= []).push({ index, position });
  });
  return waves;
}

function remaining(open: readonly number[], outcomes: readonly (BatchOutcome | undefined)[]): number[] {
  return open.filter((index) => outcomes[index] === undefined);
}

/** All row locks first, each table in the order of persons, accounts before years: two batches cannot wait in a ring. */
async function lockPersons(tx: Tx, poolArea: string, bills: readonly Bill[]): Promise<void> {
  const persons = [...new Set(bills.map((bill) => bill.personId))];
  await tx.query(
    `SELECT FROM personal_account WHERE pool_area = $1 AND person_id = ANY ($2::uuid[]) ORDER BY person_id FOR UPDATE`,
    [poolArea, persons],
  );
  await tx.query(
    `SELECT FROM benefit_accumulator WHERE pool_area = $1 AND person_id = ANY ($2::uuid[])
     ORDER BY person_id, scheme, year FOR UPDATE`,
    [poolArea, persons],
  );
}
