import { DomainError } from '../../common/errors/index.js';
import { fundingErrors } from '../errors.js';

export const INCOME_KINDS = ['premium', 'subsidy', 'interest', 'transfer'] as const;
export type IncomeKind = (typeof INCOME_KINDS)[number];

/** Who pays a subsidy; `none` for other income. */
export const TIERS = ['none', 'central', 'province', 'prefecture', 'county'] as const;
export type Tier = (typeof TIERS)[number];

/** The two lines of revenue and expenditure (收支两条线): how money may move between the three accounts. */
const PATHS: ReadonlySet<string> = new Set(['1001-1002', '1002-1003', '1003-1002']);

const INCOME_ACCOUNT: Readonly<Record<IncomeKind, string>> = {
  premium: '4001',
  subsidy: '4002',
  interest: '4003',
  transfer: '4004',
};

/** The income account that a receipt is posted to; the money arrives on 1001. */
export function incomeAccount(kind: IncomeKind): string {
  return INCOME_ACCOUNT[kind];
}

/** @throws DomainError `funding.bad-tier` */
export function checkTier(kind: IncomeKind, tier: Tier): void {
  if ((kind === 'subsidy') !== (tier !== 'none')) throw new DomainError(fundingErrors['bad-tier']);
}

/** @throws DomainError `funding.bad-path` */
export function checkPath(from: string, to: string): void {
  if (!PATHS.has(`${from}-${to}`)) throw new DomainError(fundingErrors['bad-path']);
}
