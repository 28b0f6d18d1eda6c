/** Requests that are too deep, too large or too long (F22, F23), and a server without a free connection (F37). */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { onServer } from './databases.mjs';
import { People, send } from './http.mjs';
import { startServer } from './servers.mjs';
import { calendar, line, makeWorld, PASSWORD } from './world.mjs';

const PROBE = join(ROOT, 'test/faults/figures/probe.mjs');
const BOMB_BYTES = 200 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

/** Resident memory of a process at its highest, in MB. */
function peakMb(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function onOneServer(serverUrl, env, work) {
  const world = await makeWorld(serverUrl, { persons: 8 });
  const server = await startServer({ url: world.url, dataDir: world.dataDir, env, preload: PROBE });
  try {
    return await work({ world, server, people: new People(() => server.port, PASSWORD) });
  } finally {
    await server.end('SIGTERM');
    await world.drop();
  }
}

/** @returns {Promise<object>} what each of them was answered, and by how many MB the server's memory grew at most */
export async function oversized({ serverUrl }) {
  const bomb = gzipSync(Buffer.alloc(BOMB_BYTES));
  return onOneServer(serverUrl, {}, async ({ server, people }) => {
    const authorization = (await people.headers('clerk')).authorization;
    const login = '/api/v1/auth/login';
    const before = peakMb(server.pid);
    const upload = multipart(bomb);
    const deep = (text) => ['POST', login, JSON_TYPE, Buffer.from(text)];
    const asked = {
      '2 000 nested brackets': [deep('['.repeat(2_000)), [400]],
      '9 000 nested objects': [deep('{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)), [400]],
      'a body of 5 MB': [deep(`"${'x'.repeat(5_000_000)}"`), [413]],
      [`${Math.round(bomb.length / 1000)} KB that inflate to 200 MB`]: [
        ['POST', login, { ...JSON_TYPE, 'content-encoding': 'gzip' }, bomb],
        [413, 415],
      ],
      'the same as an uploaded workbook': [
        [
          'POST',
          '/api/v1/discharge-imports',
          { authorization, 'content-type': upload.type, 'idempotency-key': 'bomb' },
          upload.body,
        ],
        [400, 413, 415, 422],
      ],
      'a header of 20 KB': [['GET', '/api/health/live', { 'x-long': 'a'.repeat(20_000) }], [431]],
      'an address of 20 KB': [
        ['GET', `/api/v1/areas?q=${'a'.repeat(20_000)}`, {}],
        [414, 431],
      ],
    };
    const answers = {};
    const wrong = [];
    for (const [name, [[method, path, headers, body], expected]] of Object.entries(asked)) {
      const { status, text } = await send(server.port, method, path, { headers, body });
      answers[name] = status;
      if (!expected.includes(status)) wrong.push(`${name}: ${status} ${text.slice(0, 200)}`);
    }
    return { answers, wrong, grownMb: peakMb(server.pid) - before };
  });
}

function multipart(content) {
  const name = 'Content-Disposition: form-data; name="file"; filename="bomb.xlsx"';
  const body = Buffer.concat([Buffer.from(`--x\r\n${name}\r\n\r\n`), content, Buffer.from('\r\n--x--\r\n')]);
  return { type: 'multipart/form-data; boundary=x', body };
}

/** @returns {Promise<object>} seconds and the longest standstill of the event loop for a bill of `lines` lines, and the answer above the limit */
export async function longBill({ serverUrl, lines }) {
  const { today } = await calendar();
  return onOneServer(serverUrl, {}, async ({ world, server, people }) => {
    const bill = (personId, count) => ({
      ...{ billNo: randomUUID().slice(0, 18), personId, category: 'inpatient', referral: 'referred' },
      ...{ admittedOn: today, dischargedOn: today },
      lines: Array.from({ length: count }, (_, index) =>
        line(index + 1, ['XA001', 'XB001', 'SA001'][index % 3], 1, 1_000 + index),
      ),
    });
    const settle = (personId, count) =>
      people.call('provider', 'POST', 'settlements', bill(personId, count), { key: randomUUID() });
    // The first bill compiles what the second one is measured with.
    await settle(world.persons[0], 500);
    await server.ask('reset');
    const began = performance.now();
    const answer = await settle(world.persons[1], lines);
    const seconds = (performance.now() - began) / 1000;
    const { lagMs } = await server.ask('lag');
    const above = await settle(world.persons[2], lines + 1);
    const stored = await world.query('SELECT count(*)::int AS n FROM claim_line WHERE settlement_id = $1', [
      answer.body?.id ?? null,
    ]);
    return {
      lines,
      status: answer.status,
      stored: stored[0].n,
      seconds,
      lagMs,
      above: above.status,
      text: answer.text.slice(0, 200),
    };
  });
}

/** @returns {Promise<object>} how long a request waits when every connection is taken, and how long until all is well again */
export async function exhaustedPool({ serverUrl }) {
  const size = 3;
  return onOneServer(
    serverUrl,
    { DB_POOL: String(size), ACTOR_CACHE_MS: '0', DB_WAIT_MS: '1000' },
    async ({ world, server, people }) => {
      const headers = await people.headers('clerk');
      const areas = () => send(server.port, 'GET', '/api/v1/areas', { headers });
      const first = await areas();
      const answers = [];
      await onServer(world.url, async (client) => {
        // Whoever reads institutions now waits for this lock, with a connection in hand.
        await client.query('BEGIN; LOCK TABLE institution IN ACCESS EXCLUSIVE MODE');
        const held = Array.from({ length: size }, () => send(server.port, 'GET', '/api/v1/institutions', { headers }));
        await sleep(300);
        for (let n = 0; n < 3; n += 1) {
          const began = performance.now();
          const { status, headers: given } = await areas();
          answers.push({ status, retry: given['retry-after'] !== undefined, ms: performance.now() - began });
        }
        await client.query('ROLLBACK');
        await Promise.all(held);
      });
      const began = performance.now();
      while ((await areas()).status !== 200) await sleep(20);
      return { first: first.status, answers, recoveredMs: performance.now() - began };
    },
  );
}
