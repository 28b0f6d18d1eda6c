/** Promises that a test of the suite proves, and those that do not apply to this installation. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { runTests, testsNaming } from './named-tests.mjs';

/** `files` are test files, `label` a scenario whose number tests carry in their names. */
export const TESTED = [
  {
    name: 'cells',
    promise: 'Endpoint × role × scope cells; served = described = permitted routes (F30)',
    goal: '100 %, no difference',
    files: ['test/identity/access-matrix.e2e-spec.ts', 'test/identity/scope.e2e-spec.ts'],
  },
  { name: 'F1', promise: 'kill -9 in the middle of a run: each unit once (F1)', goal: 'as undisturbed', label: 'F1' },
  { name: 'F7', promise: 'A worker that outlives its lease is refused (F7)', goal: '0 late writes', label: 'F7' },
  { name: 'F13', promise: 'A second reversal (F13)', goal: '1 succeeds', label: 'F13' },
  {
    name: 'F14',
    promise: 'Reversal races with the close; after the close (F14, F15)',
    goal: 'never lost, never both',
    label: 'F14',
  },
  { name: 'F16', promise: 'A closed batch run again (F16)', goal: '0 new rows', label: 'F16' },
  {
    name: 'F31',
    promise: 'Privileges cannot be raised (F31)',
    goal: '403, audited',
    label: 'F31',
  },
  {
    name: 'F33',
    promise: 'Refresh token used twice (F33)',
    goal: 'family revoked',
    label: 'F33',
  },
  {
    name: 'F34',
    promise: 'Sign-in lock-out, spraying; session ends when disabled (F34)',
    goal: '5 tries; ≤ 1 s',
    label: 'F34',
  },
  { name: 'F43', promise: 'The audit cannot be written (F43)', goal: 'the act is refused', label: 'F43' },
  { name: 'F44', promise: 'Somebody edits the audit or the books (F44)', goal: 'first broken row named', label: 'F44' },
  {
    name: 'F45',
    promise: 'Outbox: killed, doubled, reordered (F45)',
    goal: 'each effect once',
    label: 'F45',
    else: ['test/outbox/outbox.e2e-spec.ts'],
  },
];

export const NOT_APPLICABLE = [
  [
    'Primary lost, standby promoted; RPO 0 (F4)',
    'not applicable: a standby is the installation’s; docs/operations.md says how',
  ],
  ['Failover ≤ 30 s', 'not applicable: as above'],
  ['Mutation score', 'not applicable in CI: run by hand before a release'],
  ['npm audit', 'not applicable: needs the registry; run outside before a release'],
];

/** Tests that name the scenario; `else` names those that prove it without its number. */
function filesOf({ files, label, else: others = [] }) {
  if (files !== undefined) return files;
  const named = testsNaming(label);
  return named.length > 0 ? named : others;
}

const NONE = 'no test carries this number yet';

/**
 * Runs the tests of the promises.
 * @returns {Promise<{name: string, promise: string, goal: string, observed: string, ok: boolean|null, seconds: number, notes: string[]}[]>}
 */
export async function provedByTests(promises, serverUrl) {
  const wanted = promises.map((one) => ({
    ...one,
    files: filesOf(one).filter((file) => existsSync(join(ROOT, file))),
  }));
  const results = await runTests(
    wanted.flatMap(({ files }) => files),
    serverUrl,
  );
  return wanted.map(({ name, promise, goal, files }) => {
    const ran = files.map((file) => ({
      file,
      ...(results.get(file) ?? { passed: 0, failed: 1, seconds: 0, failures: ['did not run'] }),
    }));
    const sum = (of) => ran.reduce((total, one) => total + of(one), 0);
    const failed = sum((one) => one.failed);
    const passed = sum((one) => one.passed);
    return {
      ...{ name, promise, goal, seconds: sum((one) => one.seconds) },
      observed: files.length === 0 ? NONE : `${passed} tests passed, ${failed} failed: ${files.join(', ')}`,
      ok: files.length === 0 ? null : failed === 0 && passed > 0,
      notes: ran.flatMap(({ file, failures }) => failures.map((failure) => `${file}: ${failure}`)),
    };
  });
}
