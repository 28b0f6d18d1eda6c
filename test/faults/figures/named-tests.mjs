/** Tests of the suites that prove a promise: found by the number of the scenario (F44 …) or by the file, run once. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DATA, ROOT } from '../../../scripts/lib/process.mjs';

const PROJECTS = { '.e2e-spec.ts': 'e2e', '.fault-spec.ts': 'faults', '.spec.ts': 'unit' };

/** @returns {string[]} test files whose text names the scenario, e.g. `F44` */
export function testsNaming(label) {
  const word = new RegExp(`\\b${label}\\b`);
  return ['test', 'src']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((file) => join(folder, String(file))))
    .filter((file) => projectOf(file) !== undefined && word.test(readFileSync(join(ROOT, file), 'utf8')));
}

function projectOf(file) {
  return Object.entries(PROJECTS).find(([ending]) => file.endsWith(ending))?.[1];
}

/**
 * Runs test files, each project once.
 * @returns {Promise<Map<string, {passed: number, failed: number, seconds: number, failures: string[]}>>} by file
 */
export async function runTests(files, serverUrl) {
  const results = new Map();
  for (const [project, ofProject] of grouped(files))
    await runProject(project, [...new Set(ofProject)], serverUrl, results);
  return results;
}

function grouped(files) {
  const groups = new Map();
  for (const file of files) groups.set(projectOf(file), [...(groups.get(projectOf(file)) ?? []), file]);
  return groups;
}

async function runProject(project, files, serverUrl, results) {
  mkdirSync(DATA, { recursive: true });
  const report = join(DATA, `faults-${project}-${process.pid}.json`);
  const args = ['--selectProjects', project, '--json', `--outputFile=${report}`, '--runTestsByPath', ...files];
  await jest(args, serverUrl);
  if (!existsSync(report)) throw new Error(`the ${project} tests did not run`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  for (const { name, assertionResults, startTime, endTime, status, message } of testResults) {
    const failed = assertionResults.filter((one) => one.status === 'failed');
    results.set(relative(ROOT, name), {
      passed: assertionResults.filter((one) => one.status === 'passed').length,
      failed: failed.length === 0 && status === 'failed' ? 1 : failed.length,
      seconds: (endTime - startTime) / 1000,
      failures: status === 'failed' ? [...failed.map(({ fullName }) => fullName), message.slice(0, 400)] : [],
    });
  }
}

function jest(args, serverUrl) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...args], {
      cwd: ROOT,
      stdio: 'ignore',
      env: {
        ...process.env,
        ...{ TEST_DATABASE_URL: serverUrl },
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      },
    });
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 1));
  });
}
