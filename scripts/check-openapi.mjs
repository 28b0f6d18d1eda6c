/**
 * docs/openapi.json must be what the application describes, and the console's types what openapi-typescript makes of it.
 * The application is built up without a database and without listening. `--write` renews the file. Needs a build.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareOrWrite } from './lib/committed.mjs';
import { ROOT, run, say } from './lib/process.mjs';

const REPAIR = 'npm run build && node scripts/check-openapi.mjs --write';
const TYPES = 'console/src/api/schema.d.ts';

/** Generates the console's types beside the committed ones, formatted alike. */
async function checkTypes() {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-types-'));
  try {
    const file = join(folder, 'schema.d.ts');
    const steps = [
      [join(ROOT, 'console/node_modules/openapi-typescript/bin/cli.js'), join(ROOT, 'docs/openapi.json'), '-o', file],
      [join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), '--config', join(ROOT, '.prettierrc'), '--write', file],
    ];
    for (const step of steps) {
      const made = await run(process.execPath, step, { cwd: ROOT });
      if (made.code !== 0) throw new Error(made.output);
    }
    compareOrWrite(TYPES, readFileSync(file, 'utf8'), REPAIR);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const result = await run(process.execPath, [join(ROOT, 'dist/cli.js'), 'openapi'], {
  cwd: ROOT,
  env: { ...process.env, LOG_LEVEL: 'silent', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
});
if (result.code === 0) {
  const text = `${JSON.stringify(JSON.parse(result.output), null, 2)}\n`;
  compareOrWrite('docs/openapi.json', text, REPAIR);
  await checkTypes();
} else {
  say(result.output);
  process.exitCode = 1;
}
