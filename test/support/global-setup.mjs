/**
 * Runs once before the projects that use PostgreSQL: refuses to start without a server and drops the
 * databases that a killed run left behind. (Plain JavaScript: Jest compiles a TypeScript one to CommonJS.)
 */
import pg from 'pg';

export default async function globalSetup() {
  const url = process.env.TEST_DATABASE_URL;
  if (url === undefined) {
    throw new Error('TEST_DATABASE_URL is not set; run `node scripts/test.mjs --only e2e`, which sets it.');
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT datname FROM pg_database WHERE datname LIKE 'tc\\_clone\\_%'`);
    for (const { datname } of rows) {
      if (!isAlive(Number(datname.split('_')[2]))) {
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
      }
    }
  } finally {
    await client.end();
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
