/** Runs one Jest project and counts what it reports. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DATA, ROOT } from './process.mjs';

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * @param {string} project display name in jest.config.js
 * @param {string[]} args further arguments for Jest
 * @param {Record<string, string>} env environment of the tests
 * @returns {Promise<Counts>} a suite that could not even load counts as one failure
 */
export async function runJest(project, args, env) {
  mkdirSync(DATA, { recursive: true });
  const file = join(DATA, `jest-${project}-${process.pid}.json`);
  const code = await jestProcess(
    ['--selectProjects', project, '--passWithNoTests', '--json', `--outputFile=${file}`, ...args],
    env,
  );
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function jestProcess(args, env) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...args], {
      cwd: ROOT,
      // The JSON report goes to the file; on the terminal only the readable report (stderr) is wanted.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...env,
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
      },
    });
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}
