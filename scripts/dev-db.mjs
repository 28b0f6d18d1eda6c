/**
 * One shared PostgreSQL for developers: `node scripts/dev-db.mjs start | stop | create NAME | url NAME`.
 *
 * It listens on 127.0.0.1:55432, its data is in .data/dev-pg, the password is "dev"; nothing of value lives there.
 */
import pg from 'pg';
import { startEmbedded, stopEmbedded } from './lib/postgres.mjs';
import { Refusal, say } from './lib/process.mjs';

const PORT = 55432;
const PASSWORD = 'dev';

function url(name) {
  return `postgres://postgres:${PASSWORD}@127.0.0.1:${PORT}/${name}`;
}

async function create(name) {
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  say(url(name));
}

async function main([command, name]) {
  if (command === 'start') {
    const server = await startEmbedded('dev-pg', {
      port: PORT,
      password: PASSWORD,
      settings: { fsync: 'off', synchronous_commit: 'off', max_connections: '200' },
    });
    say(`${server.reused ? 'already running' : 'started'}: ${url('NAME')}`);
  } else if (command === 'stop') {
    say((await stopEmbedded('dev-pg')) ? 'stopped' : 'was not running');
  } else if (command === 'create' && name !== undefined) {
    await create(name);
  } else if (command === 'url' && name !== undefined) {
    say(url(name));
  } else {
    throw new Refusal('Usage: node scripts/dev-db.mjs start | stop | create NAME | url NAME');
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
