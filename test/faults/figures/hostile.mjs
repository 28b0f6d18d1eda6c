/**
 * Hostile requests over every endpoint of the API description: bodies that are nearly right, wrong in one place, wrong
 * altogether, or no text at all; hostile path segments, queries, media types and keys. Nothing may be answered with 5xx.
 */
import { diceOf } from './dice.mjs';
import { People, send } from './http.mjs';
import { startServer } from './servers.mjs';
import { makeWorld, PASSWORD } from './world.mjs';

const AT_ONCE = 16;
const SOME_ID = '01900000-0000-7000-8000-0000000000ff';
/**
 * The doors: what is tried there ends the sessions that other requests use, or makes accounts and the address rest. So they
 * are attacked last, with the tokens that are left, and their 401 and 429 are answers like others.
 */
const DOORS =
  /\/auth\/(logout|login|refresh|bootstrap|activate|proof|password|second-factor|totp|recovery|sessions)|\/sessions/;
/** One in so many requests goes to a door; each wrong password costs the server a slow hash. */
const DOOR_SHARE = 50;
const USERS = ['clerk', 'reviewer', 'approver', 'inspector', 'auditor', 'provider', 'admin'];

const VALUES = [
  ...[null, true, 0, -1, 1.5, 999_999_999_999_999, '', ' ', '0', '-0.01', '1e9', '99999999999999999999', 'NaN'],
  ...["' OR '1'='1", '"; DROP TABLE app_user; --', '../../etc/passwd', '%00', '\u202Ereversed', '𠮷䶮', 'e\u0301'],
  ...['x'.repeat(10_000), '2026-02-30', '2026-13', '0000-00-00', '9999-12-31', SOME_ID, [], [[]], {}, { a: { b: {} } }],
  ...[[null], Array(50).fill('x'), '<script>alert(1)</script>', '=cmd|calc', '${7*7}', '331100', '310', '1.005'],
  ...['\uFEFF', '٣', '１２', '0x10', '+1.00', '1,00', 'Infinity', '-9223372036854775809', '9223372036854775808.00'],
];
const RAW = [
  ...['{', '}', '[', '{"a"}', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '"\\ud800"'],
  ...['"\\u0000"', '1e400', '0x10', 'undefined', '[1.00000000000000001]', '['.repeat(2_000), '{"a":'.repeat(2_000)],
  ...['\uFEFF{}', 'a=b&c=d', '<xml/>', 'null', '"x"', '[]', '[{}]'],
].map((text) => Buffer.from(text));
const BYTES = [Buffer.from([0xff, 0xfe, 0]), Buffer.from([0x22, 0xc0, 0xee, 0x22]), Buffer.alloc(3)];
const TYPES = [
  ...['application/json; charset=gbk', 'text/xml', 'text/plain', 'application/x-www-form-urlencoded', 'nonsense', ''],
  ...['multipart/form-data', 'multipart/form-data; boundary=x', 'application/json, text/plain', 'application/json;'],
];
const SEGMENTS = [
  ...[SOME_ID, SOME_ID, 'x', '%00', '%ff', '%E0%A4%A', '%', '..%2f..', "'--", '%F0%A0%AE%B7', '0', '-1', 'null'],
  ...['a'.repeat(90), 'a'.repeat(400), '%0d%0aSet-Cookie:x=1', '*', ':id'],
];
const QUERY_VALUES = [
  ...[
    '',
    '0',
    '-1',
    '1e9',
    '999999999',
    'x',
    'W10',
    'WyJcdTAwMDAiXQ',
    '2026-99',
    '%',
    '%00',
    '%E0%A4%A',
    'a'.repeat(3_000),
  ],
  ...['%F0%A0%AE%B7', '2026-10', '310', SOME_ID, '%27%20OR%201=1', '1&limit=2', '[]', '{}'],
];

/** @returns {Promise<object>} answers by status, endpoints reached, answers of 500 and above */
export async function hostileRequests({ serverUrl, requests, seed }) {
  const world = await makeWorld(serverUrl, { persons: 5, hospitals: 1 });
  const server = await startServer({ url: world.url, dataDir: world.dataDir, env: { LOG_LEVEL: 'silent' } });
  try {
    const people = new People(() => server.port, PASSWORD);
    const description = JSON.parse((await send(server.port, 'GET', '/api/openapi.json')).text);
    const dice = diceOf(seed);
    const rooms = new Generator(description, dice, world, (path) => !DOORS.test(path));
    const doors = new Generator(description, dice, world, (path) => DOORS.test(path));
    const inside = await attack(rooms, people, server, requests);
    const tokens = new Map();
    for (const user of USERS) tokens.set(user, await people.headers(user));
    const leftOver = { headers: (user) => Promise.resolve(tokens.get(user)), forget: () => undefined };
    const outside = await attack(doors, leftOver, server, Math.ceil(requests / DOOR_SHARE));
    return told(inside, outside, rooms.operations.length + doors.operations.length);
  } finally {
    await server.end('SIGTERM');
    await world.drop();
  }
}

