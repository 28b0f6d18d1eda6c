import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/**
 * What the process is told by its environment, read once at start. Rooms take it by injection, so that a test can run
 * two servers with different settings in one process.
 */
export class Settings {
  /** Connection URL of the owner role; the server itself switches to `tongchou_app` on every connection. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly host: string;
  /** Pooling area (统筹区) this installation serves, e.g. `331100`. */
  readonly poolArea: string;
  readonly logLevel: string;
  /** Whether timed jobs fire by themselves in this process. */
  readonly schedules: boolean;
  /** Where secrets and one-time tokens of this installation lie; never inside the repository's tracked files. */
  readonly dataDir: string;
  /** The keys of encrypted columns themselves, where a platform hands secrets over so; empty = they lie in the file. */
  readonly fieldKeys: string;
  /** The file with the keys of encrypted columns; all processes of one database read the same. */
  readonly fieldKeysFile: string;
  /** Folder of the built console; absent files simply mean that no console is served. */
  readonly consoleDir: string;
  /** Upper bound of database connections of this process. */
  readonly poolSize: number;
  /** How long an actor's roles may be remembered, in milliseconds; revocation by another process takes at most this. */
  readonly actorCacheMs: number;
  /** How long a worker may be silent before another one takes its run over, in milliseconds. */
  readonly jobLeaseMs: number;
  /** Name of this process in job leases and logs. */
  readonly processId: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.databaseUrl = env['DATABASE_URL'] ?? '';
    this.port = wholeNumber(env, 'PORT', 3000);
    this.host = env['HOST'] ?? '0.0.0.0';
    this.poolArea = env['POOL_AREA'] ?? '331100';
    this.logLevel = env['LOG_LEVEL'] ?? 'info';
    this.schedules = (env['SCHEDULES'] ?? 'on') !== 'off';
    this.dataDir = env['DATA_DIR'] ?? '.data';
    this.fieldKeys = env['FIELD_KEYS'] ?? '';
    this.fieldKeysFile = env['FIELD_KEYS_FILE'] ?? join(this.dataDir, 'field-keys.json');
    this.consoleDir = env['CONSOLE_DIR'] ?? 'console/dist';
    this.poolSize = wholeNumber(env, 'DB_POOL', 16);
    this.actorCacheMs = wholeNumber(env, 'ACTOR_CACHE_MS', 1000);
    this.jobLeaseMs = wholeNumber(env, 'JOB_LEASE_MS', 30_000);
    this.processId = `${String(process.pid)}-${randomUUID().slice(0, 8)}`;
  }
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, got "${text}"`);
  return Number(text);
}
