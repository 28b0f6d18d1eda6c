import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../common/db/index.js';
import { isDomainError } from '../common/errors/index.js';
import { asOf, type LocalDate } from '../common/time/index.js';

/** Any fixed number: one region is loaded at a time per database. */
const LOAD_LOCK = 331_100_009;
const LOCK_PAUSE_MS = 500;
/** Office hour at which the history of a day happens, in UTC: 10:00 in Asia/Shanghai. */
const OFFICE_HOUR = 'T02:00:00Z';

/**
 * The steps of a load. Each is done once: a step that is one transaction carries its mark in it; a step of several
 * transactions is written so that it can be done again from the middle, and is marked after its end.
 */
@Injectable()
export class DemoSteps {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Lets one process load at a time; another one waits and then finds everything done. A session's lock, because the load
   * is many transactions; it goes with the connection when the process dies.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return this.transactions.autocommit(async (tx) => {
      for (;;) {
        const { taken } = await tx.one<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOAD_LOCK]);
        if (taken) break;
        await sleep(LOCK_PAUSE_MS);
      }
      try {
        return await work();
      } finally {
        await tx.query('SELECT pg_advisory_unlock($1)', [LOAD_LOCK]);
      }
    });
  }

  /** A step in one transaction: all of it and its mark, or nothing. Returns false when it was done before. */
  async once(poolArea: string, step: string, on: LocalDate, work: (tx: Tx) => Promise<unknown>): Promise<boolean> {
    return onDay(on, () =>
      this.transactions.run(async (tx) => {
        // The mark first: whoever else comes to the same step waits at its key until this transaction has an end.
        if (!(await mark(tx, poolArea, step))) return false;
        await work(tx);
        return true;
      }),
    );
  }

  /** A step of several transactions; `work` goes on from whatever state it finds. */
  async resumable(poolArea: string, step: string, work: () => Promise<unknown>): Promise<void> {
    if (await this.transactions.read((tx) => isDone(tx, poolArea, step))) return;
    await work();
    await this.transactions.run((tx) => mark(tx, poolArea, step));
  }
}

/**
 * Does something that an interrupted load may have done before: the refusal that says so is the proof of it.
 * @param refusals codes of the errors that mean "done already"
 */
export async function unlessDone<T>(refusals: readonly string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isDomainError(error) && refusals.includes(error.code)) return undefined;
    throw error;
  }
}

/** Does something as if it were that day, ten in the morning. */
export function onDay<T>(day: LocalDate, work: () => T): T {
  return asOf(new Date(`${day}${OFFICE_HOUR}`), work);
}

async function isDone(tx: Tx, poolArea: string, step: string): Promise<boolean> {
  const found = await tx.query('SELECT FROM demo_step WHERE pool_area = $1 AND step = $2', [poolArea, step]);
  return found.length > 0;
}

/** Marks a step as done; false when it was. */
async function mark(tx: Tx, poolArea: string, step: string): Promise<boolean> {
  const made = await tx.query(
    'INSERT INTO demo_step (pool_area, step) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT demo_step_pk DO NOTHING RETURNING step',
    [poolArea, step],
  );
  return made.length > 0;
}
