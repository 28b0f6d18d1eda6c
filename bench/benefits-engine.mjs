/**
 * How long the benefits engine needs for a bill of ten lines, without HTTP and database:
 * `node bench/benefits-engine.mjs` after a build. `measureEngine` is also called by the settlement benchmark.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '..');
const WARM_UP = 20_000;

/**
 * Settles the same kinds of bills as the settlement benchmark again and again.
 * @returns {Promise<{bills: number, lines: number, microsecondsPerBill: number}>}
 */
export async function measureEngine({ bills = 100_000, dist = join(ROOT, 'dist') } = {}) {
  const { BenefitPolicies, emptyAccumulators, settle } = await import(
    pathToFileURL(join(dist, 'benefits', 'index.js')).href
  );
  const policies = new BenefitPolicies(join(ROOT, 'policy'));
  const on = '2026-05-01';
  const samples = [
    sample('310', 'outpatient', 'primary', on, emptyAccumulators()),
    sample('390', 'inpatient', 'tertiary', on, emptyAccumulators()),
    sample('310', 'inpatient', 'secondary', on, { ...emptyAccumulators(), admissions: 2, poolPaid: 9_000_000n }),
  ].map((input) => ({ input, policy: policies.inForce('331100', input.scheme, on) }));
  const run = (count) => {
    for (let i = 0; i < count; i += 1) {
      const { input, policy } = samples[i % samples.length];
      settle(input, policy);
    }
  };
  run(WARM_UP);
  const start = process.hrtime.bigint();
  run(bills);
  const nanoseconds = Number(process.hrtime.bigint() - start);
  return { bills, lines: 10, microsecondsPerBill: nanoseconds / bills / 1000 };
}

function sample(scheme, category, level, visitDate, accumulators) {
  const lines = Array.from({ length: 10 }, (_, i) => ({
    lineNo: i + 1,
    itemCode: `item-${i + 1}`,
    class: ['A', 'B', 'B', 'A', 'C'][i % 5],
    amount: BigInt(1_234 * (i + 3)),
    quantity: '2',
    unitPrice: (6.17 * (i + 3)).toFixed(2),
    selfpayRate: { numerator: 1n, denominator: 10n },
    ...(i % 3 === 0 ? { ceiling: 5_000n } : {}),
  }));
  return {
    scheme,
    insuredType: scheme === '310' ? 'employed' : 'adult',
    identityMarks: [],
    ageYears: 50,
    category,
    level,
    priceLevel: level,
    visitDate,
    place: 'in-pool',
    referral: 'not-needed',
    lines,
    accumulators,
    accountBalance: scheme === '310' ? 200_000n : 0n,
  };
}

if (process.argv[1] === import.meta.filename) {
  const { bills, lines, microsecondsPerBill } = await measureEngine();
  console.log(`benefits engine: ${bills} bills of ${lines} lines, ${microsecondsPerBill.toFixed(1)} µs a bill`);
}
