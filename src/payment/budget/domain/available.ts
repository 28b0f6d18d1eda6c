import { fen, type Fen, multiplyRate, type Rate, sumFen } from '../../../common/money/index.js';
import type { SetAsideRule } from '../../domain/policy.js';
import type { Text } from '../../domain/trace.js';

/** One named set-aside with its amount. */
export interface SetAside {
  readonly code: string;
  readonly name: Text;
  readonly amount: Fen;
}

/** income = reserve + Σ set-asides + available, exactly. */
export interface Available {
  readonly income: Fen;
  readonly reserve: Fen;
  readonly setAsides: readonly SetAside[];
  /** May be negative: then there is nothing to allocate and the draft is refused. */
  readonly available: Fen;
}

/**
 * What can be allocated (以收定支): income × (1 − reserve rate) − Σ set-asides (payment.md §2).
 * @param insured heads covered by the scheme, for set-asides per head
 */
export function computeAvailable(
  income: Fen,
  reserveRate: Rate,
  rules: readonly SetAsideRule[],
  insured: bigint,
): Available {
  const reserve = multiplyRate(income, reserveRate);
  const afterReserve = fen(income - reserve);
  const setAsides = rules.map((rule) => ({
    code: rule.code,
    name: rule.name,
    amount: setAsideAmount(rule, afterReserve, insured),
  }));
  const total = sumFen(setAsides.map((setAside) => setAside.amount));
  return { income, reserve, setAsides, available: fen(afterReserve - total) };
}

function setAsideAmount(rule: SetAsideRule, afterReserve: Fen, insured: bigint): Fen {
  switch (rule.basis.kind) {
    case 'amount':
      return rule.basis.amount;
    case 'per-head':
      return fen(rule.basis.amount * insured);
    case 'share':
      return multiplyRate(afterReserve, rule.basis.share);
  }
}
