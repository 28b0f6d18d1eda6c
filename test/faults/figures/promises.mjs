/**
 * The promises of the design paper on reliability and security as figures: each with its goal, its size in `npm test`
 * (short), in `npm run faults` (ci) and before a release, and how it is observed.
 *
 * @typedef {object} Outcome
 * @property {string} observed the figure, in words
 * @property {boolean|null} ok null = it does not apply here, or cannot be seen on this machine; `observed` says why
 * @property {string[]} [notes] what went wrong
 */
import { underAbuse } from './abuse.mjs';
import { duplicateSubmits, races } from './at-once.mjs';
import { downOverMonthEnd } from './catch-up.mjs';
import { failingFsync } from './disk.mjs';
import { exhaustedPool, longBill, oversized } from './edges.mjs';
import { hostileRequests } from './hostile.mjs';
import { postgresKills, serverKills } from './kills.mjs';
import { moneySplits } from './money.mjs';
import { monthEnds } from './month-end.mjs';
import { paymentFaults } from './payment-faults.mjs';
import { randomFaults } from './random-faults.mjs';
import { deniedPackages, secretsInTree, seededInLogs } from './secrets.mjs';
import { rareCharacters } from './texts.mjs';
import { trial } from './trials.mjs';

const READY_LIMIT_MS = 10_000;
const NO_FAULT_LEFT = 10;

