export type {
  Accumulators,
  ApprovedLine,
  BenefitAmounts,
  BenefitInput,
  BenefitLine,
  BenefitResult,
  BillTotals,
  CatalogueClass,
  Category,
  FundCode,
  Funds,
  InsuredType,
  Level,
  LineSplit,
  Place,
  Referral,
  ReferredFrom,
  Scheme,
  TraceCode,
  TraceStep,
} from './domain/types.js';
export {
  accumulatorsFromJson,
  accumulatorsToJson,
  addAccumulators,
  emptyAccumulators,
  negateAccumulators,
} from './domain/accumulators.js';
export {
  checkEligibility,
  type DaySpan,
  type Eligibility,
  eligibilityError,
  type EligibilityFacts,
  type Refusal,
} from './domain/eligibility.js';
export { explain } from './domain/explain.js';
export type { BenefitPolicy } from './domain/policy.js';
export { negate } from './domain/reversal.js';
export { settle } from './domain/settle.js';
export { BenefitPolicies } from './benefit-policies.js';
export { BenefitsModule } from './benefits.module.js';
export { PolicyVersions } from './policy-versions.js';
export { type StoredStep, traceFromJson, traceToJson } from './domain/trace.js';
