/**
 * What the failpoints of the test build do (dist-faults/, see scripts/lib/fault-build.mjs). Nothing happens until the
 * parent process arms a fault over IPC: { arm: { site, hit, fault, ms? } } – at the hit-th time that the site is reached
 * ('*' any site, 'claims/*' any site of a folder). Every first hit and every fault is appended to FAULTS_LOG at once, so a SIGKILL loses no line.
 *
 *   throw-before  the work is not begun          throw-after  it is done, its answer is lost to the program
 *   terminate     PostgreSQL ends the session    cut          the socket to PostgreSQL is destroyed
 *   lose-reply    the next statement takes effect on the server, and the connection breaks before its answer
 *   delay         the work begins `ms` later     kill-before, kill-after  SIGKILL of this process
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const AFTER = new Set(['throw-after', 'kill-after']);
const SETTLE_MS = 5;
const LOSE_LIMIT_MS = 2_000;

const hits = new Map();
let armed = [];
let lastClient;
let loseNextReply = false;

/** An error that no part of the program expects. */
export class FaultInjected extends Error {
  constructor(site) {
    super(`fault injected at ${site}`);
    this.name = 'FaultInjected';
  }
}

export async function before(site) {
  count(site);
  if (armed.length === 0) return;
  const fault = take(site, false);
  if (fault !== undefined) await inject(site, fault);
}

export async function after(site, work) {
  const value = await work;
  if (armed.length > 0) {
    const fault = take(site, true);
    if (fault !== undefined) await inject(site, fault);
  }
  return value;
}

export async function* each(site, values) {
  for await (const value of values) {
    await before(site);
    yield value;
  }
}

function count(site) {
  const before = hits.get(site) ?? 0;
  hits.set(site, before + 1);
  if (before === 0) note(`hit ${site}`);
}

function take(site, isAfter) {
  for (const fault of armed) {
    if (AFTER.has(fault.fault) !== isAfter || !matches(fault.site, site)) continue;
    fault.hit -= 1;
    if (fault.hit > 0) continue;
    armed = armed.filter((other) => other !== fault);
    return fault;
  }
  return undefined;
}

function matches(pattern, site) {
  return pattern === '*' || pattern === site || (pattern.endsWith('*') && site.startsWith(pattern.slice(0, -1)));
}

async function inject(site, { fault, ms }) {
  note(`fault ${site} ${fault}`);
  if (fault === 'delay') await sleep(ms ?? 50);
  else if (fault === 'cut') lastClient?.connection.stream.destroy();
  else if (fault === 'lose-reply') loseNextReply = true;
  else if (fault === 'terminate') await terminate(lastClient);
  else if (fault.startsWith('kill')) process.kill(process.pid, 'SIGKILL');
  else throw new FaultInjected(site);
}

function note(line) {
  const file = process.env.FAULTS_LOG;
  if (file !== undefined) appendFileSync(file, `${line}\n`);
}

const query = pg.Client.prototype.query;

pg.Client.prototype.query = function (...args) {
  if (this.isFaultControl === true) return query.apply(this, args);
  lastClient = this;
  if (!loseNextReply) return query.apply(this, args);
  loseNextReply = false;
  this.connection.stream.pause();
  void breakWhenDone(this);
  return query.apply(this, args);
};

/** Waits until the server has done what it was asked, and only then breaks the connection. */
async function breakWhenDone(client) {
  const until = Date.now() + LOSE_LIMIT_MS;
  await sleep(SETTLE_MS);
  await control(async (look) => {
    for (;;) {
      const { rows } = await look.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [client.processID]);
      if (rows[0]?.state !== 'active' || Date.now() > until) return;
      await sleep(SETTLE_MS);
    }
  });
  client.connection.stream.destroy();
}

async function terminate(client) {
  if (client === undefined) return;
  await control((look) => look.query('SELECT pg_terminate_backend($1)', [client.processID]));
  await sleep(SETTLE_MS);
}

async function control(work) {
  const look = new pg.Client({ connectionString: process.env.DATABASE_URL });
  look.isFaultControl = true;
  look.on('error', () => undefined);
  try {
    await look.connect();
    await work(look);
  } catch {
    // The server itself is away: then there is nothing left to break.
  } finally {
    await look.end().catch(() => undefined);
  }
}

process.on('message', ({ id, ask, ...given }) => {
  if (ask === 'arm') armed.push(given.fault);
  const left = armed.length;
  if (ask === 'disarm') {
    armed = [];
    loseNextReply = false;
  }
  process.send?.({ id, left, hits: ask === 'hits' ? Object.fromEntries(hits) : undefined });
  if (ask === 'hits') hits.clear();
});
process.channel?.unref();
