import { DataSource, type DataSourceOptions, MigrationExecutor, type QueryRunner } from 'typeorm';
import { applyPgTypes } from './common/db/index.js';
import type { Settings } from './common/config/index.js';
import { type MigrationClass, migrations, phaseOf, withPhase } from './migrations/index.js';

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** How sessions of servers are called in pg_stat_activity, before their version and process. */
const SERVER_SESSIONS = 'tongchou';

/** The lock that lets two processes start on one empty database: the second waits for the first one's migrations. */
const MIGRATION_LOCK = 7_331_100;

/** The owner's connection: may change the schema; used by migrations only, never by a request. */
function ownerDataSource(url: string, list: readonly MigrationClass[]): DataSource {
  applyPgTypes();
  return new DataSource({
    type: 'postgres',
    url,
    migrations: list.map(withPhase),
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
    applicationName: `${SERVER_SESSIONS} ${settings.version} ${settings.processId}`,
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
      connectionTimeoutMillis: settings.dbWaitMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
  };
}

export interface MigrateOptions {
  /** Refuses a `contract` migration while servers are connected, which it would break. */
  readonly guardServers?: boolean;
  /** Other migrations than the program's; a test of upgrades brings its own. */
  readonly list?: readonly MigrationClass[];
}

/**
 * Brings the database of `url` to the newest schema; returns the names of the migrations that ran.
 * @throws Error when servers would be broken and `guardServers` is set
 */
export async function migrateDatabase(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const source = ownerDataSource(url, options.list ?? migrations);
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (options.guardServers === true) await refuseBesideServers(source, lock);
    const done = await source.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}

async function refuseBesideServers(source: DataSource, runner: QueryRunner): Promise<void> {
  const pending = await new MigrationExecutor(source, runner).getPendingMigrations();
  const breaking = pending.filter(({ instance }) => instance !== undefined && phaseOf(instance) === 'contract');
  if (breaking.length === 0) return;
  const sessions = (await runner.query(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND starts_with(application_name, $1)`,
    [`${SERVER_SESSIONS} `],
  )) as { name: string }[];
  if (sessions.length === 0) return;
  throw new Error(
    `${breaking.map(({ name }) => name).join(', ')} cannot run beside servers of the version before. ` +
      `Stop them first; connected: ${sessions.map(({ name }) => name).join('; ')}`,
  );
}
