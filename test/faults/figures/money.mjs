/** Splitting money: random totals and weights, 100 000 cases a rule; the parts sum to the whole, to the fen. */
import { join } from 'node:path';
import fc from 'fast-check';
import { ROOT } from '../../../scripts/lib/process.mjs';

const fromBuild = (path) => import(join(ROOT, 'dist', path));
const rate = (most) => fc.record({ numerator: fc.bigInt(0n, most), denominator: fc.constant(10_000n) });
const fen = (most = 10n ** 12n) => fc.bigInt(0n, most);
const weights = fc
  .array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 40 })
  .filter((all) => all.some((one) => one > 0n));

const sum = (parts) => parts.reduce((total, part) => total + part, 0n);
const abs = (value) => (value < 0n ? -value : value);

/** @returns {Promise<{rule: string, cases: number, off: bigint, fault?: string}[]>} `off` fen in the first case that fails */
export async function moneySplits({ cases, seed }) {
  const results = [];
  for (const { rule, given, off } of await rules()) {
    let worst = 0n;
    const property = fc.property(given, (value) => {
      const found = off(value);
      if (found !== 0n) worst = found;
      return found === 0n;
    });
    const report = fc.check(property, { numRuns: cases, seed });
    results.push({
      rule,
      cases: report.numRuns,
      off: worst,
      fault: report.failed ? fc.defaultReportMessage(report) : undefined,
    });
  }
  return results;
}

async function rules() {
  const { allocate, multiplyRate } = await fromBuild('common/money/index.js');
  const { monthlyQuotas } = await fromBuild('payment/budget/domain/quotas.js');
  const { allocateBudget } = await fromBuild('payment/budget/domain/allocation.js');
  const { spreadOverCells } = await fromBuild('payment/advance/domain/cells.js');
  const { shareForfeits } = await fromBuild('payment/clearing/domain/assessment.js');
  const { cutIntoBands } = await fromBuild('payment/clearing/domain/bands.js');
  return [
    {
      rule: 'largest remainder',
      given: fc.tuple(fen(), weights),
      off: ([total, all]) => {
        const parts = allocate(total, all);
        const whole = sum(all);
        const far = parts.some((part, index) => abs(part * whole - total * all[index]) >= whole);
        return abs(total - sum(parts)) + (far ? 1n : 0n);
      },
    },
    {
      rule: 'annual budget into twelve months',
      given: fc.tuple(fen(), fc.array(fen(10n ** 10n), { minLength: 12, maxLength: 12 })),
      off: ([annual, seasons]) => abs(annual - sum(monthlyQuotas(annual, seasons))),
    },
    {
      rule: 'budget over groups and providers',
      given: fc.tuple(fc.bigInt(1n, 10n ** 12n), fc.array(candidate(), { minLength: 1, maxLength: 12 })),
      off: ([available, candidates]) => {
        const groups = ['one', 'two'].map((code) => ({ code, share: null }));
        const history = [{ numerator: 1n, denominator: 1n }];
        const { providers } = allocateBudget(available, groups, history, candidates);
        return abs(available - sum(providers.map(({ amount }) => amount)));
      },
    },
    {
      rule: 'advance over funds and categories',
      given: fc.tuple(fc.array(cell(), { minLength: 1, maxLength: 10 }), fen(10n ** 10n), rate(10_000n)),
      off: ([cells, eligible, share]) => {
        const withheld = multiplyRate(eligible, share);
        const rows = spreadOverCells(cells, eligible, withheld);
        return (
          abs(eligible - sum(rows.map((row) => row.eligible))) + abs(withheld - sum(rows.map((row) => row.withheld)))
        );
      },
    },
    {
      rule: 'forfeited deposits over the best',
      given: fc.tuple(fen(), fc.array(member(), { minLength: 1, maxLength: 20 })),
      off: ([pool, members]) => {
        const shares = shareForfeits(pool, members, { sharesFrom: { numerator: 0n, denominator: 1n } });
        return shares.length === 0 ? 0n : abs(pool - sum(shares.map(({ amount }) => amount)));
      },
    },
    {
      rule: 'overspend cut into bands',
      given: fc.tuple(fen(), fen(), fc.uniqueArray(fc.bigInt(1n, 20_000n), { minLength: 1, maxLength: 5 })),
      off: ([amount, budget, bounds]) => {
        const one = { numerator: 1n, denominator: 1n };
        const sorted = bounds.sort((a, b) => Number(a - b)).map((numerator) => ({ numerator, denominator: 10_000n }));
        const bands = [...sorted, null].map((upTo) => ({ upTo, share: one }));
        return abs(amount - sum(cutIntoBands(amount, budget, bands).map(({ part }) => part)));
      },
    },
  ];
}

function candidate() {
  return fc.record({
    providerId: fc.uuid(),
    group: fc.constantFrom('one', 'two'),
    history: fc.array(fen(10n ** 10n), { minLength: 1, maxLength: 1 }),
    units: fc.bigInt(1n, 2_000n),
    growth: rate(15_000n),
    coefficients: fc.array(rate(15_000n), { maxLength: 2 }),
    negotiated: fc.constant(null),
  });
}

function cell() {
  return fc.record({
    fund: fc.constantFrom('hifp', 'hifmi', 'maf'),
    category: fc.constantFrom('inpatient', 'outpatient'),
    accepted: fc.bigInt(-1_000_000n, 10n ** 9n),
    suspended: fen(1_000n),
    special: fen(1_000n),
    underBudget: fc.boolean(),
  });
}

function member() {
  return fc.record({
    providerId: fc.uuid(),
    score: fc.record({ numerator: fc.bigInt(0n, 100n), denominator: fc.constant(1n) }),
    index: fc.record({ numerator: fc.bigInt(0n, 30n), denominator: fc.constantFrom(1n, 7n, 10n) }),
    held: fen(10n ** 10n),
  });
}
