/** A closed loop of HTTP clients over keep-alive connections: each sends its next bill when the last is answered. */
import { randomInt, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { ITEMS, personId, providerId } from './pool.mjs';

const LINES = 10;

export class HttpLoad {
  bills = 0;

  /**
   * @param {{port: number}[]} servers bills go to them in turn
   * @param {{persons: number, providers: number, password: string, today: string}} region
   * @param {number} clients bills under way at any time
   */
  constructor(servers, region, clients) {
    Object.assign(this, { servers, region, clients });
    this.agent = new Agent({ keepAlive: true, maxSockets: clients });
  }

  /**
   * Sends bills for `seconds` and returns what came of it.
   * @param {number} seconds
   * @param {{path: string, status: number}} target where a bill is sent and the answer of a good one
   */
  async run(seconds, { path, status }) {
    await this.signIn();
    const until = performance.now() + seconds * 1000;
    const times = [];
    const failures = [];
    const client = async (index) => {
      const { port } = this.servers[index % this.servers.length];
      while (performance.now() < until) {
        const body = this.bill();
        const start = performance.now();
        const answer = await this.send(port, path, body, { 'idempotency-key': randomUUID() });
        times.push(performance.now() - start);
        if (answer.status !== status) failures.push(`${answer.status} ${answer.text.slice(0, 300)}`);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: this.clients }, (_, index) => client(index)));
    const elapsed = (performance.now() - start) / 1000;
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
    return {
      perSecond: (times.length - failures.length) / elapsed,
      p50: at(0.5),
      p99: at(0.99),
      failed: failures.length,
      firstFailure: failures[0],
    };
  }

  close() {
    this.agent.destroy();
  }

  async signIn() {
    const { port } = this.servers[0];
    const answer = await this.send(
      port,
      '/api/v1/auth/login',
      { username: 'clerk', password: this.region.password },
      {},
    );
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
    this.token = JSON.parse(answer.text).accessToken;
  }

  bill() {
    this.bills += 1;
    const { persons, providers, today } = this.region;
    return {
      billNo: `H${process.pid}-${this.bills}`,
      personId: personId(randomInt(persons) + 1),
      providerId: providerId(randomInt(providers) + 1),
      category: 'inpatient',
      admittedOn: today,
      referral: 'referred',
      mainDiagnosis: 'K80.501',
      lines: Array.from({ length: LINES }, (_, index) => {
        const quantity = randomInt(1, 20);
        return {
          ...{ lineNo: index + 1, itemCode: `X${String(randomInt(ITEMS) + 1).padStart(6, '0')}` },
          ...{ quantity: String(quantity), unitPrice: '12.50', amount: ((quantity * 1250) / 100).toFixed(2) },
        };
      }),
    };
  }

  send(port, path, body, headers) {
    const bytes = Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...{ host: '127.0.0.1', port, path, method: 'POST', agent: this.agent },
          headers: {
            ...{ 'content-type': 'application/json', 'content-length': bytes.length, ...headers },
            ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          },
        },
        (answer) => {
          const parts = [];
          answer.on('data', (part) => parts.push(part));
          answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString('utf8') }));
        },
      );
      call.on('error', reject);
      call.end(bytes);
    });
  }
}