/** Sizes are { short, ci, release }; without `short`, another suite of `npm test` sees to it in small. */
export const MEASURED = [
  {
    name: 'settlement-faults',
    promise: 'Random faults in settlement, difference in fund money (F2)',
    goal: ({ faults }) => `${faults} faults, 0 fen`,
    size: { short: { faults: 120 }, ci: { faults: 5_000 }, release: { faults: 100_000 } },
    run: async (ctx, { faults }) => {
      const seen = await randomFaults({ ...ctx, build: 'dist-faults', faults });
      ctx.covered(seen.reached, seen.faultedSites);
      const notes = [...seen.faults, ...seen.invariants];
      return {
        observed: `${seen.fired} faults of ${seen.kinds.size} kinds at ${seen.faultedSites.size} of ${seen.reached.length} failpoints, ${seen.bills} bills: ${seen.fen} fen, ${seen.lost} lost (${seen.statuses})`,
        ok: seen.fired >= faults && seen.fen === 0n && notes.length === 0,
        notes,
      };
    },
  },
  ...['advance', 'clearing'].map((what) => ({
    name: `${what}-faults`,
    promise: `Faults in ${what === 'advance' ? 'the month settlement' : 'the annual clearing'} and its payment orders, rows of an undisturbed run`,
    goal: ({ cases, kills }) =>
      `${cases === Infinity ? 'every failpoint' : `${cases} failpoints`} and ${kills} kill -9, 0 fen, 0 rows`,
    size: {
      short: { cases: 6, kills: 1 },
      ci: { cases: Infinity, kills: 25 },
      release: { cases: Infinity, kills: Infinity, every: true },
    },
    run: async (ctx, size) => {
      const seen = await paymentFaults({ ...ctx, ...size, build: 'dist-faults', what });
      ctx.covered(seen.reached, seen.faulted);
      const notes = [...seen.differences, ...seen.errors];
      return {
        observed: `${seen.fired} faults at ${seen.faulted.size} of ${seen.reached.length} failpoints, ${seen.killed} kill -9: ${seen.fen} fen, ${seen.differences.length} runs with other rows`,
        ok: seen.fen === 0n && notes.length === 0 && seen.fired >= seen.planned * 0.9,
        notes,
      };
    },
  })),
  {
    name: 'twin-settlement',
    promise: 'Broken twin of settlement (keys forgotten): the harness must see a difference',
    goal: () => '≥ 1 fen',
    size: { short: { faults: 25 }, ci: { faults: 150 }, release: { faults: 300 } },
    run: async (ctx, { faults }) => {
      const seen = await randomFaults({ ...ctx, build: 'dist-faults-twin-keys', faults });
      return { observed: `${seen.fen} fen in ${seen.fired} faults`, ok: seen.fen > 0n };
    },
  },
  ...['advance', 'clearing'].map((what) => ({
    name: `twin-${what}`,
    promise: `Broken twin of ${what} (no transaction): the harness must see a difference`,
    goal: () => '≥ 1 fen',
    size: { ...(what === 'advance' ? { short: { cases: 15 } } : {}), ci: { cases: 40 }, release: { cases: 40 } },
    run: async (ctx, { cases }) => {
      const build = 'dist-faults-twin-transaction';
      const seen = await paymentFaults({ ...ctx, build, what, cases, kills: 0, untilDifferent: true });
      return { observed: `${seen.fen} fen after ${seen.cases} faults`, ok: seen.fen > 0n };
    },
  })),
  {
    name: 'server-kills',
    promise: 'kill -9 of the server under load, two replicas; recovery',
    goal: ({ kills }) => `${kills} kills, 0 fen; ready ≤ 10 s`,
    size: {
      short: { kills: 4, readyMs: 60_000 },
      ci: { kills: 200, readyMs: READY_LIMIT_MS },
      release: { kills: 2_000, readyMs: READY_LIMIT_MS },
    },
    run: async (ctx, { kills, readyMs }) => {
      const seen = await serverKills({ ...ctx, kills });
      const notes = [...seen.faults, ...seen.invariants];
      return {
        observed: `${seen.killed} kills, ${seen.bills} bills: ${seen.fen} fen, ${seen.lost} lost; ready after ≤ ${(seen.slowestMs / 1000).toFixed(1)} s`,
        ok: seen.killed >= kills && seen.fen === 0n && notes.length === 0 && seen.slowestMs <= readyMs,
        notes,
      };
    },
  },
  {
    name: 'postgres-kills',
    promise: 'kill -9 of PostgreSQL under load (fsync on); 503 with Retry-After while it is down (F3)',
    goal: ({ kills }) => `${kills} kills, 0 acknowledged lost; ready ≤ 10 s`,
    size: {
      short: { kills: 1, readyMs: 60_000 },
      ci: { kills: 20, readyMs: READY_LIMIT_MS },
      release: { kills: 500, readyMs: READY_LIMIT_MS },
    },
    run: async (ctx, { kills, readyMs }) => {
      const seen = await postgresKills({ ...ctx, kills });
      const notes = [...seen.faults, ...seen.invariants];
      return {
        observed: `${seen.killed} kills, ${seen.bills} bills: ${seen.lost} acknowledged lost, ${seen.fen} fen; ${seen.down.get(503) ?? 0} × 503 while down; ready after ≤ ${(seen.slowestMs / 1000).toFixed(1)} s`,
        ok: seen.killed >= kills && seen.fen === 0n && notes.length === 0 && seen.slowestMs <= readyMs,
        notes,
      };
    },
  },
  {
    name: 'fsync',
    promise: 'fsync that fails with EIO: PostgreSQL panics, recovers, nothing is lost (F39)',
    goal: () => '0 acknowledged lost',
    size: { ci: {}, release: {} },
    run: async () => {
      const seen = await failingFsync();
      if (seen.skipped !== undefined) return { observed: `not seen here: ${seen.skipped}`, ok: null };
      const notes = [...seen.faults, ...seen.invariants];
      return {
        observed: `${seen.lost} lost, ${seen.fen} fen; served again after ${(seen.awayMs / 1000).toFixed(1)} s (${seen.statuses})`,
        ok: notes.length === 0 && seen.fen === 0n,
        notes,
      };
    },
  },
  {
    name: 'duplicates',
    promise: 'Duplicate submits: the same key 50 times at once (F8)',
    goal: ({ keys, copies }) => `${keys} keys × ${copies}, 1 effect each`,
    size: { ci: { keys: 1_000, copies: 50 }, release: { keys: 20_000, copies: 50 } },
    run: async (ctx, { keys, copies }) => {
      const { effects, replayed, wrong, invariants } = await duplicateSubmits({ ...ctx, keys, copies });
      const notes = [...wrong, ...invariants];
      return {
        observed: `${effects.settlements} settlements, ${effects.journals} journals for ${keys} keys; ${replayed} replays; ${wrong.length} differing answers`,
        ok: effects.settlements === keys && effects.uneven === 0 && notes.length === 0,
        notes,
      };
    },
  },
  {
    name: 'races',
    promise: 'Concurrent bills race for a yearly limit, two replicas (F11, F12)',
    goal: ({ rounds, bills }) => `${rounds} rounds × ${bills}, 0 over-payment, 0 deadlocks`,
    size: { ci: { rounds: 100, bills: 400 }, release: { rounds: 2_000, bills: 400 } },
    run: async (ctx, { rounds, bills }) => {
      const seen = await races({ ...ctx, rounds, bills });
      const notes = [...seen.wrong, ...seen.invariants];
      return {
        observed: `${rounds * bills} bills: ${seen.overpaid} fen over, ${seen.deadlocks} deadlocks`,
        ok: seen.overpaid === 0n && seen.deadlocks === 0 && notes.length === 0,
        notes,
      };
    },
  },
  {
    name: 'hostile',
    promise: 'Malformed and hostile requests over all endpoints (F21, F22)',
    goal: ({ requests }) => `${requests}, 0 answers of 5xx`,
    size: { ci: { requests: 50_000 }, release: { requests: 1_000_000 } },
    run: async (ctx, { requests }) => {
      const { endpoints, of, statuses, wrong } = await hostileRequests({ ...ctx, requests });
      return {
        observed: `${endpoints} of ${of} endpoints, ${wrong.length} of 5xx or not problem+json (${statuses})`,
        ok: wrong.length === 0 && endpoints === of,
        notes: wrong,
      };
    },
  },
  {
    name: 'oversized',
    promise: 'Deep nesting, a bomb of 200 MB, 20 KB of header or address (F22)',
    goal: () => '400/413/415/431, memory grows < 100 MB',
    size: { short: {}, ci: {}, release: {} },
    run: async (ctx) => {
      const { answers, wrong, grownMb } = await oversized(ctx);
      return {
        observed: `${Object.values(answers).join('/')}, ${grownMb.toFixed(0)} MB`,
        ok: wrong.length === 0 && grownMb < 100,
        notes: wrong,
      };
    },
  },
  {
    name: 'long-bill',
    promise: 'A bill of 10 000 lines (F23)',
    goal: () => '≤ 3 s, event loop stands still < 200 ms; above the limit 413',
    size: { short: { lines: 10_000, slack: 8 }, ci: { lines: 10_000, slack: 1 }, release: { lines: 10_000, slack: 1 } },
    run: async (ctx, { lines, slack }) => {
      const seen = await longBill({ ...ctx, lines });
      const inTime = seen.seconds <= 3 * slack && seen.lagMs < 200 * slack;
      return {
        observed: `${seen.status} with ${seen.stored} lines in ${seen.seconds.toFixed(2)} s, stood still ≤ ${seen.lagMs.toFixed(0)} ms; ${lines + 1} lines: ${seen.above}`,
        ok: seen.status === 201 && seen.stored === lines && seen.above === 413 && inTime,
        notes: seen.status === 201 ? [] : [seen.text],
      };
    },
  },
  {
    name: 'pool',
    promise: 'No connection to the database is free (F37)',
    goal: () => '503 with Retry-After within 1 s, recovers by itself',
    size: { short: { limitMs: 4_000 }, ci: { limitMs: 1_500 }, release: { limitMs: 1_500 } },
    run: async (ctx, { limitMs }) => {
      const { answers, recoveredMs } = await exhaustedPool(ctx);
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      const all503 = answers.every(({ status, retry }) => status === 503 && retry);
      return {
        observed: `${answers.map(({ status }) => status).join('/')} within ${(slowest / 1000).toFixed(2)} s, well again after ${(recoveredMs / 1000).toFixed(2)} s`,
        ok: all503 && slowest < limitMs && recoveredMs < limitMs,
      };
    },
  },
  {
    name: 'abuse',
    promise: 'Honest users while others abuse the server: slow sockets, hostile bodies (F36)',
    goal: ({ sockets }) => `${sockets} slow sockets: p95 < 2 × (or < 20 ms)`,
    size: { ci: { sockets: 500, seconds: 6 }, release: { sockets: 500, seconds: 30 } },
    run: async (ctx, size) => {
      const { calmMs, abusedMs, slow, refused, wrong } = await underAbuse({ ...ctx, ...size });
      const observed = `p95 ${calmMs.toFixed(1)} ms alone, ${abusedMs.toFixed(1)} ms beside ${slow} slow sockets and ${refused} refused bodies`;
      return {
        observed,
        ok: wrong.length === 0 && refused > 0 && (abusedMs < 2 * calmMs || abusedMs < 20),
        notes: wrong,
      };
    },
  },
  {
    name: 'month-end',
    promise: 'Month end with N replicas, clocks that jump (F5, F17)',
    goal: ({ replicas }) => `1 run a month for N = ${replicas.join(', ')}`,
    size: { short: { replicas: [2] }, ci: { replicas: [2, 3, 4, 5] }, release: { replicas: [2, 3, 4, 5] } },
    run: async (ctx, { replicas }) => {
      const seen = await monthEnds({ ...ctx, replicas });
      const notes = seen.flatMap(({ wrong }) => wrong);
      return {
        observed: seen
          .map(({ replicas: n, runs, months }) => `N = ${n}: ${runs} runs for ${months.length} months`)
          .join('; '),
        ok: notes.length === 0,
        notes,
      };
    },
  },
  {
    name: 'catch-up',
    promise: 'Scheduler down over the month end, started on the third day (F6)',
    goal: () => '1 run, named after its month',
    size: { ci: {}, release: {} },
    run: async (ctx) => {
      const { before, due, runs, faked } = await downOverMonthEnd(ctx);
      const once = runs.length === 1 && runs[0].period === due && runs[0].state === 'done' && runs[0].attempts === 1;
      const told = runs.map(({ period, state, attempts }) => `${period} ${state}, attempts ${attempts}`).join('; ');
      return { observed: `${told}${faked ? ' (faketime)' : ' (the machine’s clock)'}`, ok: before === 0 && once };
    },
  },
  {
    name: 'money',
    promise: 'Money splits without a fen too much or too few (F20)',
    goal: ({ cases }) => `${cases} cases a rule, 0 fen`,
    size: { short: { cases: 500 }, ci: { cases: 100_000 }, release: { cases: 5_000_000 } },
    run: async (ctx, { cases }) => {
      const rules = await moneySplits({ ...ctx, cases });
      const notes = rules.flatMap(({ rule, fault }) => (fault === undefined ? [] : [`${rule}: ${fault}`]));
      return {
        observed: `${rules.length} rules: ${rules.reduce((sum, { off }) => sum + off, 0n)} fen`,
        ok: notes.length === 0,
        notes,
      };
    },
  },
  {
    name: 'characters',
    promise: 'Rare characters: Han blocks up to Ext. H, in and out again (F24)',
    goal: ({ every }) => `${every === 1 ? 'every character' : `every ${every}th`}, 0 altered`,
    size: { ci: { every: 1 }, release: { every: 1 } },
    run: async (ctx, { every }) => {
      const { sent, blocks, altered } = await rareCharacters({ ...ctx, every });
      return {
        observed: `${sent} characters of ${blocks} blocks, ${altered.length} names altered`,
        ok: altered.length === 0,
        notes: altered,
      };
    },
  },
  {
    name: 'logs',
    promise: 'Seeded numbers, names, passwords and tokens in the log; one line an event (F47)',
    goal: () => '0 found',
    size: { ci: { rounds: 200 }, release: { rounds: 1_000 } },
    run: async (ctx, { rounds }) => {
      const { values, lines, found, split } = await seededInLogs({ ...ctx, rounds });
      return {
        observed: `${found.length} of ${values} values in ${lines} lines, ${split.length} broken lines`,
        ok: found.length === 0 && split.length === 0,
        notes: [...found, ...split],
      };
    },
  },
  {
    name: 'drill',
    promise: 'Restore drill with reconciliation: point in time, machine lost (F41)',
    goal: () => 'RPO ≤ 60 s, restored ≤ 60 s, counts, sums, hashes equal',
    size: { ci: {}, release: {} },
    run: () => trial('scripts/drill.mjs', [], /^(point in time|machine lost): /),
  },
  {
    name: 'rolling-upgrade',
    promise: 'Rolling upgrade, two versions on one database under load (F42)',
    goal: () => '0 × 5xx, no confirmed bill lost or doubled',
    size: { ci: {}, release: {} },
    run: () => trial('scripts/rolling-upgrade.mjs', [], /bills settled|Rolling upgrade: /),
  },
  {
    name: 'packages',
    promise: 'Banned packages and licences in the lock files',
    goal: () => '0',
    size: { ci: {}, release: {} },
    run: async () => {
      const { code, output } = await deniedPackages();
      return {
        observed: output.trim().split('\n').at(-1),
        ok: code === 0,
        notes: code === 0 ? [] : output.split('\n').slice(0, NO_FAULT_LEFT),
      };
    },
  },
  {
    name: 'secrets',
    promise: 'Secrets in the tree',
    goal: () => '0',
    size: { short: {}, ci: {}, release: {} },
    run: async () => {
      const { files, found } = await secretsInTree();
      return { observed: `${found.length} in ${files} files`, ok: found.length === 0, notes: found };
    },
  },
];
