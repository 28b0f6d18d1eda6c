/** R, the set of what must hold after every fault: the invariants of `npm run reconcile` and those of claims' tests. */
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { onServer } from './databases.mjs';
import { POOL } from './world.mjs';

/** @returns {Promise<string[]>} one line for each invariant that does not hold, with its first differences */
export async function broken(world) {
  const { INVARIANTS } = await import(join(ROOT, 'dist/reporting/reconcile/reconciliation.js'));
  return onServer(world.url, async (client) => {
    const found = [];
    // The invariant without SQL is that of the hash chain, which its own tests break and verify (test/audit).
    for (const { code, en, sql } of INVARIANTS.filter((invariant) => invariant.sql !== null)) {
      const { rows } = await client.query(`SELECT * FROM (${sql}) AS d LIMIT 3`, [POOL]);
      if (rows.length === 0) continue;
      const examples = rows.map((row) => `${row.subject}: ${row.expected} ≠ ${row.found}`).join('; ');
      found.push(`${code} ${en}: ${examples}`);
    }
    return found;
  });
}
