import { fen, type Fen, type Rate, ratio } from '../../common/money/index.js';

/** 1 + r, exactly. */
export function onePlus(r: Rate): Rate {
  return ratio(r.numerator + r.denominator, r.denominator);
}

/** a × b, exactly. */
export function times(a: Rate, b: Rate): Rate {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** a − b, exactly. */
export function minus(a: Rate, b: Rate): Rate {
  return ratio(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

/** Sign of a − b: −1, 0 or 1. */
export function compareRates(a: Rate, b: Rate): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** An exact fraction of fen, rounded once, half away from zero, to the fen. The denominator must be positive. */
export function roundToFen(numerator: bigint, denominator: bigint): Fen {
  if (denominator <= 0n) throw new RangeError('roundToFen needs a positive denominator');
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (magnitude * 2n + denominator) / (denominator * 2n);
  return fen(numerator < 0n ? -rounded : rounded);
}
