/** The checks of the sources, each counted as one test by `npm test`. */
import { join } from 'node:path';
import { Refusal, ROOT, run } from './process.mjs';

const BIN = {
  prettier: 'node_modules/prettier/bin/prettier.cjs',
  tsc: 'node_modules/typescript/bin/tsc',
  eslint: 'node_modules/eslint/bin/eslint.js',
  depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
  knip: 'node_modules/knip/bin/knip.js',
};

/**
 * @param {{built: boolean, databaseUrl: string|null}} given whether dist/ is fresh and which server may be used
 * @returns {{name: string, work: () => Promise<void>}[]}
 */
export function checksOf({ databaseUrl }) {
  const env = { TEST_DATABASE_URL: databaseUrl ?? '' };
  return [
    check('format', [BIN.prettier, '--check', '.']),
    check('types', [BIN.tsc, '--noEmit']),
    check('lint', [BIN.eslint, '.']),
    check('directions between modules', [BIN.depcruise, 'src', 'test', '--config', '.dependency-cruiser.cjs']),
    check('the direction rules themselves', ['scripts/check-direction-rules.mjs']),
    check('unused code and packages', [BIN.knip]),
    check('packages that are not allowed', ['scripts/check-packages.mjs']),
    check('container files, proxy, units', ['scripts/check-deploy.mjs']),
    schemaDrift(databaseUrl ?? ''),
    check('OpenAPI drift', ['scripts/check-openapi.mjs'], env),
    check('docs drift', ['scripts/check-docs.mjs'], env),
    check('the document checks themselves', ['scripts/check-docs-rules.mjs']),
  ];
}

/** What the migrated schema reads like on a server; the same on every version. */
export function schemaDrift(databaseUrl) {
  return check('schema drift', ['scripts/check-schema.mjs'], { TEST_DATABASE_URL: databaseUrl });
}

function check(name, args, env = {}) {
  return {
    name,
    work: async () => {
      const [script, ...rest] = args;
      const result = await run(process.execPath, [join(ROOT, script), ...rest], {
        cwd: ROOT,
        env: { ...process.env, ...env },
      });
      if (result.code !== 0) throw new Refusal(result.output.trim().split('\n').slice(-60).join('\n'));
    },
  };
}
