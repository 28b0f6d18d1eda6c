/** Promises that a script of the project proves on machines of its own: the restore drill, the rolling upgrade. */
import { join } from 'node:path';
import { ROOT, run } from '../../../scripts/lib/process.mjs';

/**
 * Runs a script; `figures` picks from what it printed.
 * @returns {Promise<import('./promises.mjs').Outcome>} not ok when the script failed, null when the machine lacks what it needs
 */
export async function trial(script, args, figures) {
  const { code, output } = await run(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT });
  const lines = output.trim().split('\n');
  const skipped = lines.find((line) => line.startsWith('SKIPPED'));
  if (skipped !== undefined) return { observed: skipped, ok: null };
  const told = lines.filter((line) => figures.test(line)).map((line) => line.trim().replace(/\s{2,}/g, ' '));
  const notes = code === 0 ? [] : lines.slice(-8);
  return { observed: told.join('; ') || 'nothing told', ok: code === 0 && told.length > 0, notes };
}
