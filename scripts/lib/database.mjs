/** Which database the launcher uses, and whether it is fit for use. */
import { startEmbedded } from './postgres.mjs';
import { Refusal } from './process.mjs';

const LOWEST_VERSION = 150_000;
const NAME = 'tongchou';

/**
 * @param {string|undefined} given DATABASE_URL; without it the embedded server is started, with its data in .data/pg
 * @returns {Promise<{url: string, reused: boolean, where?: string, stop: () => Promise<void>}>} `stop` ends the embedded
 *   server only; `reused` says that it was running before; `where` is its data directory
 */
export async function databaseOf(given) {
  if (given !== undefined && given !== '') return { url: given, reused: true, stop: () => Promise.resolve() };
  const server = await startEmbedded('pg');
  await withClient(server.url('postgres'), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  });
  return { url: server.url(NAME), reused: server.reused, where: server.data, stop: server.stop };
}

/**
 * @returns {Promise<{waitsForDemonstration: boolean}>} true when nothing is in it yet, or a load was interrupted
 * @throws {Refusal} when the server cannot be reached, is too old or refuses the account
 */
export async function inspectDatabase(url) {
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text`,
    );
    if (rows[0].version < LOWEST_VERSION) {
      throw new Refusal(`The server of DATABASE_URL is PostgreSQL ${rows[0].text}; version 15 or newer is needed.`);
    }
    return { waitsForDemonstration: await waitsForDemonstration(client) };
  });
}

async function waitsForDemonstration(client) {
  const tables = await client.query(
    `SELECT to_regclass('app_user') IS NOT NULL AS users, to_regclass('demo_region') IS NOT NULL AS demo`,
  );
  if (!tables.rows[0].users || !tables.rows[0].demo) return true;
  const state = await client.query(
    `SELECT NOT EXISTS (SELECT FROM app_user) OR EXISTS (SELECT FROM demo_region WHERE state <> 'complete') AS waits`,
  );
  return state.rows[0].waits;
}

/** Loaded late, because `pg` is there only after the packages were installed. */
async function withClient(url, work) {
  const { default: pg } = await import('pg');
  let client;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    await client.connect();
  } catch (error) {
    throw new Refusal(`The database ${withoutPassword(url)} cannot be used: ${reasonOf(error)}.`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withoutPassword(url) {
  try {
    const parsed = new URL(url);
    if (parsed.password !== '') parsed.password = '***';
    return parsed.href;
  } catch {
    return 'named by DATABASE_URL (which is not a URL like postgres://user:password@host:5432/name)';
  }
}

function reasonOf(error) {
  if (error.code === 'ECONNREFUSED') return 'nothing answers at this address';
  if (error.code === 'ENOTFOUND') return 'the host is not known';
  return error.message || error.code || 'no reason given';
}
