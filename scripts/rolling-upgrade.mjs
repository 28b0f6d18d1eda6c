/**
 * A rolling upgrade (F42): two versions on one database, under load. The old version is built from git in a folder for
 * temporary files; two of its servers settle bills. The new version migrates beneath them; then each is replaced by a new
 * one: readiness red, drained, ended. No answer may be a 5xx, no confirmed bill may be missing, and reconcile finds nothing.
 *
 *   npm run rolling-upgrade -- --from <git ref>     without --from: the commit in .ci/previous-release
 *
 * Because two releases may have the same schema, a migration that exists in this trial only (`expand`: a table, a column
 * with a default, an index) always runs beneath the old servers. Then one that fails half-way is tried beneath them – at
 * each of its statements – and one that is `contract`, which must be refused while they serve and turns them not ready
 * when it is forced.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { command, isReady, makeRegion, startServerOf, trialEnv } from './lib/node-process.mjs';
import { Refusal, ROOT, run, say, sleep } from './lib/process.mjs';
import { withClient, withScratchDatabase } from './lib/scratch-database.mjs';
import { ensurePackages, ensureServerBuilt } from './lib/setup.mjs';
import { TrialLoad } from './lib/trial-load.mjs';
import { breaking, failing, STATEMENTS, widening } from './lib/trial-migrations.mjs';

const PASSWORD = 'a long password of the upgrade';
const WORKERS = 4;
const DRAIN_MS = '1500';
const COMPILED = ['src', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];
let told = 0;

function mustBe(isSo, what, found = '') {
  if (!isSo) throw new Refusal(`The rolling upgrade failed: ${what} ${JSON.stringify(found)}`);
  told += 1;
  say(`  ✓ ${what}`);
}

async function git(...args) {
  const { code, output } = await run('git', args, { cwd: ROOT });
  return code === 0 ? output.trim() : null;
}

/** The commit that is upgraded from; null when it is not in this clone (a shallow one, for example). */
async function oldCommit() {
  const at = process.argv.indexOf('--from');
  const file = join(ROOT, '.ci', 'previous-release');
  const wanted = at > 0 ? process.argv[at + 1] : existsSync(file) ? readFileSync(file, 'utf8').trim() : 'HEAD';
  return { wanted, commit: await git('rev-parse', '--verify', '--quiet', `${wanted}^{commit}`) };
}

/** The old version's sources, compiled with this clone's packages where their lock file is the same. */
async function buildOld(commit, folder) {
  const root = join(folder, 'old');
  mkdirSync(root);
  const archive = join(folder, 'old.tar');
  if ((await git('archive', '--format=tar', '-o', archive, commit)) === null)
    throw new Refusal(`git archive ${commit} failed`);
  const unpacked = await run('tar', ['-xf', archive, '-C', root]);
  if (unpacked.code !== 0) throw new Refusal(unpacked.output);
  const same =
    readFileSync(join(root, 'package-lock.json'), 'utf8') === readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  if (same) symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  else {
    const installed = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
    if (installed.code !== 0) throw new Refusal(`npm ci of the old version failed:\n${installed.output.slice(-2000)}`);
  }
  // The same sources give the same program; compiling them again would prove nothing.
  if ((await git('diff', '--quiet', commit, '--', ...COMPILED)) !== null) {
    cpSync(join(ROOT, 'dist'), join(root, 'dist'), { recursive: true });
    return root;
  }
  const built = await run(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], {
    cwd: root,
  });
  if (built.code !== 0) throw new Refusal(`the old version does not build:\n${built.output.slice(-3000)}`);
  return root;
}

const { migrateDatabase } = await dataSource();

async function dataSource() {
  await ensurePackages();
  await ensureServerBuilt();
  return import(pathToFileURL(join(ROOT, 'dist', 'data-source.js')).href);
}

/** The program's migrations and these. */
async function migrate(url, more, guardServers = true) {
  const { migrations } = await import(pathToFileURL(join(ROOT, 'dist', 'migrations', 'index.js')).href);
  return migrateDatabase(url, { guardServers, list: [...migrations, ...more] });
}

const messageOf = (work) =>
  work.then(
    () => null,
    (error) => error.message,
  );

