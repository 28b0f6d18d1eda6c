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
 * Eligibility before anything is computed (先核待遇资格): institution and agreement, person and coverage on the day of
 * visit, waiting period, the physician's privilege, the month, the bill number. Throws the first refusal, with its code;
 * a bill that is refused leaves no trace in the books.
 */
export function requireEligible(bill: Bill, facts: BillFacts): EligibleFacts {
  const { person, coverage, provider } = facts;
  if (facts.existingId !== null) {
    throw new DomainError(claimsErrors['duplicate-bill'], { billNo: bill.billNo, settlementId: facts.existingId });
  }
  if (provider === null) throw new DomainError(claimsErrors['provider-not-found']);
  requireProvider(bill, provider);
  if (person === null) throw new DomainError(claimsErrors['person-unknown'], { personId: bill.personId });
  if (coverage === null) throw new DomainError(claimsErrors['person-not-covered'], { date: bill.dischargedOn });
  requireCoverage(bill, coverage);
  if (bill.physicianId !== undefined && facts.privilege !== 'active') {
    throw new DomainError(claimsErrors['physician-not-privileged'], { date: bill.dischargedOn });
  }
  if (facts.monthClosed) {
    throw new DomainError(claimsErrors['month-closed'], { month: bill.settleMonth, scheme: coverage.scheme });
  }
  return { ...facts, person, coverage, provider };
}

function requireProvider(bill: Bill, provider: NonNullable<BillFacts['provider']>): void {
  if (provider.state !== 'active') throw new DomainError(claimsErrors['provider-closed']);
  if (!provider.agreed) throw new DomainError(claimsErrors['no-agreement'], { date: bill.dischargedOn });
  // 急诊抢救 is excepted: a life is not refused because of a dispute with the hospital.
  if (provider.suspension !== null && bill.referral !== 'emergency') {
    throw new DomainError(claimsErrors['provider-suspended'], { date: bill.settledOn, reason: provider.suspension });
  }
}

function requireCoverage(bill: Bill, coverage: NonNullable<BillFacts['coverage']>): void {
  if (coverage.status !== 'active') throw new DomainError(claimsErrors['coverage-suspended'], { date: bill.dischargedOn });
  if (coverage.benefitsFrom > bill.dischargedOn) {
    throw new DomainError(claimsErrors['waiting-period'], { from: coverage.benefitsFrom, date: bill.dischargedOn });
  }
}
