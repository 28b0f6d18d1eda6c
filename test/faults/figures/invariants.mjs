/** R, the set of what must hold after every fault: `npm run reconcile`, the hash chains included. */
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { inApplication, POOL } from './world.mjs';

/** @returns {Promise<string[]>} one line for each invariant that does not hold, with its first differences */
export async function broken(world) {
  const { Reconciliation } = await import(join(ROOT, 'dist/reporting/reconcile/index.js'));
  const findings = await inApplication(world, (app) => app.get(Reconciliation).check(POOL));
  return findings
    .filter(({ count }) => count > 0)
    .map(({ invariant, examples }) => {
      const first = examples.slice(0, 3).map(({ subject, expected, found }) => `${subject}: ${expected} ≠ ${found}`);
      return `${invariant.code} ${invariant.en}: ${first.join('; ')}`;
    });
}
