/** The server on which the benchmark works: the embedded one with durable settings, or one that is named. */
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../scripts/lib/postgres.mjs';

const PREFIX = 'tongchou_bench';

/**
 * @typedef {object} Databases
 * @property {string} version of the server
 * @property {(name: string) => string} url
 * @property {(name: string, template?: string) => Promise<string>} create a fresh database, empty or as a copy; its URL
 * @property {(name: string) => Promise<void>} drop
 * @property {string} exchange folder that this process and the server's can both write to
 * @property {() => Promise<void>} stop drops what is left and stops an embedded server
 */

/** @returns {Promise<Databases>} */
export async function openDatabases() {
  const given = process.env['BENCH_DATABASE_URL'];
  const embedded =
    given === undefined ? await startEmbedded('bench-pg', { settings: { max_connections: '100' } }) : null;
  const serverUrl = given ?? embedded.url('postgres');
  const made = new Set();
  const url = (name) => {
    const address = new URL(serverUrl);
    address.pathname = `/${PREFIX}_${name}`;
    return address.href;
  };
  const drop = async (name) => {
    await statement(serverUrl, `DROP DATABASE IF EXISTS ${PREFIX}_${name} WITH (FORCE)`);
    made.delete(name);
  };
  const { rows } = await statement(serverUrl, 'SHOW server_version');
  const exchange = mkdtempSync(join(tmpdir(), 'tongchou-bench-'));
  chmodSync(exchange, 0o777);
  return {
    version: rows[0].server_version.split(' ')[0],
    url,
    exchange,
    drop,
    create: async (name, template) => {
      await drop(name);
      made.add(name);
      const copied = template === undefined ? '' : ` TEMPLATE ${PREFIX}_${template}`;
      await statement(serverUrl, `CREATE DATABASE ${PREFIX}_${name}${copied}`);
      return url(name);
    },
    stop: async () => {
      for (const name of made) await drop(name);
      rmSync(exchange, { recursive: true, force: true });
      await embedded?.stop();
    },
  };
}

async function statement(url, sql) {
  return withClient(url, (client) => client.query(sql));
}

/** Opens a connection for one piece of work. */
export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