/** F40: whatever statement fails, nothing of the migration stays, the old servers serve on, and it can be run again. */
async function failHalfWay(url, servers) {
  for (let at = 1; at <= STATEMENTS; at += 1) {
    const message = await messageOf(migrate(url, [widening, failing(at)]));
    mustBe(message?.includes('injected') === true, `a migration that fails after statement ${at} says so`, message);
    const left = await withClient(url, async (client) => {
      const { rows } = await client.query(
        `SELECT (SELECT count(*)::int FROM schema_migration WHERE name LIKE 'Failing%') AS rows,
                to_regclass('trial_second') AS made`,
      );
      return rows[0];
    });
    mustBe(left.rows === 0 && left.made === null, 'and nothing of it stays', left);
  }
  for (const { url: base } of servers) mustBe(await isReady(base), 'the old servers serve on');
  const done = await migrate(url, [widening, failing(0)]);
  mustBe(done.length === 1, 'once mended it runs', done);
}

async function replace(load, old, startNew) {
  const fresh = await startNew();
  load.add(fresh.url);
  const ending = old.end();
  let red = false;
  for (let tries = 0; tries < 20 && !red; tries += 1) {
    red = !(await isReady(old.url));
    await sleep(50);
  }
  const code = await ending;
  load.remove(old.url);
  mustBe(red && code === 0, 'an old server turned red, drained and ended in order', {
    red,
    code,
    log: old.log().slice(-800),
  });
  return fresh;
}

async function upgrade(oldRoot, url, dataDir) {
  const env = trialEnv(url, dataDir, { DRAIN_MS });
  await command(oldRoot, env, 'migrate');
  const region = await makeRegion(oldRoot, env, 60, PASSWORD);
  const old = [await startServerOf(oldRoot, env), await startServerOf(oldRoot, env)];
  const fresh = [];
  const load = new TrialLoad(region, PASSWORD);
  for (const server of old) load.add(server.url);
  try {
    await load.signIn();
    load.start(WORKERS, 30);
    await sleep(500);
    const ran = await migrate(url, [widening]);
    mustBe(
      ran.at(-1) === 'Widening1799000000001',
      `the new version migrated beneath the old servers: ${ran.join(', ')}`,
    );
    for (const { url: base } of old) mustBe(await isReady(base), 'an old server is ready on the newer schema');
    await failHalfWay(url, old);
    const refused = await messageOf(migrate(url, [widening, failing(0), breaking]));
    mustBe(
      refused?.includes('Stop them first') === true,
      'a contract migration is refused while servers are connected',
      refused,
    );
    for (const server of old) fresh.push(await replace(load, server, () => startServerOf(ROOT, env)));
    await sleep(500);
    await load.stop();
    await examine(load, url, env);
    // The last word: forced, it makes servers that do not know it say so.
    await migrate(url, [widening, failing(0), breaking], false);
    mustBe(
      !(await isReady(fresh[0].url)),
      'a server that does not know a contract migration says that it is not ready',
    );
  } finally {
    for (const server of [...old, ...fresh]) server.kill();
  }
}

async function examine(load, url, env) {
  const { answers, lost } = load.counts;
  const settled = load.settled.size;
  mustBe(
    load.faults.length === 0,
    `${settled} bills settled, no answer but 201 (${lost} sent again)`,
    load.faults.slice(0, 5),
  );
  mustBe(settled > 20 && answers[201] === settled, 'the load was one', answers);
  const stored = await withClient(url, async (client) => {
    const { rows } = await client.query(`SELECT id FROM settlement WHERE kind = 'settlement'`);
    return new Set(rows.map(({ id }) => id));
  });
  mustBe(
    stored.size === settled && [...load.settled].every((id) => stored.has(id)),
    'each confirmed bill is there, once',
  );
  await command(ROOT, env, 'reconcile');
  mustBe(true, 'npm run reconcile finds no difference');
}

try {
  const { wanted, commit } = await oldCommit();
  if (commit === null) {
    say(`SKIPPED: ${wanted} is not in this clone (fetch its history to try the rolling upgrade).`);
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'tongchou-upgrade-'));
    const began = Date.now();
    try {
      say(`Upgrading from ${commit.slice(0, 10)} (${wanted}) …`);
      const oldRoot = await buildOld(commit, folder);
      mkdirSync(join(folder, 'keys'), { mode: 0o700 });
      await withScratchDatabase((url) => upgrade(oldRoot, url, join(folder, 'keys')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    say(`Rolling upgrade: ${told} observations in ${Math.round((Date.now() - began) / 1000)} s.`);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
