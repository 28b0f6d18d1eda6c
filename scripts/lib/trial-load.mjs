/**
 * Hospitals that send bills: a client that knows several servers, keeps its connections, asks readiness as a load
 * balancer does and sends a bill elsewhere – under the same idempotency key – when a connection failed.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { sleep } from './process.mjs';

const PROBE_MS = 200;
const LAST_TRY_MS = 20_000;

export class TrialLoad {
  /** Answers by status; `lost` are connections that failed (the bill was sent again). */
  counts = { answers: {}, lost: 0 };
  /** Ids of settlements that were confirmed. */
  settled = new Set();
  /** Base URLs, and whether each says that it is ready. */
  servers = new Map();
  faults = [];
  #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  #running = false;
  #workers = [];
  #turn = 0;
  #bill = 0;

  /** @param {{persons: string[]}} region as `trial-region.mjs` printed it */
  constructor(region, password) {
    this.region = region;
    this.password = password;
    this.run = randomUUID().slice(0, 8);
  }

  add(baseUrl) {
    this.servers.set(baseUrl, true);
  }

  remove(baseUrl) {
    this.servers.delete(baseUrl);
  }

  async signIn() {
    const [server] = this.servers.keys();
    const { status, body } = await this.#send(server, 'POST', '/api/v1/auth/login', {
      body: { username: 'provider', password: this.password },
    });
    if (status !== 200) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`);
    this.token = body.accessToken;
  }

  /** Settles one bill, wherever it is taken. */
  async settle() {
    const number = (this.#bill += 1);
    const bill = billOf(this.region.persons[number % this.region.persons.length], `${this.run}-${number}`);
    const headers = { authorization: `Bearer ${this.token}`, 'idempotency-key': `${this.run}-${number}` };
    const deadline = Date.now() + LAST_TRY_MS;
    for (;;) {
      const server = this.#next();
      try {
        const { status, body } = await this.#send(server, 'POST', '/api/v1/settlements', { body: bill, headers });
        this.counts.answers[status] = (this.counts.answers[status] ?? 0) + 1;
        if (status === 201) this.settled.add(body.id);
        else this.faults.push(`${server} ${status} ${body.code}`);
        return;
      } catch (error) {
        this.counts.lost += 1;
        if (Date.now() > deadline) throw error;
        await sleep(20);
      }
    }
  }

  async settleMany(count) {
    for (let n = 0; n < count; n += 1) await this.settle();
  }

  /** `workers` clients one bill after the other, until `stop`. */
  start(workers, pauseMs) {
    this.#running = true;
    const work = async () => {
      while (this.#running) {
        await this.settle();
        await sleep(pauseMs);
      }
    };
    const probe = async () => {
      while (this.#running) {
        for (const server of this.servers.keys()) {
          const ready = await this.#send(server, 'GET', '/api/health/ready').then(
            ({ status }) => status === 200,
            () => false,
          );
          if (this.servers.has(server)) this.servers.set(server, ready);
        }
        await sleep(PROBE_MS);
      }
    };
    this.#workers = [...Array.from({ length: workers }, work), probe()];
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#workers);
    this.#agent.destroy();
  }

  /** The next server that said it is ready, or, when none did, any. */
  #next() {
    const ready = [...this.servers].filter(([, isReady]) => isReady).map(([server]) => server);
    const choice = ready.length > 0 ? ready : [...this.servers.keys()];
    this.#turn += 1;
    return choice[this.#turn % choice.length];
  }

  #send(server, method, path, { body, headers = {} } = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const json =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return new Promise((done, fail) => {
      const sent = request(
        `${server}${path}`,
        { method, agent: this.#agent, headers: { ...json, ...headers } },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', fail);
          response.on('end', () =>
            done({ status: response.statusCode, body: parsed(Buffer.concat(chunks).toString()) }),
          );
        },
      );
      sent.on('error', fail);
      sent.end(text);
    });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

function billOf(personId, billNo) {
  const day = new Date().toISOString().slice(0, 10);
  const start = `${day.slice(0, 8)}01`;
  return {
    ...{ billNo, personId, category: 'inpatient', admittedOn: start, dischargedOn: day, referral: 'referred' },
    lines: [
      { lineNo: 1, itemCode: 'XA001', quantity: '10', unitPrice: '100.00', amount: '1000.00' },
      { lineNo: 2, itemCode: 'SA001', quantity: '7', unitPrice: '80.00', amount: '560.00' },
    ],
  };
}
