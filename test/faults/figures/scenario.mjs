/**
 * A month, or a year, from its trial to money at the bank, done as careful people do it: after an answer that is no answer
 * they look whether the step was taken, and take it again only if not.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hospitalsOf, SCHEME } from './payment-world.mjs';

const TRIES = 12;
const LOOKS = 30;
/** Steps whose requests carry an Idempotency-Key. */
const KEYED = new Set(['close', 'sign-off', 'send', 'paid', 'returned']);

/** Somebody gave up: the step can neither be seen to be done nor be done. */
export class Stuck extends Error {}

/** @param {{people: object, world: object, letTimePass: () => Promise<void>}} given */
export async function advanceScenario(given) {
  const { people, world } = given;
  const month = `${world.year}-12`;
  const id = await trial(
    given,
    'month-settlements',
    { scheme: SCHEME, month },
    ({ month: of, scheme }) => of === month && scheme === SCHEME,
  );
  const providerId = world.institutions.secondary;
  const key = randomUUID();
  const adjustment = { providerId, amount: '-100.00', reason: '上月多拨，本月调减', document: '示例〔2026〕1号' };
  await step(
    given,
    () => people.call('clerk', 'POST', `month-settlements/${id}/adjustments`, adjustment, { key }),
    async () => {
      const { body } = await look(people, 'clerk', `month-settlements/${id}/lines/${providerId}`);
      return body.adjustments.length === 1;
    },
  );
  await approvals(given, 'month-settlements', id);
  await orders(given, id);
}

export async function clearingScenario(given) {
  const { world } = given;
  const id = await trial(given, 'clearings', { scheme: SCHEME, year: world.year }, ({ year }) => year === world.year);
  await approvals(given, 'clearings', id);
  await orders(given, id);
}

async function trial(given, path, body, isIt) {
  const { people, letTimePass } = given;
  let id;
  await step(
    given,
    async () => {
      const answer = await people.call('clerk', 'POST', path, body);
      if (answer.body?.state === 'done') id = answer.body.id;
      else await letTimePass();
      return answer;
    },
    async () => {
      if (id !== undefined) return true;
      const { body: list } = await look(people, 'clerk', `${path}?scheme=${SCHEME}`);
      const known = list.items.find(isIt);
      if (known?.state === 'trial') id = known.id;
      return id !== undefined;
    },
  );
  return id;
}

async function approvals(given, path, id) {
  const stages = [
    ['clerk', 'submit', ['submitted', 'reviewed', 'approved', 'closed']],
    ['reviewer', 'review', ['reviewed', 'approved', 'closed']],
    ['approver', 'approve', ['approved', 'closed']],
    ['approver', 'close', ['closed']],
  ];
  for (const [who, what, after] of stages) await act(given, who, `${path}/${id}`, what, after);
}

async function orders(given, sourceId) {
  const { people, world } = given;
  let found = [];
  await step(
    given,
    () => people.call('clerk', 'GET', `payment-orders?sourceId=${sourceId}`),
    async () => {
      const { body } = await look(people, 'clerk', `payment-orders?sourceId=${sourceId}`);
      found = body.items;
      return found.length > 0;
    },
  );
  const rank = (order) => hospitalsOf(world).indexOf(order.providerId);
  const [first, second] = found.sort((one, other) => rank(one) - rank(other));
  for (const order of [first, second].filter((one) => one !== undefined)) {
    const path = `payment-orders/${order.id}`;
    await act(given, 'reviewer', path, 'review', ['reviewed', 'approved', 'signed-off', 'sent', 'paid', 'returned']);
    await act(given, 'approver', path, 'approve', ['approved', 'signed-off', 'sent', 'paid', 'returned']);
    await act(given, 'approver', path, 'sign-off', ['signed-off', 'sent', 'paid', 'returned']);
    await act(given, 'clerk', path, 'send', ['sent', 'paid', 'returned']);
    if (order === first) await act(given, 'clerk', path, 'paid', ['paid'], { bankReference: 'BOC-1' });
    else await act(given, 'clerk', path, 'returned', ['returned'], { reason: '账号户名不符' });
  }
}

/** One step of one paper; `after` are the states in which it was taken. */
function act({ people, ...given }, who, path, what, after, body = {}) {
  const key = KEYED.has(what) ? randomUUID() : undefined;
  return step(
    { people, ...given },
    () => people.call(who, 'POST', `${path}/${what}`, body, { key }),
    async (answer) => {
      // With a key nobody need look: the same request again gets the first one's answer.
      if (key !== undefined && (answer.status < 200 || answer.status >= 300)) return false;
      return after.includes((await look(people, who, path)).body.state);
    },
    `${path} ${what}`,
  );
}

/** Looks until there is something to see. */
async function look(people, who, path) {
  for (let attempt = 1; attempt <= LOOKS; attempt += 1) {
    const answer = await people.call(who, 'GET', path);
    if (answer.status === 200) return answer;
    await sleep(20 * attempt);
  }
  throw new Stuck(`${path} cannot be looked at`);
}

async function step({ seen }, take, isDone, name = 'the trial') {
  let last;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    last = await take();
    seen?.(last);
    if (last.status >= 200 && last.status < 300 && (await isDone(last))) return;
    if (last.status === 0 || last.status >= 400) {
      if (await isDone(last)) return;
      await sleep(20 * attempt);
    }
  }
  throw new Stuck(`${name}: ${last?.status} ${last?.text.slice(0, 300)}`);
}
