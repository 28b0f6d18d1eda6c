/** A database of their own for the drift checks. */
import { startEmbedded } from './postgres.mjs';
import { isAlive } from './process.mjs';

/**
 * Creates an empty database on the test server, hands its URL to `work` and drops it.
 *
 * @template T
 * @param {(url: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withScratchDatabase(work) {
  const given = process.env.TEST_DATABASE_URL;
  const server = given === undefined || given === '' ? await startEmbedded('test-pg') : null;
  const base = server?.url('postgres') ?? given;
  const name = `tc_clone_${process.pid}_scratch`;
  try {
    await withClient(base, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`));
    const url = new URL(base);
    url.pathname = `/${name}`;
    return await work(url.href);
  } finally {
    await withClient(base, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    if (server !== null && !server.reused) await server.stop();
  }
}

/** Drops what the tests made on a server that was given to them: the clones, and the migrated templates that they kept. */
export async function dropTestDatabases(base) {
  await withClient(base, async (client) => {
    const { rows } = await client.query(
      String.raw`SELECT datname FROM pg_database WHERE datname ~ '^tc_(clone|template)_'`,
    );
    for (const { datname } of rows) {
      const [, kind, pid] = datname.split('_');
      // Another run on the same server may be under way.
      if (kind === 'clone' && isAlive(Number(pid))) continue;
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    }
  });
}

/** Opens a connection for one piece of work. The driver is loaded here: `npm test` begins before packages are installed. */
export async function withClient(url, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
