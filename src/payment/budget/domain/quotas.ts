import type { Fen } from '../../../common/money/index.js';
import { allocateOrEvenly } from './allocation.js';

/**
 * Splits an annual amount into twelve months by last year's seasonality, or evenly where there is none, by largest
 * remainder: the months sum to the year, to the fen.
 * @param seasonality twelve weights, January first (last year's accepted amounts); empty = evenly
 */
export function monthlyQuotas(annual: Fen, seasonality: readonly bigint[]): Fen[] {
  const weights = seasonality.length === 12 ? seasonality : Array.from({ length: 12 }, () => 1n);
  return allocateOrEvenly(annual, weights);
}
