import { fen, type Fen, maxFen, minFen, multiplyRate, sumFen, ZERO_FEN } from '../../../common/money/index.js';
import type { Band } from '../../domain/policy.js';

/** The part of an amount inside one marginal band, and what the band's share makes of it. */
export interface BandPart {
  readonly band: Band;
  /** Lower bound of the band as an amount. */
  readonly from: Fen;
  /** Upper bound as an amount; null beyond the last bound. */
  readonly to: Fen | null;
  readonly part: Fen;
  /** part × share, rounded half-up. */
  readonly amount: Fen;
}

/**
 * Cuts `amount` (over- or underspend, ≥ 0) along marginal bands measured in shares of `budget` and applies each band's
 * share to the part inside it only. Amounts above a last bound that is not null get nothing.
 * The bounds are rounded to the fen, so the parts always sum to the amount (payment.md §4).
 */
export function cutIntoBands(amount: Fen, budget: Fen, bands: readonly Band[]): BandPart[] {
  const parts: BandPart[] = [];
  let from = ZERO_FEN;
  for (const band of bands) {
    const to = band.upTo === null ? null : multiplyRate(budget, band.upTo);
    const inside = fen((to === null ? amount : minFen(amount, to)) - from);
    const part = maxFen(inside, ZERO_FEN);
    parts.push({ band, from, to, part, amount: multiplyRate(part, band.share) });
    if (to === null) break;
    from = to;
  }
  return parts;
}

/** Sum of what the bands' shares make of an amount. */
export function bandTotal(parts: readonly BandPart[]): Fen {
  return sumFen(parts.map((part) => part.amount));
}
