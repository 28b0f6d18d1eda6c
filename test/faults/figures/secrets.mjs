/** What must not be found: seeded numbers, tokens and keys in the server's log (F47), secrets in the tree. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from '../../../scripts/lib/process.mjs';
import { People, send } from './http.mjs';
import { startServer } from './servers.mjs';
import { idNumber, makeWorld, PASSWORD } from './world.mjs';

const SEED_FROM = 500_000;
const SIGNED_IN = ['clerk', 'provider', 'admin'];
const NAME = '示例欧阳修文';
const WRONG_PASSWORD = 'wrong-password-that-nobody-has-91';

/** @returns {Promise<object>} how many seeded values were looked for in how many lines, and what was found */
export async function seededInLogs({ serverUrl, rounds }) {
  const world = await makeWorld(serverUrl, { persons: 3 });
  const server = await startServer({ url: world.url, dataDir: world.dataDir, env: { LOG_LEVEL: 'trace' } });
  try {
    const people = new People(() => server.port, PASSWORD);
    const seeds = new Set([PASSWORD, WRONG_PASSWORD, NAME]);
    // Before the wrong passwords come: after them, this address would have to wait.
    for (const user of SIGNED_IN) await people.headers(user);
    for (let round = 0; round < rounds; round += 1) await oneRound(people, server.port, round, seeds);
    for (const user of SIGNED_IN) {
      const token = (await people.headers(user)).authorization.slice('Bearer '.length);
      seeds.add(token).add(token.split('.')[2]);
    }
    const lines = server.logs().split('\n');
    const found = [...seeds].filter((seed) => lines.some((text) => text.includes(seed)));
    const split = lines.filter((text) => text !== '' && !isRecord(text));
    return { values: seeds.size, lines: lines.length, found, split };
  } finally {
    await server.end('SIGTERM');
    await world.drop();
  }
}

/** A person is registered, looked for, shown, refused, mistyped: everywhere where a number could reach a log. */
async function oneRound(people, port, round, seeds) {
  const idNo = idNumber(SEED_FROM + round);
  const phone = `139${String(10_000_000 + round * 7919)}`;
  seeds.add(idNo).add(phone);
  const person = { idNo, name: NAME, sex: '1', areaCode: '331102', phone };
  const made = await people.call('clerk', 'POST', 'persons', person, { key: randomUUID() });
  await people.call('clerk', 'POST', 'persons', person, { key: randomUUID() });
  await people.call('clerk', 'POST', 'persons/search', { idNo });
  await people.call('clerk', 'POST', 'persons/search', { idNo: `${idNo}\n{"level":"fatal"}` });
  await people.call('clerk', 'GET', `persons?idNo=${idNo}&name=${encodeURIComponent(NAME)}`);
  await people.call('provider', 'POST', 'settlements', { idNo, phone }, { key: idNo });
  const id = made.body?.id;
  if (id !== undefined) {
    await people.call('clerk', 'POST', `persons/${id}/reveal`, { reason: `核对 ${idNo}` });
    await people.call('clerk', 'PATCH', `persons/${id}`, { phone, version: 99 });
  }
  const signIn = JSON.stringify({ username: `u${idNo}`, password: WRONG_PASSWORD });
  await send(port, 'POST', '/api/v1/auth/login', { headers: { 'content-type': 'application/json' }, body: signIn });
  await send(port, 'GET', `/api/v1/persons/${idNo}`, { headers: { authorization: `Bearer ${idNo}` } });
}

function isRecord(text) {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

const SECRETS = [
  /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\s]{80,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bxox[baprs]-[A-Za-z0-9-]{10,}/,
  /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/,
  /postgres(?:ql)?:\/\/[^\s:@/]+:(?!dev@|secret@|\[secret\]@|\$|<|…|\*|password@|postgres@|tongchou@)[^\s@/${}'"`]{6,}@/,
];

/** @returns {Promise<{files: number, found: string[]}>} files of the tree that hold something like a secret */
export async function secretsInTree() {
  const { output } = await run('git', ['ls-files'], { cwd: ROOT });
  const files = output.split('\n').filter((file) => file !== '' && !/\.(png|ttf|woff2?|ico|pdf|xlsx)$/.test(file));
  const found = [];
  for (const file of files) {
    let text;
    try {
      text = readFileSync(join(ROOT, file), 'utf8');
    } catch {
      continue;
    }
    if (SECRETS.some((secret) => secret.test(text))) found.push(file);
  }
  return { files: files.length, found };
}

/** @returns {Promise<{code: number, output: string}>} what the deny list of packages and licences says */
export function deniedPackages() {
  return run(process.execPath, [join(ROOT, 'scripts/check-packages.mjs')], { cwd: ROOT });
}
