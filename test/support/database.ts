import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { applyPgTypes } from '../../src/common/db/index.js';
import { migrateDatabase } from '../../src/data-source.js';

const MIGRATIONS = resolve(import.meta.dirname, '../../src/migrations');

/** A database of its own for one test file. */
export interface TestDatabase {
  readonly name: string;
  /** Connection URL as the owner (DDL allowed). */
  readonly url: string;
  /** Runs one statement as the owner. int8 comes back as bigint and date as text, as in the application. */
  query<R extends pg.QueryResultRow>(sql: string, params?: unknown[]): Promise<R[]>;
  /** Disconnects everybody and drops it. */
  drop(): Promise<void>;
}

let made = 0;

/**
 * An exact copy of the freshly migrated schema. The template behind it is built on first use and again when a
 * migration changes; workers wait for each other, so it is built once.
 */
export async function cloneDatabase(): Promise<TestDatabase> {
  return create(await ensureTemplate());
}

/** A database with nothing in it, for tests that migrate it themselves. */
export function emptyDatabase(): Promise<TestDatabase> {
  return create('template0');
}

async function create(template: string): Promise<TestDatabase> {
  applyPgTypes();
  made += 1;
  const name = `tc_clone_${process.pid}_${Date.now().toString(36)}_${made}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = urlOf(name);
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined); // Dropping the database ends idle connections; that is expected.
  return {
    name,
    url,
    query: async <R extends pg.QueryResultRow>(sql: string, params: unknown[] = []) =>
      (await pool.query<R>(sql, params)).rows,
    drop: async () => {
      await pool.end();
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function ensureTemplate(): Promise<string> {
  const name = `tc_template_${migrationsDigest()}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const ready = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND NOT datallowconn', [name]);
    if (ready.rowCount === 1) return;
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await migrateDatabase(urlOf(name));
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  });
  return name;
}

function migrationsDigest(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).sort()) hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  return hash.digest('hex').slice(0, 12);
}

function urlOf(database: string): string {
  const server = process.env['TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('TEST_DATABASE_URL is not set; run the test through scripts/test.mjs');
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
