import { fen, type Fen, ZERO_FEN } from '../../common/money/index.js';
import type { Accumulators } from './types.js';

/** The accumulators while a bill is being settled. */
export type MutableAccumulators = {
  -readonly [K in keyof Accumulators]: K extends 'chronicPaid' ? Record<string, Fen> : Accumulators[K];
};

const FEN_FIELDS = [
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
] as const;

/** A person's year before the first bill. */
export function emptyAccumulators(): MutableAccumulators {
  return {
    admissions: 0,
    deductiblePaid: ZERO_FEN,
    inscp: ZERO_FEN,
    poolPaid: ZERO_FEN,
    burden: ZERO_FEN,
    catastrophicPaid: ZERO_FEN,
    largePaid: ZERO_FEN,
    civilServantPaid: ZERO_FEN,
    employerPaid: ZERO_FEN,
    assistancePaid: ZERO_FEN,
    outpatientPaid: ZERO_FEN,
    outpatientInscp: ZERO_FEN,
    outpatientDeductible: ZERO_FEN,
    chronicPaid: {},
  };
}

/** a + b, field by field; an entry of chronicPaid that becomes zero is left out, so that giving back restores the row. */
export function addAccumulators(a: Accumulators, b: Accumulators): Accumulators {
  const sum = emptyAccumulators();
  sum.admissions = a.admissions + b.admissions;
  for (const field of FEN_FIELDS) sum[field] = (a[field] + b[field]) as Fen;
  for (const key in a.chronicPaid) sum.chronicPaid[key] = a.chronicPaid[key] ?? ZERO_FEN;
  for (const key in b.chronicPaid) {
    const total = (sum.chronicPaid[key] ?? ZERO_FEN) + (b.chronicPaid[key] ?? ZERO_FEN);
    if (total !== 0n) sum.chronicPaid[key] = total as Fen;
    else sum.chronicPaid = without(sum.chronicPaid, key);
  }
  return sum;
}

/** The same figures with the opposite sign: what a reversal gives back. */
export function negateAccumulators(value: Accumulators): Accumulators {
  const negated = emptyAccumulators();
  negated.admissions = value.admissions === 0 ? 0 : -value.admissions;
  for (const field of FEN_FIELDS) negated[field] = (0n - value[field]) as Fen;
  for (const [key, amount] of Object.entries(value.chronicPaid)) negated.chronicPaid[key] = (0n - amount) as Fen;
  return negated;
}

/** What one settlement or reversal added to a person's year, by its id. */
export interface AccumulatorEntry {
  readonly id: string;
  readonly delta: Accumulators;
}

/**
 * A person's year from its entries. An id counts once however often it is read – the same settlement seen in the live
 * table and in the archive is one settlement (a ceiling must not be used up by a copy).
 */
export function foldAccumulators(entries: Iterable<AccumulatorEntry>): Accumulators {
  const seen = new Set<string>();
  let total: Accumulators = emptyAccumulators();
  for (const { id, delta } of entries) {
    if (seen.has(id)) continue;
    seen.add(id);
    total = addAccumulators(total, delta);
  }
  return total;
}

/** JSON shape of accumulators for storage: fen as integer text, zeros left out. */
export function accumulatorsToJson(value: Accumulators): Record<string, string | number | Record<string, string>> {
  const json: Record<string, string | number | Record<string, string>> = {};
  if (value.admissions !== 0) json['admissions'] = value.admissions;
  for (const field of FEN_FIELDS) if (value[field] !== 0n) json[field] = value[field].toString();
  const chronic = Object.entries(value.chronicPaid);
  if (chronic.length > 0) {
    json['chronicPaid'] = Object.fromEntries(chronic.map(([key, amount]) => [key, amount.toString()]));
  }
  return json;
}

/** Reads what `accumulatorsToJson` wrote. */
export function accumulatorsFromJson(json: Readonly<Record<string, unknown>>): Accumulators {
  const value = emptyAccumulators();
  value.admissions = typeof json['admissions'] === 'number' ? json['admissions'] : 0;
  for (const field of FEN_FIELDS) {
    const text = json[field];
    if (typeof text === 'string') value[field] = fen(BigInt(text));
  }
  const chronic = json['chronicPaid'];
  if (typeof chronic === 'object' && chronic !== null) {
    for (const [key, text] of Object.entries(chronic)) {
      if (typeof text === 'string') value.chronicPaid[key] = fen(BigInt(text));
    }
  }
  return value;
}

function without(record: Readonly<Record<string, Fen>>, key: string): Record<string, Fen> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}
