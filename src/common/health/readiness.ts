import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../db/index.js';

/** Names of the migrations that this build was made for. */
export const EXPECTED_MIGRATIONS = Symbol('EXPECTED_MIGRATIONS');

const CHECK_TIMEOUT_MS = 1_000;

/** Whether this process could serve a request now. */
@Injectable()
export class Readiness {
  constructor(
    private readonly transactions: Transactions,
    @Inject(EXPECTED_MIGRATIONS) private readonly expected: readonly string[],
  ) {}

  /** The state of each thing a request needs: 'ok', or one word that says what is wrong. */
  async checks(): Promise<Record<string, string>> {
    const done = await within(CHECK_TIMEOUT_MS, this.migrationsDone());
    if (done === undefined) return { database: 'unreachable', migrations: 'unknown' };
    const missing = this.expected.filter((name) => !done.has(name));
    return { database: 'ok', migrations: missing.length === 0 ? 'ok' : 'missing' };
  }

  private async migrationsDone(): Promise<Set<string> | undefined> {
    try {
      const rows = await this.transactions.autocommit((tx) =>
        tx.query<{ name: string }>('SELECT name FROM schema_migration'),
      );
      return new Set(rows.map((row) => row.name));
    } catch {
      return undefined;
    }
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
