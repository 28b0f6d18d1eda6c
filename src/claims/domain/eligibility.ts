import { type BenefitPolicy, checkEligibility, eligibilityError, type EligibilityFacts } from '../../benefits/index.js';
import { DomainError } from '../../common/errors/index.js';
import { claimsErrors } from '../errors.js';
import type { Bill, BillFacts } from './types.js';

/** A bill whose person, coverage and provider are known to be there. */
export interface EligibleFacts extends BillFacts {
  readonly person: NonNullable<BillFacts['person']>;
  readonly coverage: NonNullable<BillFacts['coverage']>;
  readonly provider: NonNullable<BillFacts['provider']>;
}

/**
 * What stands before any policy can be chosen: bill number not settled yet, institution known and active, person known and
 * in some scheme on the day. Throws the first refusal.
 */
export function requireKnown(bill: Bill, facts: BillFacts): EligibleFacts {
  const { person, coverage, provider } = facts;
  if (facts.existingId !== null) {
    throw new DomainError(claimsErrors['duplicate-bill'], { billNo: bill.billNo, settlementId: facts.existingId });
  }
  if (provider === null) throw new DomainError(claimsErrors['provider-not-found']);
  if (provider.state !== 'active') throw new DomainError(claimsErrors['provider-closed']);
  if (person === null) throw new DomainError(claimsErrors['person-unknown'], { personId: bill.personId });
  if (coverage === null) throw new DomainError(claimsErrors['person-not-covered'], { date: bill.dischargedOn });
  return { ...facts, person, coverage, provider };
}

/**
 * Eligibility by the policy of the day (先核待遇资格): coverage, waiting period, agreement, physician, then the state of the
 * claims month. A bill that is refused leaves no trace in the books. Throws `eligibility.*` with all reasons,
 * `claims.provider-suspended` or `claims.month-closed`.
 */
export function requireEligible(bill: Bill, facts: EligibleFacts, policy: BenefitPolicy): void {
  const { coverage, provider } = facts;
  const emergency = bill.referral === 'emergency';
  const answer = checkEligibility(
    {
      on: bill.dischargedOn,
      scheme: coverage.scheme,
      category: bill.category,
      emergency,
      birthDate: facts.person.birthDate,
      coverage,
      agreement: provider.agreement,
      ...physicianOf(bill, facts),
      ...chronicOf(bill),
    },
    policy.eligibility,
  );
  if (!answer.ok) throw eligibilityError(answer.refusals);
  // A day of care before the suspension does not help: while it lasts the institution does not settle at all,
  // except 急诊抢救 – a life is not refused because of a dispute with the hospital.
  const rescue = emergency && policy.eligibility.emergencyDespiteSuspension;
  if (provider.suspendedNow !== null && !rescue) {
    throw new DomainError(claimsErrors['provider-suspended'], { date: bill.settledOn, reason: provider.suspendedNow });
  }
  if (facts.monthClosed) {
    throw new DomainError(claimsErrors['month-closed'], { month: bill.settleMonth, scheme: coverage.scheme });
  }
}

// A file of discharges names no physician, so it cannot be asked for one.
function physicianOf(bill: Bill, facts: EligibleFacts): Pick<EligibilityFacts, 'privilege'> {
  if (bill.physicianId !== undefined) return { privilege: facts.privilege };
  return bill.source === 'rest' ? {} : { privilege: { from: bill.dischargedOn, to: null, state: 'active' } };
}

// The register of chronic filings is not part of this room's facts yet: the code on the bill counts as filed on its day.
function chronicOf(bill: Bill): Pick<EligibilityFacts, 'chronic'> {
  if (bill.chronicCode === undefined) return {};
  return { chronic: { code: bill.chronicCode, filing: { from: bill.dischargedOn, to: null } } };
}
