import { DomainError } from '../../common/errors/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { enrollmentErrors } from './errors.js';

/** Insurance scheme (险种): 310 employee, 390 urban-rural resident. */
export type Scheme = '310' | '390';

/** What the person is in the scheme (参保身份). */
export type InsuredType = 'employed' | 'retired' | 'adult' | 'student' | 'newborn';

export const SCHEMES: readonly Scheme[] = ['310', '390'];

/** Insured types of each scheme. */
export const INSURED_TYPES: Readonly<Record<Scheme, readonly InsuredType[]>> = {
  '310': ['employed', 'retired'],
  '390': ['adult', 'student', 'newborn'],
};

/**
 * Identity marks (身份标识) that the bureau keeps: tekun 特困, dibao 低保, dibao-edge 低保边缘, monitored 返贫监测, poor 困难群众,
 * disabled 重残, veteran 优抚, civil-servant 公务员, employer-supplement 企业补充, family-doctor 家庭医生签约.
 */
export const IDENTITY_MARKS: readonly string[] = [
  'tekun',
  'dibao',
  'dibao-edge',
  'monitored',
  'poor',
  'disabled',
  'veteran',
  'civil-servant',
  'employer-supplement',
  'family-doctor',
];

/** A coverage asked for. Days are half-open: `to` is the first day without coverage, null = until ended. */
export interface CoverageRequest {
  readonly scheme: Scheme;
  readonly insuredType: InsuredType;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  /** First day with benefits; left out = from the first day (no waiting period). */
  readonly benefitsFrom?: LocalDate;
}

/**
 * Checks a coverage in itself; whether it overlaps another one is for the database to say. Errors
 * `enrollment.wrong-insured-type`, `enrollment.bad-period`, `enrollment.benefits-before-coverage`.
 */
export function checkCoverage(request: CoverageRequest): Required<CoverageRequest> {
  const { scheme, insuredType, from, to } = request;
  if (!INSURED_TYPES[scheme].includes(insuredType)) {
    throw new DomainError(enrollmentErrors['wrong-insured-type'], { insuredType, scheme });
  }
  if (to !== null && to <= from) throw new DomainError(enrollmentErrors['bad-period']);
  const benefitsFrom = request.benefitsFrom ?? from;
  if (benefitsFrom < from) throw new DomainError(enrollmentErrors['benefits-before-coverage'], { from });
  return { scheme, insuredType, from, to, benefitsFrom };
}
