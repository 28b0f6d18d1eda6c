import type { Fen } from '../../common/money/index.js';
import { ratio, rateText } from '../../common/money/index.js';

/**
 * Growth against the same months of the year before, in percent with two decimals, half-up; computed from fen, never from
 * rounded figures. Null when there is nothing to compare with.
 */
export function growthPercent(now: Fen, before: Fen): string | null {
  if (before <= 0n) return null;
  return rateText(ratio((now - before) * 100n, before), 2);
}

/** A part of a whole in percent with two decimals, never cut at 100. Null when the whole is nothing. */
export function sharePercent(part: Fen, whole: Fen): string | null {
  if (whole <= 0n) return null;
  return rateText(ratio(part * 100n, whole), 2);
}
