/** The console's own tests, run by the test runner of its package. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, ROOT, run, say } from './process.mjs';
import { hasConsole } from './setup.mjs';

const CONSOLE = join(ROOT, 'console');

/** @returns {Promise<import('./jest.mjs').Counts>} */
export async function runConsoleTests() {
  const vitest = join(CONSOLE, 'node_modules', 'vitest', 'vitest.mjs');
  if (!hasConsole() || !existsSync(vitest)) {
    say('This clone has no console tests.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const file = join(DATA, `vitest-${process.pid}.json`);
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await run(process.execPath, args, { cwd: CONSOLE, echo: true });
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests === 0 && code !== 0 ? 1 : report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
