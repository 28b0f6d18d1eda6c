import { type Month, monthOf, nextMonth, type LocalDate } from '../../common/time/index.js';

/**
 * The months that may take the reversal of a settlement, in order of preference: the month it was settled in while that
 * is open, so that the month shows what happened; then the current month; then the next one, for the hours in which the
 * current month has been closed early. The first open one takes it: a closed month never changes.
 */
export function reversalMonths(original: Month, today: LocalDate): Month[] {
  const current = monthOf(today);
  const candidates = [original, current, nextMonth(current)].filter((month) => month >= original);
  return [...new Set(candidates)].sort();
}
