import type { Fen } from '../../common/money/index.js';
import { share } from './bill.js';
import { RATIO_UNIT } from './policy.js';

/** One band crossed: how much of the base lay in it and what was paid for that. */
export interface BandPart {
  readonly base: Fen;
  readonly ratio: bigint;
  readonly paid: Fen;
  readonly from: Fen;
  readonly upTo: Fen | null;
}

export interface BandWalk {
  /** What the bands are walked with. */
  readonly amount: Fen;
  /** Where on the measure the amount begins: cumulative in-scope, or cumulative paid. */
  readonly position: Fen;
  /** Whether `upTo` is measured on what came in or on what was paid. */
  readonly measure: 'inscope' | 'paid';
  /** The most that may be paid; null = no limit. */
  readonly limit: Fen | null;
}

export interface BandWalked {
  readonly paid: Fen;
  /** What the bands did not take: beyond the limit or above the last band. */
  readonly rest: Fen;
  readonly limitReached: boolean;
  readonly parts: readonly BandPart[];
}

/**
 * Walks an amount through marginal bands. Each band's part is one formula, half-up once. When the limit is reached inside a
 * band, exactly the limit is paid and the amount that it stands for is limit ÷ ratio, half-up.
 */
export function walkBands<B extends { readonly from: Fen; readonly upTo: Fen | null }>(
  bands: readonly B[],
  ratioOf: (band: B) => bigint,
  walk: BandWalk,
): BandWalked {
  let rest: bigint = walk.amount;
  let position: bigint = walk.position;
  let paid = 0n;
  let limitReached = false;
  const parts: BandPart[] = [];
  for (const band of bands) {
    if (rest === 0n || limitReached) break;
    const room = band.upTo === null ? null : band.upTo - position;
    if (room !== null && room <= 0n) continue;
    const ratio = ratioOf(band);
    let base = walk.measure === 'inscope' && room !== null && room < rest ? room : rest;
    let pay: bigint = share(base as Fen, ratio);
    if (walk.measure === 'paid' && room !== null && pay > room) {
      pay = room;
      base = standsFor(room, ratio, rest);
    }
    if (walk.limit !== null && paid + pay > walk.limit) {
      limitReached = true;
      pay = walk.limit - paid;
      base = standsFor(pay, ratio, base);
    }
    if (base > 0n) {
      parts.push({ base: base as Fen, ratio, paid: pay as Fen, from: band.from, upTo: band.upTo });
    }
    paid += pay;
    rest -= base;
    position += walk.measure === 'inscope' ? base : pay;
  }
  return { paid: paid as Fen, rest: rest as Fen, limitReached, parts };
}

/** The amount whose share at `ratio` is `paid`, half-up, at most `most`. Only called with ratio > 0. */
function standsFor(paid: bigint, ratio: bigint, most: bigint): bigint {
  const base = (paid * RATIO_UNIT * 2n + ratio) / (2n * ratio);
  return base < most ? base : most;
}

/** base ratio + bonus − cut, held between 0 and 1. */
export function boundedRatio(ratio: bigint, bonus: bigint, cut: bigint): bigint {
  const sum = ratio + bonus - cut;
  return sum < 0n ? 0n : sum > RATIO_UNIT ? RATIO_UNIT : sum;
}
