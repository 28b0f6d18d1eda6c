import IDValidator from 'id-validator';
import { DomainError } from '../../common/errors/index.js';
import { type LocalDate, parseLocalDate } from '../../common/time/index.js';
import { enrollmentErrors } from './errors.js';

/** GB/T 2261.1: '1' male, '2' female. */
export type Sex = '1' | '2';

/** What an identity number says about its holder. */
export interface IdNumber {
  /** 18 characters, a check digit X in upper case. */
  readonly idNo: string;
  readonly birthDate: LocalDate;
  readonly sex: Sex;
}

const SHAPE = /^\d{17}[\dX]$/;
const MOBILE_LENGTH = 11;

/**
 * Reads a citizen identity number (GB 11643) or a residence permit number of the same shape (81/82/83…): shape, check
 * digit (ISO 7064 MOD 11-2), a real birth date not after `today`. The division code is never a reason to refuse: codes
 * are abolished and created, people keep their number. Error `enrollment.bad-id-number` with the reason.
 */
export function parseIdNumber(text: string, today: LocalDate): IdNumber {
  const idNo = text.trim().toUpperCase();
  if (!SHAPE.test(idNo)) throw bad('应为18位，末位可为X', 'it must have 18 digits, the last may be X');
  // A fresh validator each time: the library keeps every number it has seen.
  if (!new IDValidator().isValid(idNo, 18)) throw bad('校验码不符', 'the check digit does not match');
  const birthDate = birthDateOf(idNo);
  if (birthDate > today) throw bad('出生日期在今天之后', 'the birth date lies in the future');
  return { idNo, birthDate, sex: Number(idNo[16]) % 2 === 1 ? '1' : '2' };
}

/** The number as lists show it: division and last four characters stay, the birth date and most of the order are hidden. */
export function maskIdNo(idNo: string): string {
  return `${idNo.slice(0, 6)}********${idNo.slice(-4)}`;
}

/** A phone number with its middle hidden, a short one but for its last two digits; null stays null. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  return phone.length < MOBILE_LENGTH ? `****${phone.slice(-2)}` : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** A birth date as it stands beside a masked number: the year. The rest is what the mask hides. */
export function maskBirthDate(birthDate: string): string {
  return `${birthDate.slice(0, 4)}-**-**`;
}

function birthDateOf(idNo: string): LocalDate {
  try {
    return parseLocalDate(`${idNo.slice(6, 10)}-${idNo.slice(10, 12)}-${idNo.slice(12, 14)}`);
  } catch {
    throw bad('出生日期不存在', 'the birth date does not exist');
  }
}

function bad(zh: string, en: string): DomainError {
  return new DomainError(enrollmentErrors['bad-id-number'], { zh, en });
}
