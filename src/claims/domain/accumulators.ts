import type { Accumulators } from '../../benefits/index.js';
import { fen, type Fen } from '../../common/money/index.js';

/** The amounts of the accumulators in the order of their columns; `admissions` stands before them, `chronicPaid` after. */
const AMOUNTS = [
  'deductiblePaid',
  'inscp',
  'poolPaid',
  'burden',
  'catastrophicPaid',
  'largePaid',
  'civilServantPaid',
  'employerPaid',
  'assistancePaid',
  'outpatientPaid',
  'outpatientInscp',
  'outpatientDeductible',
] as const satisfies readonly (keyof Accumulators)[];

type AmountKey = (typeof AMOUNTS)[number];

/** Column of each amount in `benefit_accumulator`, in the same order. */
export const ACCUMULATOR_COLUMNS: readonly string[] = AMOUNTS.map(
  (key) => `${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_fen`,
);

/** The state on 1 January: nothing used up. */
export const NOTHING_USED: Accumulators = build(0, () => 0n, {});

/** Accumulators from a row of `benefit_accumulator`. */
export function accumulatorsOf(row: Readonly<Record<string, unknown>>): Accumulators {
  const chronic = row['chronic_paid'] as Record<string, string> | null;
  return build(
    Number(row['admissions']),
    (_, index) => row[ACCUMULATOR_COLUMNS[index] ?? ''] as bigint,
    Object.fromEntries(Object.entries(chronic ?? {}).map(([key, value]) => [key, fen(BigInt(value))])),
  );
}

/** [admissions, twelve amounts] as text, for a bigint[] column list. */
export function accumulatorArray(values: Accumulators): string[] {
  return [String(values.admissions), ...AMOUNTS.map((key) => values[key].toString())];
}

/** Amounts by disease as JSON: fen as text, because a JSON number is not exact everywhere. */
export function chronicJson(values: Accumulators): Record<string, string> {
  return Object.fromEntries(Object.entries(values.chronicPaid).map(([key, amount]) => [key, amount.toString()]));
}

/** A delta as it is stored with a settlement: what is zero is left out, fen as text. */
export function deltaJson(delta: Accumulators): Record<string, string | Record<string, string>> {
  const entries: [string, string | Record<string, string>][] = [];
  if (delta.admissions !== 0) entries.push(['admissions', String(delta.admissions)]);
  for (const key of AMOUNTS) if (delta[key] !== 0n) entries.push([key, delta[key].toString()]);
  const chronic = chronicJson(delta);
  if (Object.keys(chronic).length > 0) entries.push(['chronicPaid', chronic]);
  return Object.fromEntries(entries);
}

/** Reads what `deltaJson` wrote. */
export function deltaOf(json: Readonly<Record<string, unknown>>): Accumulators {
  const chronic = (json['chronicPaid'] ?? {}) as Record<string, string>;
  return build(
    Number(json['admissions'] ?? 0),
    (key) => BigInt((json[key] as string | undefined) ?? '0'),
    Object.fromEntries(Object.entries(chronic).map(([key, value]) => [key, fen(BigInt(value))])),
  );
}

/** values + sign × delta, member by member. A reversal subtracts exactly what its settlement added. */
export function combine(values: Accumulators, delta: Accumulators, sign: 1 | -1): Accumulators {
  const factor = BigInt(sign);
  const chronic: Record<string, Fen> = { ...values.chronicPaid };
  for (const [key, amount] of Object.entries(delta.chronicPaid)) {
    const sum = fen((chronic[key] ?? 0n) + factor * amount);
    if (sum === 0n) Reflect.deleteProperty(chronic, key);
    else chronic[key] = sum;
  }
  return build(values.admissions + sign * delta.admissions, (key) => values[key] + factor * delta[key], chronic);
}

function build(
  admissions: number,
  amount: (key: AmountKey, index: number) => bigint,
  chronicPaid: Readonly<Record<string, Fen>>,
): Accumulators {
  const amounts = Object.fromEntries(AMOUNTS.map((key, index) => [key, fen(amount(key, index))]));
  return { admissions, ...(amounts as Record<AmountKey, Fen>), chronicPaid };
}
