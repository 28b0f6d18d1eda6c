/**
 * A rule that never fires proves nothing: builds a small tree in which each direction of .dependency-cruiser.cjs is
 * broken once, and one in which none is, and sees the cruiser tell them apart.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, run, say } from './lib/process.mjs';

const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const config = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));

/** Files both trees need so that every import resolves. */
const GROUND = {
  'package.json': '{"type":"module","dependencies":{"typeorm":"1"},"devDependencies":{"jest":"1"}}',
  'node_modules/typeorm/package.json': '{"name":"typeorm","version":"1.0.0","main":"index.js"}',
  'node_modules/typeorm/index.js': 'module.exports = {};',
  'node_modules/jest/package.json': '{"name":"jest","version":"1.0.0","main":"index.js"}',
  'node_modules/jest/index.js': 'module.exports = {};',
  'src/app.module.ts': 'export const app = 1;',
  'src/common/money/index.ts': 'export const fen = 1;',
  'src/common/db/index.ts': 'export const db = 1;',
  'src/claims/index.ts': 'export const claims = 1;',
  'src/ledger/index.ts': 'export const ledger = 1;',
  'src/ledger/ledger.service.ts': 'export const inside = 1;',
  'test/support/helper.ts': 'export const helper = 1;',
};

/** One broken import per rule: [file, imported specifier]. */
const BROKEN = {
  'no-circular': ['src/claims/a.ts', './b.js'],
  'common-knows-no-room': ['src/common/money/rogue.ts', '../../ledger/index.js'],
  'only-through-the-door': ['src/claims/deep.ts', '../ledger/ledger.service.js'],
  'domain-without-framework': ['src/claims/domain/orm.ts', 'typeorm'],
  'domain-without-io': ['src/claims/domain/files.ts', 'node:fs'],
  'domain-sees-only-domain': ['src/claims/domain/database.ts', '../../common/db/index.js'],
  'controllers-use-no-database': ['src/claims/claims.controller.ts', 'typeorm'],
  'nobody-imports-the-wiring': ['src/claims/wiring.ts', '../app.module.js'],
  'nobody-imports-tests': ['src/claims/tests.ts', '../../test/support/helper.js'],
  'not-to-dev-packages': ['src/claims/dev.ts', 'jest'],
  'no-unresolvable': ['src/claims/missing.ts', './nowhere.js'],
};

/** Imports that the rules allow. */
const ALLOWED = {
  'src/claims/claims.service.ts': ['typeorm', '../ledger/index.js', '../common/db/index.js', './domain/rule.js'],
  'src/claims/domain/rule.ts': ['../../common/money/index.js', '../../ledger/index.js'],
  'test/claims.e2e-spec.ts': ['../src/app.module.js', './support/helper.js'],
};

/** Every floor but the highest calls the room above it. */
function brokenFloors() {
  const rules = config.forbidden.filter((rule) => rule.name.startsWith('floor-'));
  return Object.fromEntries(
    rules.map((rule) => {
      const low = firstRoom(rule.from.path);
      const high = firstRoom(rule.to.path);
      return [rule.name, [`src/${low}/up.ts`, `../${high}/index.js`]];
    }),
  );
}

function firstRoom(pattern) {
  return pattern.replace('^src/(', '').split(/[|)]/)[0];
}

function importing(specifiers) {
  return `${specifiers.map((name) => `import '${name}';`).join('\n')}\nexport const x = 1;\n`;
}

async function violationsIn(files) {
  const folder = mkdtempSync(join(tmpdir(), 'tongchou-directions-'));
  try {
    for (const [path, text] of Object.entries({ ...GROUND, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    cpSync(join(ROOT, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
    const args = [CRUISER, 'src', 'test', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    const { output } = await run(process.execPath, args, { cwd: folder });
    const report = JSON.parse(output.slice(output.indexOf('{')));
    return report.summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main() {
  const broken = { ...BROKEN, ...brokenFloors() };
  const faults = config.forbidden
    .filter((rule) => broken[rule.name] === undefined)
    .map((rule) => `${rule.name} has no test`);
  const files = Object.fromEntries(Object.values(broken).map(([file, specifier]) => [file, importing([specifier])]));
  files['src/claims/b.ts'] = importing(['./a.js']);
  for (const [, specifier] of Object.values(brokenFloors())) {
    const door = join('src/x', specifier.replace('.js', '.ts'));
    files[door] ??= importing([]);
  }
  const found = await violationsIn(files);
  for (const [rule, [file]] of Object.entries(broken)) {
    if (!found.includes(`${rule} ${file}`)) faults.push(`${rule} did not fire on ${file}`);
  }
  const allowed = Object.fromEntries(Object.entries(ALLOWED).map(([file, names]) => [file, importing(names)]));
  for (const extra of await violationsIn(allowed)) faults.push(`fired on an allowed import: ${extra}`);
  for (const fault of faults) say(fault);
  say(`${Object.keys(broken).length} direction rules broken on purpose, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

await main();
