/** Honest users while others abuse the server (F36): slow requests that never end, and bodies that are refused. */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { People, send } from './http.mjs';
import { startServer } from './servers.mjs';
import { makeWorld, PASSWORD } from './world.mjs';

const ATTACK_PAUSE_MS = 50;
const HONEST_PAUSE_MS = 5;
const DEEP = Buffer.from('['.repeat(9_000));
const LARGE = Buffer.from(`"${'x'.repeat(1_000_000)}"`);

/**
 * @returns {Promise<{calmMs: number, abusedMs: number, slow: number, refused: number, wrong: string[]}>} the 95th
 *   percentile of an honest user's answers without and with `sockets` slow connections and a stream of hostile bodies
 */
export async function underAbuse({ serverUrl, sockets, seconds }) {
  const world = await makeWorld(serverUrl, { persons: 3 });
  const server = await startServer({ url: world.url, dataDir: world.dataDir });
  const slow = [];
  try {
    const people = new People(() => server.port, PASSWORD);
    const headers = await people.headers('clerk');
    await honest(server.port, headers, 1);
    const calm = await honest(server.port, headers, seconds);
    for (let n = 0; n < sockets; n += 1) slow.push(slowSocket(server.port));
    const attack = { on: true, refused: 0 };
    const attacking = hostileStream(server.port, attack);
    const abused = await honest(server.port, headers, seconds);
    attack.on = false;
    await attacking;
    const open = slow.filter((socket) => !socket.destroyed).length;
    return {
      calmMs: calm.p95,
      abusedMs: abused.p95,
      slow: open,
      refused: attack.refused,
      wrong: [...calm.wrong, ...abused.wrong],
    };
  } finally {
    for (const socket of slow) socket.destroy();
    await server.end('SIGKILL');
    await world.drop();
  }
}

/** One user who asks, reads the answer, and asks again. */
async function honest(port, headers, seconds) {
  const times = [];
  const wrong = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const began = performance.now();
    const { status, text } = await send(port, 'GET', '/api/v1/institutions?limit=20', { headers });
    times.push(performance.now() - began);
    if (status !== 200) wrong.push(`an honest user was answered ${status} ${text.slice(0, 100)}`);
    await sleep(HONEST_PAUSE_MS);
  }
  times.sort((one, other) => one - other);
  return { p95: times[Math.floor(times.length * 0.95)] ?? 0, wrong };
}

/** A request whose headers never end. */
function slowSocket(port) {
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('GET /api/v1/areas HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const drip = setInterval(() => socket.write('a'), 2_000);
    socket.on('close', () => clearInterval(drip));
  });
  socket.on('error', () => undefined);
  return socket;
}

async function hostileStream(port, attack) {
  const headers = { 'content-type': 'application/json' };
  while (attack.on) {
    for (const body of [DEEP, LARGE]) {
      const { status } = await send(port, 'POST', '/api/v1/auth/refresh', { headers, body });
      if (status >= 400 && status < 500) attack.refused += 1;
    }
    await sleep(ATTACK_PAUSE_MS);
  }
}
