/** Trials of the operation, each counted as one test by `npm test`: image, restore, upgrade. */
import { join } from 'node:path';
import { Refusal, ROOT, run, say } from './process.mjs';

/**
 * @param {{databaseUrl: string|null}} given which server may be used
 * @returns {{name: string, work: () => Promise<import('./jest.mjs').Counts|undefined>}[]}
 */
export function trialsOf({ databaseUrl }) {
  const env = { ...process.env, TEST_DATABASE_URL: databaseUrl ?? '' };
  delete env.DATABASE_URL;
  return [
    trial('image behind the TLS proxy', ['image-trial.mjs'], env),
    trial('restore drill, short', ['drill.mjs', '--short'], env),
    trial('rolling upgrade', ['rolling-upgrade.mjs'], env),
  ];
}

/** A trial that cannot be made here says so in a line that begins with SKIPPED. */
function trial(name, [script, ...args], env) {
  return {
    name,
    work: async () => {
      const result = await run(process.execPath, [join(ROOT, 'scripts', script), ...args], { cwd: ROOT, env });
      const skipped = /^SKIPPED.*$/m.exec(result.output);
      if (result.code !== 0) throw new Refusal(result.output.trim().split('\n').slice(-60).join('\n'));
      for (const line of result.output
        .trim()
        .split('\n')
        .filter((text) => !/^ {2}✓/.test(text)))
        say(line);
      return skipped === null ? undefined : { passed: 0, failed: 0, skipped: 1 };
    },
  };
}
