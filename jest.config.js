/**
 * Jest runs the TypeScript sources as ES modules (Nest 12 is ESM only), compiled by SWC.
 *
 * `npm test` prepares the databases and the browser and then calls this; for one file use
 * `node scripts/test.mjs --only unit -- <jest arguments>`.
 */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  injectGlobals: false,
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^content-disposition$': '<rootDir>/test/support/content-disposition.cjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/dist-faults.*/', '<rootDir>/console/', '<rootDir>/.data/'],
  transform: { '^.+\\.ts$': swc },
};

/** Projects whose tests use PostgreSQL: each Jest worker owns a database cloned from the migrated template. */
const withDatabase = {
  ...base,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  setupFiles: ['<rootDir>/test/support/env-per-worker.ts'],
};

export default {
  maxWorkers: 2,
  // A guard against what hangs, not a measure of speed: a busy machine is five times slower.
  testTimeout: 30_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/scenarios/**/*.spec.ts'],
    },
    { ...withDatabase, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
    {
      ...withDatabase,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.browser-spec.ts'],
    },
    {
      ...withDatabase,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'],
    },
  ],
};
