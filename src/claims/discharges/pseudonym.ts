import { createHash } from 'node:crypto';
import { addDays, firstDay, lastDay, type LocalDate, type Month } from '../../common/time/index.js';
import type { InsuredType, Scheme } from '../../benefits/index.js';
import type { DischargeCase } from './discharge-row.js';

/** Mark of a person that stands for a case of a file without identities; nobody real is behind it. */
export const DE_IDENTIFIED = 'de-identified';

const SEQUENCES = 500;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The stay of a case; the file says how long it lasted and in which month it ended, no more. */
export interface Stay {
  readonly admittedOn: LocalDate;
  readonly dischargedOn: LocalDate;
}

/** A number derived from a text, the same on every machine: below `limit`. */
function derived(seed: string, limit: number): number {
  return createHash('sha256').update(seed, 'utf8').digest().readUInt32BE(0) % limit;
}

/** The id under which a case's person is registered: the same case of the same institution is the same person. */
export function pseudonymId(institutionCode: string, caseNo: string): string {
  const hex = createHash('sha256').update(`discharge:${institutionCode}:${caseNo}`, 'utf8').digest('hex');
  // Version 8 (RFC 9562): an id of one's own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A day of discharge within the month, not after `today`, spread evenly by the case number; admission so many days before. */
export function stayOf(found: DischargeCase, month: Month, today: LocalDate): Stay {
  const last = lastDay(month) < today ? lastDay(month) : today;
  const span = Number(last.slice(8)) - 1;
  const dischargedOn = addDays(firstDay(month), derived(`day:${found.caseNo}`, span + 1));
  return { admittedOn: addDays(dischargedOn, -found.days), dischargedOn };
}

/** A birth date that makes the person exactly so old on the day of admission. */
export function birthDateOf(found: DischargeCase, admittedOn: LocalDate): LocalDate {
  const year = String(Number(admittedOn.slice(0, 4)) - found.ageYears).padStart(4, '0');
  const rest = admittedOn.slice(4) === '-02-29' ? '-02-28' : admittedOn.slice(4);
  return addDays(`${year}${rest}` as LocalDate, -derived(`birth:${found.caseNo}`, 364));
}

/** Position in the scheme by age alone: the file says no more. */
export function insuredTypeOf(scheme: Scheme, ageYears: number): InsuredType {
  if (scheme === '310') return ageYears >= 60 ? 'retired' : 'employed';
  return ageYears < 18 ? 'student' : 'adult';
}

/**
 * A fictitious identity number with a valid check digit: county of the institution, the birth date, a sequence derived
 * from the case and the attempt – the caller tries again when another person has that number.
 */
export function fictitiousIdNo(areaCode: string, birthDate: LocalDate, found: DischargeCase, attempt: number): string {
  const sequence = (derived(`id:${found.caseNo}`, SEQUENCES) + attempt) % SEQUENCES;
  // The last digit of the sequence is odd for men, even for women (GB 11643).
  const digits = `${areaCode.slice(0, 6)}${birthDate.replaceAll('-', '')}${String(sequence * 2 + (found.sex === '1' ? 1 : 0)).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return digits + '10X98765432'.charAt(sum % 11);
}
