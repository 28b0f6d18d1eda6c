/**
 * Tries the image as far as that goes without a container engine: lays a folder out as deploy/Dockerfile says, makes a
 * database's owner, migrations and server login as deploy/compose.yaml does, starts two servers by the image's CMD as a
 * user that is not root, puts Debian's nginx with the shipped configuration and a self-signed certificate in front,
 * signs in over HTTPS and looks at what comes back.
 *
 *   node scripts/image-trial.mjs             with the packages and builds of this clone (seconds)
 *   node scripts/image-trial.mjs --install   runs every RUN of the Dockerfile: npm ci twice, both builds (minutes)
 *
 * TEST_DATABASE_URL names a PostgreSQL server; without it the embedded one is used. The exit code is 0 when all is well.
 */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { ensureDebian } from './lib/debian.mjs';
import { https, plainHttp, refusesOldTls } from './lib/https.mjs';
import { assembleImage } from './lib/image.mjs';
import { startNginx } from './lib/nginx.mjs';
import { freePort, Refusal, ROOT, run, say, sleep } from './lib/process.mjs';
import { withClient, withScratchDatabase } from './lib/scratch-database.mjs';
import { ensureConsoleBuilt, ensurePackages, ensureServerBuilt } from './lib/setup.mjs';
import { unprivileged } from './lib/unprivileged.mjs';

const PASSWORD = 'a long password of the trial 9';
const CLIENT = '127.0.0.2';
const READY_LIMIT_MS = 30_000;
let told = 0;

function expect(what, isSo, found = '') {
  if (!isSo) throw new Refusal(`not so: ${what} ${typeof found === 'string' ? found : JSON.stringify(found)}`);
  told += 1;
  say(`  ✓ ${what}`);
}

/** Secrets as the compose file mounts them: one file each, and no value in any environment. */
function writeSecrets(folder, owner, ownerUrl, login) {
  const server = new URL(ownerUrl);
  server.username = login;
  server.password = randomBytes(24).toString('hex');
  const files = {};
  for (const [name, value] of Object.entries({ owner_url: ownerUrl, server_url: server.href })) {
    files[name] = join(folder, name);
    writeFileSync(files[name], `${value}\n`, { mode: 0o400 });
    if (owner.uid !== undefined) chownSync(files[name], owner.uid, owner.gid);
  }
  return files;
}

async function command(image, owner, env, args) {
  const result = await run(process.execPath, args, { ...owner, cwd: image.app, env });
  if (result.code !== 0) throw new Refusal(`${args.join(' ')} failed:\n${result.output}`);
  return result.output;
}

