/**
 * The test build with failpoints, in dist-faults/: a copy of dist/ whose money paths were compiled again with a failpoint
 * around every wait. dist/ itself is only read.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { TWINS } from './fault-twins.mjs';
import { hashOf, Refusal, ROOT, say } from './process.mjs';

export const FAULT_BUILD = join(ROOT, 'dist-faults');
const SITES = 'failpoint-sites.json';
const RUNTIME = join(ROOT, 'test/faults/runtime/failpoints.mjs');

/** What has failpoints: settlement, advance, clearing, orders, budgets, the books, and the frames they stand in. */
const INSTRUMENTED = [
  /^claims\//,
  /^payment\/(advance|clearing|orders|budget)\//,
  /^payment\/approval-steps\.ts$/,
  /^ledger\//,
  /^identity\/idempotency\.ts$/,
  /^common\/(db|jobs|outbox|locks)\//,
];

export function isInstrumented(file) {
  return INSTRUMENTED.some((rule) => rule.test(file));
}

/** Folder of the build in which a guard was taken out on purpose. */
export function twinFolder(name) {
  return `${FAULT_BUILD}-${name}`;
}

/**
 * Builds dist-faults/ and the broken twins where dist/ or the transformation changed. dist/ must be fresh.
 * @returns {Promise<import('./fault-transform.mjs').Site[]>} every failpoint
 */
export async function ensureFaultBuild() {
  const inputs = ['dist', 'test/faults/runtime', 'scripts/lib/fault-build.mjs', 'scripts/lib/fault-transform.mjs'];
  const digest = hashOf(...[...inputs, 'scripts/lib/fault-twins.mjs', 'src'].map((path) => join(ROOT, path)));
  const mark = join(FAULT_BUILD, '.built-from');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== digest) {
    say('Building the server with failpoints …');
    await build();
    writeFileSync(mark, digest);
  }
  return JSON.parse(readFileSync(join(FAULT_BUILD, SITES), 'utf8'));
}

async function build() {
  const { default: ts } = await import('typescript');
  const { failpointTransformer } = await import('./fault-transform.mjs');
  const program = programOf(ts);
  const checker = program.getTypeChecker();
  const isPromise = (node) => checker.getTypeAtLocation(node).getSymbol()?.name === 'Promise';
  copyBuild(FAULT_BUILD);
  const sites = [];
  for (const source of program.getSourceFiles()) {
    const file = relative(join(ROOT, 'src'), source.fileName);
    if (!isInstrumented(file) || file.endsWith('.spec.ts')) continue;
    const transformer = failpointTransformer({ file, runtime: runtimePath(file), sites, isPromise });
    const write = (path, text) => {
      writeFileSync(join(FAULT_BUILD, relative(join(ROOT, 'dist'), path)), text);
    };
    program.emit(source, write, undefined, false, { before: [transformer] });
  }
  writeFileSync(join(FAULT_BUILD, SITES), `${JSON.stringify(sites, null, 1)}\n`);
  for (const [name, edits] of Object.entries(TWINS)) {
    buildTwin(name, edits, (file, text) => {
      const transformer = failpointTransformer({ file, runtime: runtimePath(file), sites: [], isPromise: () => false });
      const compilerOptions = {
        ...program.getCompilerOptions(),
        module: ts.ModuleKind.ESNext,
        moduleResolution: undefined,
      };
      return ts.transpileModule(text, { compilerOptions, fileName: file, transformers: { before: [transformer] } });
    });
  }
}

function programOf(ts) {
  const config = join(ROOT, 'tsconfig.build.json');
  const { config: read } = ts.readConfigFile(config, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(read, ts.sys, ROOT);
  return ts.createProgram(fileNames, { ...options, outDir: join(ROOT, 'dist') });
}

function copyBuild(folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(ROOT, 'dist'), folder, { recursive: true });
  rmSync(join(folder, '.built-from'), { force: true });
  cpSync(RUNTIME, join(folder, 'failpoints.js'));
}

function runtimePath(file) {
  const path = relative(dirname(file), 'failpoints.js');
  return path.startsWith('.') ? path : `./${path}`;
}

/** A twin is the fault build with one guard taken out. A guard that is not found where it was is an error. */
function buildTwin(name, edits, compile) {
  const folder = twinFolder(name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(FAULT_BUILD, folder, { recursive: true });
  for (const file of new Set(edits.map((edit) => edit.file))) {
    let text = readFileSync(join(ROOT, 'src', file), 'utf8');
    for (const { find, replace } of edits.filter((edit) => edit.file === file)) {
      if (text.split(find).length !== 2) {
        throw new Refusal(`The broken twin "${name}" does not find its guard in ${file}: ${find}`);
      }
      text = text.replace(find, replace);
    }
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), compile(file, text).outputText);
  }
}
