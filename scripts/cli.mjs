/**
 * Runs a command of the built command line on the database that `npm start` uses: `node scripts/cli.mjs reconcile`.
 *
 * DATABASE_URL names another one. The embedded server is started for the command where it does not run.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { databaseOf } from './lib/database.mjs';
import { Refusal, ROOT } from './lib/process.mjs';
import { checkNode, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';

function command(args, url) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args], {
      stdio: 'inherit',
      env: { LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: url },
    });
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}

try {
  checkNode();
  await ensurePackages();
  await ensureServerBuilt();
  const database = await databaseOf(process.env.DATABASE_URL);
  try {
    process.exitCode = await command(process.argv.slice(2), database.url);
  } finally {
    if (!database.reused) await database.stop();
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