async function attack(generator, people, server, requests) {
  const statuses = new Map();
  const endpoints = new Set();
  const wrong = [];
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { operation, user, ...request } = generator.next();
      const headers = { ...(await people.headers(user)), ...request.headers };
      if (request.type !== undefined) headers['content-type'] = request.type;
      const answer = await send(server.port, operation.method, request.path, { headers, body: request.body });
      if (answer.status === 401) people.forget(user);
      if (answer.text.includes('"http.forbidden"')) operation.shut.add(user);
      endpoints.add(`${operation.method} ${operation.path}`);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const problem = String(answer.headers['content-type'] ?? '').startsWith('application/problem+json');
      const bad = answer.status === 0 || answer.status >= 500 || (answer.status >= 400 && !problem);
      if (bad)
        wrong.push(
          `${operation.method} ${request.path.slice(0, 200)} [${user}] ${String(request.body ?? '').slice(0, 300)} → ${answer.status} ${answer.text.slice(0, 200)}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { endpoints: endpoints.size, statuses, wrong };
}

function told(inside, outside, of) {
  const statuses = new Map(inside.statuses);
  for (const [status, n] of outside.statuses) statuses.set(status, (statuses.get(status) ?? 0) + n);
  const counts = [...statuses].sort(([one], [other]) => one - other).map(([status, n]) => `${status}: ${n}`);
  const endpoints = inside.endpoints + outside.endpoints;
  return { endpoints, of, statuses: counts.join(', '), wrong: [...inside.wrong, ...outside.wrong] };
}

/** Draws requests from the API description, endpoint after endpoint, so that all are reached. */
class Generator {
  #next = 0;

  constructor(description, { roll, pick }, world, isWanted) {
    Object.assign(this, { description, roll, pick });
    this.ids = [SOME_ID, world.institutions.tertiary, ...world.persons.slice(0, 2)];
    this.operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => /^(get|post|put|patch|delete)$/.test(method) && isWanted(path))
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation, shut: new Set() })),
    );
  }

  next() {
    const operation = this.operations[this.#next % this.operations.length];
    this.#next += 1;
    const path = operation.path.replace(/\{\w+\}/g, () =>
      this.roll(3) === 0 ? this.pick(SEGMENTS) : this.pick(this.ids),
    );
    const request = { operation, user: this.#user(operation), path: path + this.#query(operation), headers: {} };
    request.headers['idempotency-key'] = this.roll(20) === 0 ? 'x'.repeat(300) : `hostile-${this.#next}`;
    if (operation.method === 'GET') return request;
    if (this.roll(8) === 0) request.type = this.pick(TYPES);
    return { ...request, body: this.#body(operation.operation) };
  }

  /** Mostly somebody who may do it, so that the request gets behind the door; who may not is learnt from the answers. */
  #user({ shut }) {
    const permitted = USERS.filter((user) => !shut.has(user));
    return permitted.length === 0 || this.roll(10) === 0 ? this.pick(USERS) : this.pick(permitted);
  }

  #query({ operation }) {
    const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
    const given = [...names, 'limit', 'cursor', '__proto__', 'a[b]'].filter(() => this.roll(3) === 0);
    if (given.length === 0) return this.roll(20) === 0 ? '?%' : '';
    return `?${given.map((name) => `${name}=${this.pick(QUERY_VALUES)}`).join('&')}`;
  }

  #body(operation) {
    const kind = this.roll(10);
    if (kind === 0) return this.pick(RAW);
    if (kind === 1) return this.pick(BYTES);
    if (kind === 2) return Buffer.from(JSON.stringify(this.pick(VALUES)));
    const schema = this.#resolved(operation.requestBody)?.content?.['application/json']?.schema ?? {};
    const value = this.#sample(schema, 0);
    if (typeof value === 'object' && value !== null) this.#spoil(value, kind);
    return Buffer.from(JSON.stringify(value) ?? '');
  }

  /** One place of the value is replaced, taken away or added; sometimes nothing is. */
  #spoil(value, kind) {
    const names = Object.keys(value);
    const name = names.length === 0 ? 'x' : this.pick(names);
    const inner = value[name];
    if (typeof inner === 'object' && inner !== null && this.roll(2) === 0) this.#spoil(inner, kind);
    else if (kind === 9) delete value[name];
    else if (kind === 8)
      value[this.pick(['poolArea', 'constructor', 'isAdmin', 'createdBy', '', '名'])] = this.pick(VALUES);
    else if (kind > 3) value[name] = this.pick(VALUES);
  }

  #resolved(schema) {
    if (schema?.$ref === undefined) return schema;
    return schema.$ref
      .slice(2)
      .split('/')
      .reduce((at, name) => at?.[name], this.description);
  }

  #sample(given, depth) {
    const schema = this.#resolved(given) ?? {};
    if (depth > 5) return null;
    if (schema.enum !== undefined) return this.pick(schema.enum);
    const choice = schema.oneOf ?? schema.anyOf ?? schema.allOf;
    if (choice !== undefined) return this.#sample(choice[0], depth + 1);
    if (schema.type === 'array')
      return Array.from({ length: 1 + this.roll(2) }, () => this.#sample(schema.items, depth + 1));
    if (schema.type === 'object' || schema.properties !== undefined) {
      const members = Object.entries(schema.properties ?? {});
      return Object.fromEntries(members.map(([name, member]) => [name, this.#sample(member, depth + 1)]));
    }
    if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
    if (schema.type === 'boolean') return this.roll(2) === 0;
    return this.#text(schema);
  }

  #text({ examples, example, format, pattern = '', minLength = 0 }) {
    if (examples?.[0] !== undefined || example !== undefined) return String(examples?.[0] ?? example);
    if (format === 'uuid' || pattern.includes('[0-9a-f]{8}')) return this.pick(this.ids);
    if (format === 'date' || pattern.includes('\\d{4}-\\d{2}-\\d{2}')) return '2026-10-01';
    if (pattern.includes('\\d{4}-')) return '2026-10';
    if (pattern.includes('\\.')) return '12.34';
    return this.pick(['示例', 'A1', '310', '331102', 'x'.repeat(Math.max(minLength, 1))]);
  }
}
