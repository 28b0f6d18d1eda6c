import type { Fen } from '../../common/money/index.js';
import { emptyAccumulators, type MutableAccumulators } from './accumulators.js';
import type { Piece } from './document.js';
import { type BenefitPolicy, RATIO_UNIT } from './policy.js';
import type { BenefitInput, Funds, LineSplit, Place, TraceCode, TraceStep } from './types.js';

/** A line's split while it is being worked on. */
export type MutableSplit = { -readonly [K in keyof LineSplit]: LineSplit[K] };

/** The bill while the order of benefits is applied to it. Local to one call of `settle`. */
export interface Bill {
  readonly input: BenefitInput;
  readonly policy: BenefitPolicy;
  readonly lines: MutableSplit[];
  readonly totals: { total: Fen; fulamtOwnpay: Fen; overlmtSelfpay: Fen; preselfpay: Fen; inscp: Fen };
  /** Place for the deductible: an emergency outside counts as filed (急诊视同备案). */
  place: Place;
  /** Points (millionths) taken off every pooled ratio for out-of-area care or a missing referral. */
  cut: bigint;
  hospital: Fen;
  /** What the person still has to pay, by piece. */
  readonly remaining: Record<Piece, Fen>;
  readonly funds: { -readonly [K in keyof Funds]: Fen };
  deductible: Fen;
  special: Fen;
  /** In-scope amount beyond the pool's annual ceiling: the base of the large-amount subsidy. */
  overflow: Fen;
  /** In-scope amount left to the person by plans that count for the catastrophic insurance. */
  counted: Fen;
  readonly delta: MutableAccumulators;
  readonly trace: TraceStep[];
}

const ZERO = 0n as Fen;

/** A bill with nothing computed yet. */
export function openBill(input: BenefitInput, policy: BenefitPolicy): Bill {
  return {
    input,
    policy,
    lines: [],
    totals: { total: ZERO, fulamtOwnpay: ZERO, overlmtSelfpay: ZERO, preselfpay: ZERO, inscp: ZERO },
    place: input.referral === 'emergency' && input.place === 'out-unfiled' ? 'out-filed' : input.place,
    cut: 0n,
    hospital: ZERO,
    remaining: { inscope: ZERO, preselfpay: ZERO, overlimit: ZERO, ownpay: ZERO },
    funds: { hifp: ZERO, cvlserv: ZERO, hifes: ZERO, hifmi: ZERO, hifob: ZERO, maf: ZERO, oth: ZERO },
    deductible: ZERO,
    special: ZERO,
    overflow: ZERO,
    counted: ZERO,
    delta: emptyAccumulators(),
    trace: [],
  };
}

/** Adds a step to the trace. */
export function step(
  bill: Bill,
  code: TraceCode,
  amounts: { base: Fen; ratio?: bigint | null; amount: Fen },
  clause: string,
  params: Readonly<Record<string, string | number>> = NO_PARAMS,
): void {
  const { base, ratio, amount } = amounts;
  bill.trace.push({
    code,
    base,
    ratio: ratio === undefined || ratio === null ? null : ratioText(ratio),
    amount,
    clause,
    params,
  });
}

const NO_PARAMS: Readonly<Record<string, string | number>> = Object.freeze({});

/** Takes a payment of a fund off what the person still has to pay, from inside the scheme to outside. */
export function payFrom(bill: Bill, fund: keyof Funds, amount: Fen, pieces: readonly Piece[]): void {
  let left: bigint = amount;
  for (const piece of pieces) {
    const part = left < bill.remaining[piece] ? left : bill.remaining[piece];
    bill.remaining[piece] = (bill.remaining[piece] - part) as Fen;
    left -= part;
  }
  bill.funds[fund] = (bill.funds[fund] + amount - left) as Fen;
}

/** base × ratio (millionths), half-up to the fen; base ≥ 0. */
export function share(base: Fen, ratio: bigint): Fen {
  return ((base * ratio * 2n + RATIO_UNIT) / (2n * RATIO_UNIT)) as Fen;
}

/** Decimal text of a ratio in millionths: 850000 → "0.85". */
export function ratioText(ratio: bigint): string {
  const known = RATIO_TEXTS.get(ratio);
  if (known !== undefined) return known;
  const digits = ratio.toString().padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0+$/, '');
  const text = decimals === '' ? digits.slice(0, -6) : `${digits.slice(0, -6)}.${decimals}`;
  // Only as many different ratios as policies have; the bound keeps a hostile caller from growing it.
  if (RATIO_TEXTS.size < 10_000) RATIO_TEXTS.set(ratio, text);
  return text;
}

const RATIO_TEXTS = new Map<bigint, string>();
