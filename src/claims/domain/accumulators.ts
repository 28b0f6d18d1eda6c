import { type Accumulators, emptyAccumulators } from '../../benefits/index.js';
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

/** Column of each amount in `benefit_accumulator`, in the same order. */
export const ACCUMULATOR_COLUMNS: readonly string[] = AMOUNTS.map(
  (key) => `${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_fen`,
);

/** Accumulators from a row of `benefit_accumulator`. */
export function accumulatorsOf(row: Readonly<Record<string, unknown>>): Accumulators {
  const amounts = emptyAccumulators();
  amounts.admissions = Number(row['admissions']);
  AMOUNTS.forEach((key, index) => {
    amounts[key] = fen(row[ACCUMULATOR_COLUMNS[index] ?? ''] as bigint);
  });
  const chronic = (row['chronic_paid'] ?? {}) as Record<string, string>;
  for (const [key, text] of Object.entries(chronic)) amounts.chronicPaid[key] = fen(BigInt(text));
  return amounts;
}

/** [admissions, twelve amounts] as text, in the order of the columns. */
export function accumulatorArray(values: Accumulators): string[] {
  return [String(values.admissions), ...AMOUNTS.map((key) => values[key].toString())];
}

/** Amounts by disease as JSON: fen as text, because a JSON number is not exact everywhere. */
export function chronicJson(values: Accumulators): Record<string, string> {
  const entries: [string, Fen][] = Object.entries(values.chronicPaid);
  return Object.fromEntries(entries.map(([key, amount]) => [key, amount.toString()]));
}
