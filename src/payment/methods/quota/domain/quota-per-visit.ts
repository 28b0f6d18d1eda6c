import {
  allocate,
  fen,
  type Fen,
  minFen,
  multiplyRate,
  type Rate,
  sumFen,
  ZERO_FEN,
} from '../../../../common/money/index.js';
import { roundToFen } from '../../../domain/rates.js';

/** One provider of a quota class (次均定额分类) with last year's and this year's figures. */
export interface QuotaMember {
  readonly providerId: string;
  readonly lastYearCost: Fen;
  readonly lastYearVisits: bigint;
  /** Fund cost and visits of this year. */
  readonly cost: Fen;
  readonly visits: bigint;
}

/** Quota of a class: the visit-weighted mean of its providers' actual averages of last year. */
export function classQuota(members: readonly Pick<QuotaMember, 'lastYearCost' | 'lastYearVisits'>[]): Fen {
  const visits = members.reduce((sum, member) => sum + member.lastYearVisits, 0n);
  if (visits <= 0n) throw new RangeError('a quota class needs visits of last year');
  return roundToFen(sumFen(members.map((member) => member.lastYearCost)), visits);
}

export interface CompensationPolicy {
  /** Share of the excess that the provider bears, e.g. 0.30. */
  readonly providerShare: Rate;
  /** The fund bears at most this share of the provider's quota amount. */
  readonly fundCap: Rate;
}

/** accepted + saved = fund + fromCompensation + borne + saved, i.e. cost = fund + fromCompensation + borne. */
export interface QuotaResult {
  readonly providerId: string;
  readonly quotaAmount: Fen;
  readonly fund: Fen;
  readonly fromCompensation: Fen;
  readonly borne: Fen;
  readonly saved: Fen;
}

/**
 * Quota per visit with a compensation account (次均定额与类内调剂), payment.md §4. Over quota: the provider bears its share of
 * the excess, the fund the rest within the cap. What is then still borne is covered by the class's savings, pro rata;
 * what is left of the savings is carried by those who saved, pro rata.
 * Laws: cost = fund + fromCompensation + borne per provider; Σ savings = Σ fromCompensation + Σ saved.
 */
export function settleQuotaClass(members: readonly QuotaMember[], policy: CompensationPolicy): QuotaResult[] {
  const quota = classQuota(members);
  const first = members.map((member) => {
    const quotaAmount = fen(quota * member.visits);
    const excess = member.cost > quotaAmount ? fen(member.cost - quotaAmount) : ZERO_FEN;
    const byRate = fen(excess - multiplyRate(excess, policy.providerShare));
    const fundExtra = minFen(byRate, multiplyRate(quotaAmount, policy.fundCap));
    return {
      member,
      quotaAmount,
      fund: fen((excess > 0n ? quotaAmount : member.cost) + fundExtra),
      open: fen(excess - fundExtra),
      saving: excess > 0n ? ZERO_FEN : fen(quotaAmount - member.cost),
    };
  });
  const account = sumFen(first.map((row) => row.saving));
  const open = sumFen(first.map((row) => row.open));
  const used = minFen(account, open);
  const covered =
    used > 0n
      ? allocate(
          used,
          first.map((row) => row.open),
        )
      : first.map(() => ZERO_FEN);
  const kept =
    account > used
      ? allocate(
          fen(account - used),
          first.map((row) => row.saving),
        )
      : first.map(() => ZERO_FEN);
  return first.map((row, index) => {
    const fromCompensation = covered[index] ?? ZERO_FEN;
    return {
      providerId: row.member.providerId,
      quotaAmount: row.quotaAmount,
      fund: row.fund,
      fromCompensation,
      borne: fen(row.open - fromCompensation),
      saved: kept[index] ?? ZERO_FEN,
    };
  });
}

export interface BandedQuotaPolicy {
  /** Up to this share over quota the fund bears `fundShare` of the excess, beyond nothing. */
  readonly upTo: Rate;
  readonly fundShare: Rate;
  /** Share of a saving paid as a reward, at most `rewardCap` of the quota amount. */
  readonly reward: Rate;
  readonly rewardCap: Rate;
}

/** The other shape in use: excess within a band shared with the fund, saving rewarded within a cap. cost = fund − reward + borne. */
export function settleBandedQuota(
  quotaAmount: Fen,
  cost: Fen,
  policy: BandedQuotaPolicy,
): { fund: Fen; borne: Fen; reward: Fen } {
  if (cost <= quotaAmount) {
    const reward = minFen(
      multiplyRate(fen(quotaAmount - cost), policy.reward),
      multiplyRate(quotaAmount, policy.rewardCap),
    );
    return { fund: fen(cost + reward), borne: ZERO_FEN, reward };
  }
  const inside = minFen(fen(cost - quotaAmount), multiplyRate(quotaAmount, policy.upTo));
  const fund = fen(quotaAmount + multiplyRate(inside, policy.fundShare));
  return { fund, borne: fen(cost - fund), reward: ZERO_FEN };
}
