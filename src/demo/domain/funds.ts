import { allocate, fen, type Fen, multiplyRate, ratio } from '../../common/money/index.js';
import type { IncomeKind, Tier } from '../../funding/index.js';
import type { Scheme } from '../../enrollment/index.js';
import { FIRST_YEAR } from './scale.js';

/** One source of income with its share, per mille of the year's income. */
export interface IncomeSource {
  readonly kind: IncomeKind;
  readonly tier: Tier;
  readonly share: number;
  /** Months in which it comes, with their weights, January first. */
  readonly months: readonly number[];
  readonly basis: string;
}

const MONTHLY = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
const QUARTERLY = [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0];
const YEAR_START = [7, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Where the money of a scheme comes from: employees pay by the month, residents before the year, subsidies by the quarter. */
export const SOURCES: Readonly<Record<Scheme, readonly IncomeSource[]>> = {
  '310': [
    { kind: 'premium', tier: 'none', share: 965, months: MONTHLY, basis: '单位与个人缴费中计入统筹基金部分' },
    { kind: 'interest', tier: 'none', share: 20, months: QUARTERLY, basis: '财政专户存款利息' },
    { kind: 'transfer', tier: 'none', share: 15, months: MONTHLY, basis: '关系转入' },
  ],
  '390': [
    { kind: 'premium', tier: 'none', share: 365, months: YEAR_START, basis: '城乡居民个人缴费' },
    { kind: 'subsidy', tier: 'central', share: 250, months: QUARTERLY, basis: '中央财政补助' },
    { kind: 'subsidy', tier: 'province', share: 190, months: QUARTERLY, basis: '省级财政补助' },
    { kind: 'subsidy', tier: 'prefecture', share: 55, months: QUARTERLY, basis: '市级财政补助' },
    { kind: 'subsidy', tier: 'county', share: 130, months: QUARTERLY, basis: '县级财政补助' },
    { kind: 'interest', tier: 'none', share: 10, months: QUARTERLY, basis: '财政专户存款利息' },
  ],
};

/** Income per hundred yuan that the funds pay, in the first year of the history and in the last one taken over. */
const PAST_INCOME: Readonly<Record<Scheme, { first: number; last: number }>> = {
  '310': { first: 104, last: 139 },
  '390': { first: 102, last: 122 },
};
const LAST_TAKEN_OVER = 2024;

/**
 * The income of a year that is taken over. It grows a little faster than what is paid, year after year, up to what the
 * budgets of the years after it count on (providers, reserve, set-asides): a line that a director reads has no step in it.
 * @param paid what the funds paid in the year
 */
export function pastIncome(scheme: Scheme, year: number, paid: Fen): Fen {
  const { first, last } = PAST_INCOME[scheme];
  const span = LAST_TAKEN_OVER - FIRST_YEAR;
  const passed = Math.min(year - FIRST_YEAR, span);
  return multiplyRate(paid, ratio(BigInt(first * span + (last - first) * passed), BigInt(100 * span)));
}

/** Splits a year's income over its sources; the parts sum to it exactly. */
export function splitIncome(scheme: Scheme, income: Fen): { source: IncomeSource; amount: Fen }[] {
  const sources = SOURCES[scheme];
  const amounts = allocate(
    income,
    sources.map((source) => BigInt(source.share)),
  );
  return sources.map((source, index) => ({ source, amount: amounts[index] ?? fen(0) }));
}

/** Splits a source over the months in which it comes; the parts sum to it exactly. */
export function splitMonths(source: IncomeSource, amount: Fen): Fen[] {
  return allocate(
    amount,
    source.months.map((weight) => BigInt(weight)),
  );
}

/**
 * The income from which a wanted amount is left for the providers. What is left is a straight line in the income (reserve
 * and shares of it, amounts per head), so two values of it give the line.
 * @param leftOf what a year's income leaves (`Payment policy`)
 */
export function incomeFor(wanted: Fen, leftOf: (income: Fen) => Fen): Fen {
  const probe = 10_000_000_000_00n;
  const base = leftOf(fen(0));
  const slope = leftOf(fen(probe)) - base;
  if (slope <= 0n) throw new RangeError('more income must leave more for the providers');
  const income = ((wanted - base) * probe) / slope;
  // Whole hundreds of yuan, upwards: a forecast is not made to the fen.
  return fen(((income + 9_999n) / 10_000n) * 10_000n);
}
