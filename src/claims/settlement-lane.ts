import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { sqlState, Transactions, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { yearOf } from '../common/time/index.js';
import { idempotencyErrors } from '../identity/index.js';
import type { Bill, BillFacts, ComputedBill } from './domain/types.js';
import { claimsErrors } from './errors.js';
import { type BillQuestion, readFacts } from './facts.reader.js';
import { type Posting, SettlementEngine } from './settlement-engine.js';
import { type RestEnvelope, type WriteItem, writeSettlements } from './settlement.writer.js';

/** At most this many bills share one read and one write. */
const BATCH = 16;
/** Batches in flight per process; more only wait for the same two cores and connections. */
const LANES = 4;
/** Lost races after which a bill takes the row locks of its person and is computed inside them. */
const FREE_TRIES = 5;
const LOCKED_TRIES = 3;
const PAUSE_MS = 4;

/** SQLSTATEs of a batch that one bill of it caused; sent again one by one, each gets its own answer. */
const SINGLY = new Set(['23505', '40001', '40P01', 'TC003']);

/** A settlement that was written now, or the one that the same key wrote before. */
export type LaneAnswer = { readonly written: ComputedBill } | { readonly replayOf: string };

interface Job extends BillQuestion {
  readonly bill: Bill;
  readonly rest: RestEnvelope;
  readonly posting: Posting;
  /** Tells the client; what was told once is not tried again. */
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
  told: boolean;
}

/**
 * Settlements in micro-batches: while a batch is under way arrivals queue up, and the next batch takes up to 16 of them,
 * at most one per person. There is no timer, so a client alone waits for nobody. Each bill has its own result; one that
 * is refused or loses a race does not touch the others.
 */
@Injectable()
export class SettlementLane {
  private queue: Job[] = [];
  private active = 0;
  /** What became of the bills of this process so far; the metrics read it. */
  readonly counts = { written: 0, replayed: 0, refused: 0 };
  private readonly busy = new Set<string>();

  constructor(
    private readonly transactions: Transactions,
    private readonly engine: SettlementEngine,
    private readonly settings: Settings,
  ) {}

  /** Settles one bill. Rejects with the refusal; a bill under a used key answers with what that key did. */
  submit(bill: Bill, rest: RestEnvelope, posting: Posting): Promise<LaneAnswer> {
    return new Promise((resolve, reject) => {
      const { clientId, idempotencyKey } = rest;
      const job: Job = {
        ...{ bill, rest, posting, clientId, idempotencyKey, tries: 0, told: false },
        resolve: (answer) => {
          job.told = true;
          this.counts['written' in answer ? 'written' : 'replayed'] += 1;
          resolve(answer);
        },
        reject: (error) => {
          job.told = true;
          this.counts.refused += 1;
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      this.queue.push(job);
      this.pump();
    });
  }

  /** Bills that wait for a place in a batch, and batches under way. */
  load(): { readonly waiting: number; readonly active: number } {
    return { waiting: this.queue.length, active: this.active };
  }

  private pump(): void {
    while (this.active < LANES) {
      const batch = this.take();
      if (batch.length === 0) return;
      this.active += 1;
      void this.work(batch).finally(() => {
        this.active -= 1;
        for (const job of batch) this.busy.delete(job.bill.personId);
        this.pump();
      });
    }
  }

  // Bills of a person who is being settled wait in place, so one person's bills keep their order.
  private take(): Job[] {
    const batch: Job[] = [];
    const rest: Job[] = [];
    for (const job of this.queue) {
      if (batch.length < BATCH && !this.busy.has(job.bill.personId)) {
        this.busy.add(job.bill.personId);
        batch.push(job);
      } else rest.push(job);
    }
    this.queue = rest;
    return batch;
  }

  private async work(batch: readonly Job[]): Promise<void> {
    try {
      await this.transactions.autocommit((tx) => this.settle(tx, batch));
    } catch (error) {
      const singly = SINGLY.has(sqlState(error) ?? '');
      const untold = batch.filter((job) => !job.told);
      if (singly && batch.length > 1) for (const job of untold) await this.work([job]);
      else for (const job of untold) this.lost(job, singly, error);
    }
  }

  private async settle(tx: Tx, batch: readonly Job[]): Promise<void> {
    const facts = await readFacts(tx, this.settings.poolArea, batch);
    const jobs: Job[] = [];
    const items: WriteItem[] = [];
    batch.forEach((job, index) => {
      const answer = this.answer(job, facts[index]);
      if (answer === undefined) return;
      jobs.push(job);
      items.push({ computed: answer, rest: job.rest });
    });
    if (items.length === 0) return;
    const outcomes = await writeSettlements(tx, this.settings.poolArea, items);
    outcomes.forEach((outcome, index) => {
      const job = jobs[index];
      const written = items[index]?.computed;
      if (job === undefined || written === undefined) return;
      if (outcome === 'written') job.resolve({ written });
      else if (outcome === 'closed') job.reject(monthClosed(written));
      // 'used' or 'moved': the next read tells which, and the bill is answered or computed again.
      else this.lost(job, true, undefined);
    });
  }

  /** Computes a job, or settles its fate without a write (refusal, replay) and returns undefined. */
  private answer(job: Job, facts: BillFacts | undefined): ComputedBill | undefined {
    try {
      if (facts === undefined) throw new Error('the read answered fewer bills than were asked');
      if (facts.replay === null) return this.engine.compute(job.bill, facts, job.posting);
      job.resolve({ replayOf: replayed(facts.replay, job.rest.bodyHash) });
    } catch (error) {
      job.reject(error);
    }
    return undefined;
  }

  // Back to the head of the queue after a short random pause; after five lost races under the person's row locks.
  private lost(job: Job, mayRetry: boolean, error: unknown): void {
    job.tries += 1;
    if (!mayRetry) job.reject(error);
    else if (job.tries <= FREE_TRIES) {
      setTimeout(
        () => {
          this.queue.unshift(job);
          this.pump();
        },
        Math.random() * PAUSE_MS * job.tries,
      );
    } else void this.settleLocked(job);
  }

  private async settleLocked(job: Job): Promise<void> {
    try {
      const answer = await this.transactions.run((tx) => this.underLock(tx, job));
      job.resolve(answer);
    } catch (error) {
      job.reject(error);
    }
  }

  private async underLock(tx: Tx, job: Job): Promise<LaneAnswer> {
    const { poolArea } = this.settings;
    for (let attempt = 1; attempt <= LOCKED_TRIES; attempt += 1) {
      await lockPerson(tx, poolArea, job.bill);
      const [facts] = await readFacts(tx, poolArea, [job]);
      if (facts === undefined) throw new Error('the read answered no bill');
      if (facts.replay !== null) return { replayOf: replayed(facts.replay, job.rest.bodyHash) };
      const computed = this.engine.compute(job.bill, facts, job.posting);
      const [outcome] = await writeSettlements(tx, poolArea, [{ computed, rest: job.rest }]);
      if (outcome === 'written') return { written: computed };
      if (outcome === 'closed') throw monthClosed(computed);
    }
    throw new DomainError(claimsErrors.busy);
  }
}

/** The account before the year, the order in which the write function takes them too. */
export async function lockPerson(
  tx: Tx,
  poolArea: string,
  bill: Pick<Bill, 'personId' | 'dischargedOn'>,
): Promise<void> {
  const key = [poolArea, bill.personId];
  await tx.query('SELECT FROM personal_account WHERE pool_area = $1 AND person_id = $2 FOR UPDATE', key);
  await tx.query(
    `SELECT FROM benefit_accumulator WHERE pool_area = $1 AND person_id = $2 AND year = $3
     ORDER BY scheme FOR UPDATE`,
    [...key, yearOf(bill.dischargedOn)],
  );
}

function replayed(replay: NonNullable<BillFacts['replay']>, bodyHash: string): string {
  if (replay.bodyHash !== bodyHash || replay.settlementId === null) {
    throw new DomainError(idempotencyErrors['body-differs']);
  }
  return replay.settlementId;
}

function monthClosed({ settlement }: ComputedBill): DomainError {
  return new DomainError(claimsErrors['month-closed'], {
    month: settlement.settleMonth,
    scheme: settlement.scheme,
  });
}
