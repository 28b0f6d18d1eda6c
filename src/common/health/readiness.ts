import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../db/index.js';

/** Names of the migrations that this build was made for. */
export const EXPECTED_MIGRATIONS = Symbol('EXPECTED_MIGRATIONS');

const CHECK_TIMEOUT_MS = 1_000;

/** Something else that this process cannot serve without: 'ok', or one word that says what is wrong. */
export type ReadinessCheck = () => Promise<string>;

/**
 * Whether this process could serve a request now. A database that a newer version has migrated is fine as long as each
 * migration this build does not know only added something (`expand`); one that took something away (`contract`) is not.
 */
@Injectable()
export class Readiness {
  private readonly others = new Map<string, ReadinessCheck>();
  private stopping = false;

  constructor(
    private readonly transactions: Transactions,
    @Inject(EXPECTED_MIGRATIONS) private readonly expected: readonly string[],
  ) {}

  /** A room adds a check under its own name, once, when its module starts. */
  add(name: string, check: ReadinessCheck): void {
    this.others.set(name, check);
  }

  /** From now on the process says that it is not ready, so that a load balancer sends it nothing new. */
  stop(): void {
    this.stopping = true;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  /** The state of each thing a request needs: 'ok', or one word that says what is wrong. */
  async checks(): Promise<Record<string, string>> {
    const server: Record<string, string> = this.stopping ? { server: 'stopping' } : {};
    const done = await within(CHECK_TIMEOUT_MS, this.migrationsDone());
    if (done === undefined) return { ...server, database: 'unreachable', migrations: 'unknown' };
    const others = await Promise.all(
      [...this.others].map(async ([name, check]) => [name, (await within(CHECK_TIMEOUT_MS, told(check))) ?? 'late']),
    );
    return {
      ...server,
      database: 'ok',
      migrations: stateOf(done, this.expected),
      ...(Object.fromEntries(others) as Record<string, string>),
    };
  }

  private async migrationsDone(): Promise<MigrationRow[] | undefined> {
    try {
      // Asked this way, because a database of before migration 0013 has no column `phase`.
      return await this.transactions.autocommit((tx) =>
        tx.query<MigrationRow>(`SELECT name, to_jsonb(m) ->> 'phase' AS phase FROM schema_migration m`),
      );
    } catch {
      return undefined;
    }
  }
}

interface MigrationRow {
  name: string;
  phase: 'expand' | 'contract' | null;
}

/** `missing`: this build needs a migration that was not run. `newer`: one was run that this build cannot live with. */
function stateOf(done: readonly MigrationRow[], expected: readonly string[]): 'ok' | 'missing' | 'newer' {
  const names = new Set(done.map(({ name }) => name));
  if (expected.some((name) => !names.has(name))) return 'missing';
  const known = new Set(expected);
  return done.some(({ name, phase }) => !known.has(name) && phase !== 'expand') ? 'newer' : 'ok';
}

async function told(check: ReadinessCheck): Promise<string> {
  try {
    return await check();
  } catch {
    return 'failed';
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
