/**
 * Builds the server with failpoints (dist-faults/) and its broken twins, and lists the failpoints.
 *
 * `node scripts/build-faults.mjs [--list]`. See docs/faults.md.
 */
import { ensureFaultBuild } from './lib/fault-build.mjs';
import { Refusal, say } from './lib/process.mjs';
import { checkNode, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';

try {
  checkNode();
  await ensurePackages();
  await ensureServerBuilt();
  const sites = await ensureFaultBuild();
  if (process.argv.includes('--list')) for (const { id, kind, text } of sites) say(`${id}  ${kind}  ${text}`);
  const files = new Set(sites.map(({ id }) => id.split(':')[0]));
  say(`${sites.length} failpoints in ${files.size} files`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
