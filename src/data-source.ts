import { DataSource, type DataSourceOptions } from 'typeorm';
import { applyPgTypes } from './common/db/index.js';
import type { Settings } from './common/config/index.js';
import { migrations } from './migrations/index.js';

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** The lock that lets two processes start on one empty database: the second waits for the first one's migrations. */
const MIGRATION_LOCK = 7_331_100;

/** The owner's connection: may change the schema; used by migrations only, never by a request. */
export function createOwnerDataSource(url: string): DataSource {
  applyPgTypes();
  return new DataSource({
    type: 'postgres',
    url,
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    extra: { connectionTimeoutMillis: CONNECT_TIMEOUT_MS, max: 2 },
  });
}

/**
 * The server's pool. Every connection works as `tongchou_app` (no DDL, ledger and audit may only be inserted into and
 * read), and every wait has an end: `pg` would otherwise wait for ever (connections, statements, locks, idle transactions).
 */
export function appDataSourceOptions(settings: Settings): DataSourceOptions {
  applyPgTypes();
  return {
    type: 'postgres',
    url: settings.databaseUrl,
    applicationName: `tongchou ${settings.processId}`,
    extra: {
      options: [
        '-c role=tongchou_app',
        '-c timezone=UTC',
        // Compiling a statement over forty month partitions took a hundred times as long as running it (408 ms to 4 ms).
        '-c jit=off',
        `-c statement_timeout=${String(STATEMENT_TIMEOUT_MS)}`,
        `-c lock_timeout=${String(LOCK_TIMEOUT_MS)}`,
        `-c idle_in_transaction_session_timeout=${String(IDLE_IN_TRANSACTION_TIMEOUT_MS)}`,
      ].join(' '),
      max: settings.poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
  };
}

/** Brings the database of `url` to the newest schema; returns the names of the migrations that ran. */
export async function migrateDatabase(url: string): Promise<string[]> {
  const source = createOwnerDataSource(url);
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await source.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}
