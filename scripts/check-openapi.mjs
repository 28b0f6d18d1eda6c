/**
 * docs/openapi.json must be what the application describes (the console's types are generated from it).
 * The application is built up without a database and without listening. `--write` renews the file. Needs a build.
 */
import { join } from 'node:path';
import { compareOrWrite } from './lib/committed.mjs';
import { ROOT, run, say } from './lib/process.mjs';

const result = await run(process.execPath, [join(ROOT, 'dist/cli.js'), 'openapi'], {
  cwd: ROOT,
  env: { ...process.env, LOG_LEVEL: 'silent', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
});
if (result.code === 0) {
  const text = `${JSON.stringify(JSON.parse(result.output), null, 2)}\n`;
  compareOrWrite('docs/openapi.json', text, 'npm run build && node scripts/check-openapi.mjs --write');
} else {
  say(result.output);
  process.exitCode = 1;
}
