import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Client, PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { tracedPart } from '../tracing/index.js';
import { sqlState } from './pg-errors.js';
import { type Tx, txOver } from './tx.js';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 10;

/** A transaction that whatever is called inside it joins, until it has ended. */
interface Whole {
  readonly tx: Tx;
  open: boolean;
}

const wholes = new AsyncLocalStorage<Whole>();

/** The one way to talk to the database: a use case opens a transaction here and hands the `tx` down. */
@Injectable()
export class Transactions {
  /** Told of each transaction that lost a race, by SQLSTATE, and whether it was given up; the metrics listen. */
  conflictMet: ((state: string, outcome: 'retried' | 'given-up') => void) | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one READ COMMITTED transaction: all of it or nothing. A serialization failure or a deadlock is
   * retried around the whole of it (up to 5 times, with jitter), so `work` must have no effect outside the database;
   * mail, HTTP and files belong to the outbox.
   */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const joined = wholes.getStore();
    return joined?.open === true ? work(joined.tx) : this.retried(work);
  }

  /**
   * As `run`, and every `run` and `read` that is called inside joins this transaction instead of opening one of its own:
   * use cases and what is said about them commit together. What is started inside must be awaited inside.
   */
  async whole<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.retried(async (tx) => {
      const whole: Whole = { tx, open: true };
      try {
        return await wholes.run(whole, () => work(tx));
      } finally {
        whole.open = false;
      }
    });
  }

  /** Runs several reads over one snapshot (REPEATABLE READ, READ ONLY): figures of a page agree with each other. */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const joined = wholes.getStore();
    if (joined?.open === true) return work(joined.tx);
    return this.attempt('REPEATABLE READ', async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      return work(tx);
    });
  }

  /** Borrows a connection without opening a transaction: every statement commits by itself. For the settlement path. */
  async autocommit<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(txOver(runner, await connect(runner)));
    } finally {
      await runner.release();
    }
  }

  private async retried<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(undefined, work);
      } catch (error) {
        const state = sqlState(error);
        const retryable = state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
        if (!retryable) throw error;
        this.conflictMet?.(state, attempt === MAX_ATTEMPTS ? 'given-up' : 'retried');
        if (attempt === MAX_ATTEMPTS) throw error;
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  // The runner opens the transaction, not a bare BEGIN: only so does the ORM on the same connection know of it.
  private attempt<T>(isolation: 'REPEATABLE READ' | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const facts = { 'db.system.name': 'postgresql', 'tongchou.isolation': isolation ?? 'READ COMMITTED' };
    return tracedPart(
      'db.transaction',
      () => facts,
      () => this.inTransaction(isolation, work),
    );
  }

  private async inTransaction<T>(isolation: 'REPEATABLE READ' | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = await connect(runner);
      try {
        await runner.startTransaction(isolation);
        const result = await work(txOver(runner, client));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        await rollback(runner, client);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

async function connect(runner: QueryRunner): Promise<PoolClient> {
  return (await runner.connect()) as PoolClient;
}

// The connection may be the thing that failed; the first error is the one worth telling. A connection that could not be
// rolled back is closed: given back, it would carry half a transaction into the next one.
async function rollback(runner: QueryRunner, client: PoolClient): Promise<void> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } catch {
    await (client as unknown as Client).end().catch(() => undefined);
  }
}
