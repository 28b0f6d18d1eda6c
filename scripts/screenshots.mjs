/**
 * `npm run screenshots`: the pictures of the READMEs, taken by the browser tests over the demonstration region at its
 * ordinary scale. `npm test` takes the same pictures of a small region into .data/screens, where CI can keep them.
 */
import { join } from 'node:path';
import { ROOT, run } from './lib/process.mjs';

const env = { SCREENS_SCALE: '1:200', ...process.env, SCREENS_FOLDER: 'docs/pictures/screens' };
const args = [join(ROOT, 'scripts/test.mjs'), '--only', 'browser', '--', '--testPathPatterns', 'screens'];
const { code } = await run(process.execPath, args, { cwd: ROOT, env, echo: true });
process.exitCode = code;
