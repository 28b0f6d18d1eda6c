export { INCOME_KINDS, type IncomeKind, type Tier, TIERS } from './domain/income.js';
export { fundingErrors } from './errors.js';
export { type FundIncome, Funding, type IncomeFilter } from './funding.js';
export { FundingModule } from './funding.module.js';
