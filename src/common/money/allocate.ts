import { fen, type Fen } from './fen.js';

/**
 * Splits `total` (≥ 0) over `weights` (each ≥ 0, not all zero) by largest remainder (最大余数法):
 * the parts sum to the total exactly, no part is off its exact share by a whole fen, and ties go to the earlier weight.
 * Throws a RangeError on a negative total or weight, or when no weight is positive.
 */
export function allocate(total: Fen, weights: readonly bigint[]): Fen[] {
  if (total < 0n) throw new RangeError('allocate needs a total of zero or more');
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError('allocate needs weights of zero or more');
    sum += weight;
  }
  if (sum === 0n) throw new RangeError('allocate needs at least one positive weight');

  const parts = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight, index) => ({ index, remainder: (total * weight) % sum }));
  const short = Number(total - parts.reduce((a, b) => a + b, 0n));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of remainders.slice(0, short)) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts.map((part) => fen(part));
}