function startServer(image, owner, env) {
  const [, ...args] = image.command;
  const child = spawn(process.execPath, args, { ...owner, cwd: image.app, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  child.stdout.on('data', (chunk) => lines.push(chunk));
  child.stderr.on('data', (chunk) => lines.push(chunk));
  const ended = new Promise((done) => child.on('close', done));
  return { child, ended, log: () => Buffer.concat(lines).toString() };
}

async function healthy(image, owner, env, server) {
  const [, ...args] = image.healthcheck;
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const { code } = await run(process.execPath, args, { ...owner, cwd: image.app, env });
    if (code === 0) return;
    if (Date.now() > deadline || server.child.exitCode !== null)
      throw new Refusal(`the server did not become healthy:\n${server.log().slice(-3000)}`);
    await sleep(200);
  }
}

async function lookAtTheEdge(ports, certificate) {
  const page = await https(ports, certificate, { path: '/' });
  expect('the console comes over HTTPS with its own policy', page.status === 200 && /nonce-/.test(page.csp), page);
  expect('TLS 1.3 is spoken', page.protocol === 'TLSv1.3', page.protocol);
  expect('TLS 1.1 is refused', await refusesOldTls(ports.https, certificate));
  for (const path of ['/', '/api/health/live', '/api/v1/nowhere', '/api/metrics']) {
    const { hsts } = await https(ports, certificate, { path });
    expect(`HSTS stands once on ${path}`, hsts === 'max-age=31536000; includeSubDomains', String(hsts));
  }
  expect('metrics stay inside', (await https(ports, certificate, { path: '/api/metrics' })).status === 404);
  const plain = await plainHttp(ports.http, '/somewhere');
  expect('plain HTTP is sent to HTTPS', plain.status === 308 && plain.location?.startsWith('https://'), plain);
}

async function signIn(ports, certificate, token) {
  const send = (path, body, headers = {}) =>
    https(ports, certificate, { path: `/api/v1/auth/${path}`, method: 'POST', body, headers, from: CLIENT });
  const account = { username: 'first-admin', displayName: '首位管理员', password: PASSWORD };
  const made = await send('bootstrap', { token, ...account });
  expect('the one-time token makes the first administrator', made.status < 300, made.body);
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  const { status, body } = await send('login', { username: account.username, password: PASSWORD }, forged);
  expect('who signs in over HTTPS gets a token', status === 200 && typeof body.accessToken === 'string', body);
  return body.accessToken;
}

async function trial(folder, ownerUrl, install) {
  const owner = await unprivileged();
  const image = await assembleImage(join(folder, 'image'), { install });
  expect('the image does not run as root', image.user !== 'root' && image.user !== '0', image.user);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (owner.uid !== undefined) chownSync(data, owner.uid, owner.gid);
  const login = `tongchou_trial_${process.pid}`;
  const files = writeSecrets(folder, owner, ownerUrl, login);
  const base = {
    ...{
      PATH: process.env.PATH,
      ...image.env,
      DATA_DIR: data,
      SECOND_FACTOR: 'optional',
      TRUSTED_PROXIES: '127.0.0.1',
    },
    DATABASE_URL_FILE: files.server_url,
  };
  const asOwner = { ...base, MIGRATE_DATABASE_URL_FILE: files.owner_url };
  const servers = [];
  let proxy;
  try {
    await command(image, owner, asOwner, ['dist/cli.js', 'migrate']);
    await command(image, owner, asOwner, ['dist/cli.js', 'server-login']);
    const printed = await command(image, owner, { ...base, LOG_LEVEL: 'error' }, ['dist/cli.js', 'bootstrap-admin']);
    const upstreams = [];
    for (let n = 0; n < 2; n += 1) {
      const env = { ...base, PORT: String(await freePort()), HOST: '127.0.0.1' };
      servers.push(startServer(image, owner, env));
      await healthy(image, owner, env, servers[n]);
      upstreams.push(`127.0.0.1:${env.PORT}`);
    }
    expect('two servers are healthy by the image’s own check', true);
    const ports = { http: await freePort(), https: await freePort() };
    const text = readFileSync(join(ROOT, 'deploy/nginx/nginx.conf'), 'utf8');
    proxy = await startNginx(folder, text, { ...ports, upstreams, owner });
    await lookAtTheEdge(ports, proxy.certificate);
    const token = await signIn(ports, proxy.certificate, /^ {2}admin +(\S+)/m.exec(printed)?.[1]);
    const headers = { authorization: `Bearer ${token}` };
    const answers = [];
    for (let n = 0; n < 6; n += 1)
      answers.push(await https(ports, proxy.certificate, { path: '/api/v1/auth/me', headers }));
    expect(
      'both servers know the token',
      answers.every(({ status }) => status === 200),
      answers.map((a) => a.status),
    );
    lookAtLogs(servers, proxy);
    await endAll(servers);
  } finally {
    for (const { child } of servers) child.kill('SIGKILL');
    await proxy?.stop();
    await withClient(ownerUrl, async (client) => {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [login]);
      if (rowCount === 1) await client.query(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
    });
  }
}

function lookAtLogs(servers, proxy) {
  const lines = servers
    .flatMap(({ log }) => log().split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const login = lines.find(({ route }) => route === '/api/v1/auth/login');
  expect('the server sees the client’s address, not the proxy’s and not a forged one', login?.ip === CLIENT, login);
  expect('the trace of an outsider is not taken over', !login.traceId.startsWith('4bf92f35'), login.traceId);
  const served = servers.filter(({ log }) => log().includes('"/api/v1/auth/me"')).length;
  expect('both servers had their share', served === 2, String(served));
  const access = proxy.accessLog();
  expect(
    'the proxy’s log has the trace id and no query',
    access.includes(login.traceId) && !access.includes('?'),
    access,
  );
}

async function endAll(servers) {
  for (const { child } of servers) child.kill('SIGTERM');
  const codes = await Promise.all(servers.map(({ ended }) => ended));
  expect(
    'both end in order when told to',
    codes.every((code) => code === 0),
    codes,
  );
}

try {
  const install = process.argv.includes('--install');
  if (!(await ensureDebian(['nginx-light', 'openssl'], ['nginx', 'openssl']))) {
    say('SKIPPED: the image is not tried, no nginx was found and none could be installed.');
  } else {
    await ensurePackages();
    if (!install) {
      await ensureServerBuilt();
      await ensureConsoleBuilt();
    }
    const folder = mkdtempSync(join(tmpdir(), 'tongchou-image-'));
    chmodSync(folder, 0o777);
    try {
      await withScratchDatabase((url) => trial(folder, url, install));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    say(`The image serves: ${told} observations.`);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  say(error.message);
  process.exitCode = 1;
}
