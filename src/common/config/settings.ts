import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the process is told by its environment, read once at start. Rooms take it by injection, so that a test can run
 * two servers with different settings in one process.
 */
export class Settings {
  /**
   * Connection URL of the server: a login that is a member of `tongchou_app`, to which every connection switches. On one
   * machine it may be the owner's.
   */
  readonly databaseUrl: string;
  /** Connection URL of the owner of the schema, for `migrate` and `server-login`; the server has no need to know it. */
  readonly ownerDatabaseUrl: string;
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
  /** Where the heads of the audit chains are written to: a mount that whoever owns the database cannot write. */
  readonly anchorDir: string;
  /** Whether that place was chosen; only then does everyday verification expect every anchor ever made to be there. */
  readonly anchorDirChosen: boolean;
  /** The Ed25519 key that signs them; made at first use. */
  readonly anchorKeyFile: string;
  /** How often at most, in minutes. */
  readonly anchorMinutes: number;
  /** Folder of the built console; absent files simply mean that no console is served. */
  readonly consoleDir: string;
  /** Upper bound of database connections of this process. */
  readonly poolSize: number;
  /** How long a request waits for a connection, free or new, before it is answered 503, in milliseconds. */
  readonly dbWaitMs: number;
  /** How long an actor's roles may be remembered, in milliseconds; revocation by another process takes at most this. */
  readonly actorCacheMs: number;
  /** Whether the bureau's users must prove a second factor; `optional` is for demonstrations and tests. */
  readonly secondFactor: 'required' | 'optional';
  /** Minutes after which an unused session ends. */
  readonly sessionIdleMinutes: number;
  /** Hours after which a session ends, used or not. */
  readonly sessionHours: number;
  /** Days after which a password must be replaced; 0 = never (ASVS 6.2.10), 90 by default in the profile `dengbao3`. */
  readonly passwordMaxAgeDays: number;
  /** Addresses or networks (CIDR) of reverse proxies whose X-Forwarded-For is believed; nobody else's is. */
  readonly trustedProxies: readonly string[];
  /** Most connections one process holds open at a time; a further one is closed at once (F36). */
  readonly maxConnections: number;
  /** How long a worker may be silent before another one takes its run over, in milliseconds. */
  readonly jobLeaseMs: number;
  /** How long a server that was told to end goes on serving while it already says that it is not ready, in milliseconds. */
  readonly drainMs: number;
  /** Base URL of an OTLP/HTTP collector for traces; empty: no traces. */
  readonly otlpEndpoint: string;
  readonly otelServiceName: string;
  /** Share of the traces begun here that are recorded, 0 to 1. */
  readonly traceRatio: number;
  /** Version of the program, from package.json. */
  readonly version: string;
  /** Name of this process in job leases and logs. */
  readonly processId: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.databaseUrl = secret(env, 'DATABASE_URL');
    const ownerUrl = secret(env, 'MIGRATE_DATABASE_URL');
    this.ownerDatabaseUrl = ownerUrl === '' ? this.databaseUrl : ownerUrl;
    this.port = wholeNumber(env, 'PORT', 3000);
    this.host = env['HOST'] ?? '0.0.0.0';
    this.poolArea = env['POOL_AREA'] ?? '331100';
    this.logLevel = env['LOG_LEVEL'] ?? 'info';
    this.schedules = (env['SCHEDULES'] ?? 'on') !== 'off';
    this.dataDir = env['DATA_DIR'] ?? '.data';
    this.fieldKeys = env['FIELD_KEYS'] ?? '';
    this.fieldKeysFile = env['FIELD_KEYS_FILE'] ?? join(this.dataDir, 'field-keys.json');
    this.anchorDir = env['ANCHOR_DIR'] ?? join(this.dataDir, 'anchors');
    this.anchorDirChosen = env['ANCHOR_DIR'] !== undefined;
    this.anchorKeyFile = env['ANCHOR_KEY_FILE'] ?? join(this.dataDir, 'anchor-key.pem');
    this.anchorMinutes = wholeNumber(env, 'ANCHOR_MINUTES', 60);
    this.consoleDir = env['CONSOLE_DIR'] ?? 'console/dist';
    this.poolSize = wholeNumber(env, 'DB_POOL', 16);
    this.dbWaitMs = wholeNumber(env, 'DB_WAIT_MS', 1_000);
    this.actorCacheMs = wholeNumber(env, 'ACTOR_CACHE_MS', 1000);
    const strict = oneOf(env, 'SECURITY_PROFILE', ['standard', 'dengbao3']) === 'dengbao3';
    this.secondFactor = oneOf(env, 'SECOND_FACTOR', ['required', 'optional']);
    if (strict && this.secondFactor === 'optional') {
      throw new Error('SECURITY_PROFILE=dengbao3 needs SECOND_FACTOR=required');
    }
    this.sessionIdleMinutes = wholeNumber(env, 'SESSION_IDLE_MINUTES', 15);
    this.sessionHours = wholeNumber(env, 'SESSION_HOURS', 12);
    this.passwordMaxAgeDays = wholeNumber(env, 'PASSWORD_MAX_AGE_DAYS', strict ? 90 : 0);
    if (this.sessionIdleMinutes === 0 || this.sessionHours === 0) {
      throw new Error('SESSION_IDLE_MINUTES and SESSION_HOURS must be at least 1');
    }
    if (strict && this.passwordMaxAgeDays === 0) {
      throw new Error('SECURITY_PROFILE=dengbao3 needs a PASSWORD_MAX_AGE_DAYS other than 0');
    }
    this.trustedProxies = (env['TRUSTED_PROXIES'] ?? '').split(/[\s,]+/).filter((part) => part !== '');
    this.maxConnections = wholeNumber(env, 'HTTP_MAX_CONNECTIONS', 4_000);
    if (this.maxConnections === 0) throw new Error('HTTP_MAX_CONNECTIONS must be at least 1');
    this.jobLeaseMs = wholeNumber(env, 'JOB_LEASE_MS', 30_000);
    this.drainMs = wholeNumber(env, 'DRAIN_MS', 0);
    this.otlpEndpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
    this.otelServiceName = env['OTEL_SERVICE_NAME'] ?? 'tongchou';
    this.traceRatio = share(env, 'OTEL_TRACES_SAMPLER_ARG', 1);
    this.version = programVersion();
    this.processId = `${String(process.pid)}-${randomUUID().slice(0, 8)}`;
  }
}

/** One of the words; the first where the variable is not set. */
function oneOf<W extends string>(env: NodeJS.ProcessEnv, name: string, words: readonly [W, ...W[]]): W {
  const text = env[name];
  if (text === undefined || text === '') return words[0];
  const word = words.find((known) => known === text);
  if (word === undefined) throw new Error(`${name} must be one of ${words.join(', ')}, got "${text}"`);
  return word;
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, got "${text}"`);
  return Number(text);
}

/** A value that may be given itself or as the name of a file that holds it (`NAME_FILE`), as secrets are mounted. */
function secret(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name] ?? '';
  const file = env[`${name}_FILE`] ?? '';
  if (value !== '' && file !== '') throw new Error(`set ${name} or ${name}_FILE, not both`);
  return file === '' ? value : readFileSync(file, 'utf8').trim();
}

function share(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new Error(`${name} must be a number from 0 to 1, got "${text}"`);
  return value;
}

/** package.json lies beside `src` and beside `dist`. */
function programVersion(): string {
  const file = join(import.meta.dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
