/**
 * The directions of docs/architecture.md. `scripts/check-direction-rules.mjs` breaks each rule on purpose and sees it fail.
 */

/** Floors, lowest first. A room may call the door of a lower room; rooms of one floor know each other through doors, never in a circle. */
const FLOORS = [
  ['identity', 'approvals', 'documents', 'ledger', 'catalogue'],
  ['enrollment', 'providers'],
  ['funding', 'referrals', 'benefits'],
  ['exchange', 'claims'],
  ['payment', 'supervision'],
  ['inspection'],
  ['reporting', 'workbench', 'audit'],
  ['gateway', 'demo', 'operations'],
];

const ROOMS = FLOORS.flat().join('|');
const FRAMEWORK = '^node_modules/(@nestjs|typeorm|pg|pg-copy-streams|fastify|@fastify|nestjs-cls|pino|rxjs)(/|$)';
/** Files that wire the rooms together and may therefore see all of them. */
const WIRING = ['^src/[^/]+\\.ts$', '^src/cli/'];

/** No room of a floor may call a room of a higher one. */
const floorRules = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `floor-${index + 1}-calls-no-upper-floor`,
  comment: `${floor.join(', ')} must not know the rooms above; what would go up is an event in the outbox.`,
  severity: 'error',
  from: { path: `^src/(${floor.join('|')})/` },
  to: {
    path: `^src/(${FLOORS.slice(index + 1)
      .flat()
      .join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or miss a third one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'common-knows-no-room',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { path: '^src/', pathNot: '^src/common/' },
    },
    {
      name: 'only-through-the-door',
      comment: 'Another room is entered through its index.ts and nowhere else.',
      severity: 'error',
      from: { path: `^src/(${ROOMS})/` },
      to: { path: `^src/(${ROOMS})/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'domain-without-framework',
      comment: 'Rules are pure: no Nest, no ORM, no driver, no HTTP.',
      severity: 'error',
      from: { path: '/domain/' },
      to: { path: FRAMEWORK },
    },
    {
      name: 'domain-without-io',
      comment: 'Rules do no input or output and take no chance.',
      severity: 'error',
      from: { path: '/domain/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-sees-only-domain',
      comment: 'A rule sees rules: its own, and the types and rules of lower rooms through their door.',
      severity: 'error',
      from: { path: '^src/(.+)/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^src/',
        pathNot: [
          '/domain/',
          '^src/common/(money|time|policy|errors)/',
          '/errors\\.ts$',
          `^src/(${ROOMS})/index\\.ts$`,
        ],
      },
    },
    {
      name: 'controllers-use-no-database',
      comment: 'A controller translates HTTP; the use case behind it talks to the database.',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '^node_modules/(typeorm|pg|pg-copy-streams|@nestjs/typeorm)(/|$)' },
    },
    {
      name: 'nobody-imports-the-wiring',
      comment: 'main, app.module, cli and data-source know the rooms; the rooms do not know them.',
      severity: 'error',
      from: { path: '^src/', pathNot: WIRING },
      to: { path: WIRING },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^test/', '\\.spec\\.ts$'] },
    },
    {
      name: 'not-to-dev-packages',
      comment: 'What runs in production is a dependency, not a devDependency.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...floorRules,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|console)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
