export { type IncomeKind, type Tier } from './domain/income.js';
export { type FundIncome, Funding, type IncomeFilter } from './funding.js';
export { FundingModule } from './funding.module.js';
