import { fen, type Fen, multiplyRate, type Rate, ratio, sumFen, ZERO_FEN } from '../../../common/money/index.js';
import type { AssessmentPolicy } from '../../domain/policy.js';
import { compareRates } from '../../domain/rates.js';

/** What becomes of a provider's quality deposit (考核保证金). returned + forfeited = held, exactly. */
export interface DepositResult {
  readonly held: Fen;
  readonly returned: Fen;
  readonly forfeited: Fen;
}

/** Score ≥ full: all back. From pass: held × score / full. Below pass: forfeited (payment.md §4). */
export function settleDeposit(held: Fen, score: Rate, policy: AssessmentPolicy): DepositResult {
  if (held < 0n) throw new RangeError('a deposit held cannot be negative');
  const returned =
    compareRates(score, policy.full) >= 0
      ? held
      : compareRates(score, policy.pass) < 0
        ? ZERO_FEN
        : multiplyRate(
            held,
            ratio(score.numerator * policy.full.denominator, score.denominator * policy.full.numerator),
          );
  return { held, returned, forfeited: fen(held - returned) };
}

/** One provider that may share in the forfeits. */
export interface PoolMember {
  readonly providerId: string;
  readonly held: Fen;
  readonly score: Rate;
  /** Assessment index (考核系数), > 0. */
  readonly index: Rate;
}

/** A share of the forfeits pool. */
export interface PoolShare {
  readonly providerId: string;
  /** index × deposit, as an integer on the scale of all members. */
  readonly weight: bigint;
  readonly amount: Fen;
}

/**
 * Shares the forfeits pool among the best performers by index × deposit. Each but the last gets the whole fen of its
 * share; the last one takes the exact remainder, so the pool empties to the fen. Nobody good enough: no shares, and the
 * pool stays with the fund. The order of members is the order of the result (last = last with a weight).
 */
export function shareForfeits(pool: Fen, members: readonly PoolMember[], policy: AssessmentPolicy): PoolShare[] {
  if (pool < 0n) throw new RangeError('the pool of forfeits cannot be negative');
  const best = members.filter((member) => compareRates(member.score, policy.sharesFrom) >= 0);
  const scale = best.reduce((product, member) => lcm(product, member.index.denominator), 1n);
  const weighted = best
    .map((member) => ({
      providerId: member.providerId,
      weight: member.held * member.index.numerator * (scale / member.index.denominator),
    }))
    .filter((member) => member.weight > 0n);
  const total = weighted.reduce((sum, member) => sum + member.weight, 0n);
  const whole = weighted.slice(0, -1).map((member) => ({ ...member, amount: fen((pool * member.weight) / total) }));
  const last = weighted.at(-1);
  if (last === undefined) return [];
  return [...whole, { ...last, amount: fen(pool - sumFen(whole.map((share) => share.amount))) }];
}

function lcm(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
