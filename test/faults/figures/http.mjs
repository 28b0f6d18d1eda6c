/** A client as a hospital's system is one: it keeps connections, tries again with the same key, and remembers answers. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_LIMIT_MS = 20_000;
const SIGN_IN_AGAIN_MS = 480_000;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/**
 * One request, no repair, no retry.
 * @returns {Promise<{status: number, headers: object, text: string}>} status 0 when no answer came, `text` then says why
 */
export function send(port, method, path, { headers = {}, body, limitMs = ANSWER_LIMIT_MS } = {}) {
  return new Promise((done) => {
    const given = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { host: '127.0.0.1', port, method, path, agent, headers: { ...given, ...headers } };
    let sent;
    try {
      sent = request(options, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', (error) => done({ status: 0, headers: {}, text: error.message }));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          done({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      });
    } catch (error) {
      done({ status: 0, headers: {}, text: error.message });
      return;
    }
    sent.setTimeout(limitMs, () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error) => done({ status: 0, headers: {}, text: error.message }));
    sent.end(body);
  });
}

/** Ends the connections that nobody uses any more. */
export function hangUp() {
  agent.destroy();
}

/** The people of the bureau and of a hospital on any of several servers. */
export class People {
  #tokens = new Map();

  /** @param {() => number} port the server to talk to next */
  constructor(port, password) {
    this.port = port;
    this.password = password;
  }

  /** Headers of somebody who is signed in; signs in where needed, again before the token is too old. */
  async headers(username) {
    const known = this.#tokens.get(username);
    if (known !== undefined && Date.now() - known.at < SIGN_IN_AGAIN_MS) return known.headers;
    const headers = this.#signIn(username);
    this.#tokens.set(username, { at: Date.now(), headers });
    return headers;
  }

  /** As after a token was refused. */
  forget(username) {
    this.#tokens.delete(username);
  }

  async #signIn(username) {
    const body = JSON.stringify({ username, password: this.password });
    let last;
    for (let attempt = 0; attempt < 600; attempt += 1) {
      last = await send(this.port(), 'POST', '/api/v1/auth/login', {
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (last.status === 200) {
        return { authorization: `Bearer ${JSON.parse(last.text).accessToken}`, 'content-type': 'application/json' };
      }
      await sleep(250);
    }
    this.#tokens.delete(username);
    throw new Error(`${username} cannot sign in: ${last.status} ${last.text}`);
  }

  /** One call in somebody's name, parsed; status 0 when no answer came. */
  async call(username, method, path, body, { key, port = this.port(), limitMs } = {}) {
    const headers = { ...(await this.headers(username)), ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(port, method, `/api/v1/${path}`, { headers, body: text, limitMs });
    if (answer.status === 401) this.forget(username);
    return { ...answer, body: parsed(answer.text) };
  }

  /** As `call`; throws unless the status is one of those expected. */
  async must(username, method, path, body, { key, expect = [200, 201, 204] } = {}) {
    const answer = await this.call(username, method, path, body, { key });
    if (expect.includes(answer.status)) return answer.body;
    throw new Error(`${method} ${path} as ${username}: ${answer.status} ${answer.text.slice(0, 500)}`);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
