import type { ClearingPolicy } from '../../domain/policy.js';

/** What decides whether a hospital's readmissions are reviewed one by one. */
export interface ReviewedHospital {
  readonly speciality: string;
  readonly beds: number;
}

/**
 * Small and special hospitals (maternity, orthopaedics…) have each readmission of the same person within N days
 * reviewed; those judged reasonable leave the numerator of the visit-to-person ratio (payment.md §4).
 */
export function isReadmissionReviewed(hospital: ReviewedHospital, policy: ClearingPolicy['readmission']): boolean {
  return policy.specialities.includes(hospital.speciality) || hospital.beds <= policy.maxBeds;
}
