/** The rooms of the program, their floors, and who really calls whom, as dependency-cruiser reads the sources. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, run } from '../process.mjs';

const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

/**
 * What a room is for, in the words under its name. A room without a line here is a fault: whoever opens a room says
 * what it is for.
 */
export const ROOM_WORDS = {
  common: ['公用件', 'money, time, errors, policy, db, http, jobs, outbox, locks'],
  identity: ['用户与权限', 'sign-in, roles, scope, trail'],
  audit: ['审计', 'hash chain, anchor, verifier'],
  approvals: ['审批', 'who has said yes'],
  documents: ['文书', 'papers as PDF'],
  ledger: ['总账', 'double entry, append-only'],
  catalogue: ['目录', 'areas, drugs, services'],
  enrollment: ['参保', 'persons, coverage, marks'],
  providers: ['定点机构', 'agreements, physicians'],
  funding: ['筹资', 'income, receipts, transfers'],
  benefits: ['待遇', 'pure rules over dated policy'],
  exchange: ['数据交换', 'files in, row errors'],
  claims: ['结算', 'bills to settlements'],
  payment: ['支付', 'budget, month, clearing, orders'],
  reporting: ['报表与对账', 'read models, reconcile'],
  demo: ['演示统筹区', 'a region from a seed'],
  operations: ['运行', 'jobs for administrators'],
};

/** Rooms of one alternation such as `^src/(a|b)/`. */
function roomsIn(pattern) {
  return pattern.replace('^src/(', '').replace(')/', '').split('|');
}

/** Floors, lowest first, as the rules of .dependency-cruiser.cjs say; rooms that are not built yet are left out. */
export function floorsOf(config, existing) {
  const rules = config.forbidden.filter((rule) => rule.name.startsWith('floor-'));
  const floors = rules.map((rule) => roomsIn(rule.from.path));
  const last = rules.at(-1);
  if (last !== undefined) floors.push(roomsIn(last.to.path));
  return floors.map((rooms) => rooms.filter((room) => existing.has(room))).filter((rooms) => rooms.length > 0);
}

/** `claims` of `src/claims/x.ts`; null for the wiring and for what lies elsewhere. */
function roomOf(path, rooms) {
  const [, room] = /^src\/([^/]+)\//.exec(path) ?? [];
  return room !== undefined && rooms.has(room) ? room : null;
}

/**
 * @param {{modules: {source: string, dependencies: {resolved: string}[]}[]}} report of dependency-cruiser
 * @param {Set<string>} rooms
 * @returns {Map<string, Set<string>>} for each room the rooms it calls; `common`, which all call, is left out
 */
export function callsOf(report, rooms) {
  const calls = new Map([...rooms].map((room) => [room, new Set()]));
  for (const { source, dependencies } of report.modules) {
    const from = roomOf(source, rooms);
    if (from === null || source.endsWith('.spec.ts')) continue;
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved, rooms);
      if (to !== null && to !== from) calls.get(from).add(to);
    }
  }
  return calls;
}

/** Calls that are not already implied by a way through another room: what is drawn in full strength. */
export function essentialCalls(calls) {
  const reach = (from, seen = new Set()) => {
    for (const to of calls.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  return new Map(
    [...calls].map(([from, targets]) => [
      from,
      new Set([...targets].filter((to) => ![...targets].some((other) => other !== to && reach(other).has(to)))),
    ]),
  );
}

/** Reads the sources. */
export async function readRooms() {
  const config = createRequire(import.meta.url)(CONFIG);
  const args = [CRUISER, 'src', '--config', CONFIG, '--output-type', 'json'];
  const { output } = await run(process.execPath, args, { cwd: ROOT });
  const report = JSON.parse(output.slice(output.indexOf('{')));
  const folders = new Set(report.modules.flatMap(({ source }) => /^src\/([^/]+)\//.exec(source)?.[1] ?? []));
  const all = new Set(floorsOf(config, folders).flat());
  const unknown = [...folders].filter((room) => !all.has(room) && !['common', 'cli', 'migrations'].includes(room));
  return { floors: floorsOf(config, folders), calls: callsOf(report, all), unknown };
}
