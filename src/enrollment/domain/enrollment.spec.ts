import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '../../common/errors/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import { checkCoverage, type CoverageRequest } from './coverage.js';
import { maskIdNo, maskPhone, parseIdNumber } from './id-number.js';
import { parseName } from './name.js';

const today = parseLocalDate('2026-11-22');

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return isDomainError(error) ? error.code : 'other error';
  }
}

describe('identity number (公民身份号码)', () => {
  it.each([
    ['a man born 1949-12-31 in Beijing', '11010519491231002X', '1949-12-31', '2'],
    ['lower-case x is the same number', '11010519491231002x', '1949-12-31', '2'],
    ['a leap day', '440524188001010014', '1880-01-01', '1'],
    ['a division that was abolished', '110103199003078518', '1990-03-07', '1'],
    ['residence permit of Hong Kong (810000)', '810000199408230021', '1994-08-23', '2'],
  ])('%s', (_, text, birthDate, sex) => {
    expect(parseIdNumber(text, today)).toEqual({ idNo: text.toUpperCase(), birthDate, sex });
  });

  it.each([
    ['wrong check digit', '110105194912310021'],
    ['15 digits of the first generation', '110105491231002'],
    ['30 February with a right check digit', withCheckDigit('33110219900230001')],
    ['born tomorrow', withCheckDigit('33110220261123001')],
    ['letters', '33110219900A300014'],
    ['empty', ''],
    ['full-width digits', '１１010519491231002X'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => parseIdNumber(text, today))).toBe('enrollment.bad-id-number');
  });

  it('masks the birth date and keeps what a clerk compares', () => {
    expect(maskIdNo('11010519491231002X')).toBe('110105********002X');
    expect([maskPhone('13812345678'), maskPhone(null)]).toEqual(['138****5678', null]);
  });
});

describe('name', () => {
  it.each(['李𬱖𬭎', '𠮷野', '蓝䶮', '阿依古丽·买买提', 'Anne-Marie'])('%s stays as it is written', (name) => {
    expect(parseName(` ${name} `)).toBe(name);
  });

  it.each([
    ['empty', '  '],
    ['a replacement character of a broken encoding', '李\uFFFD'],
    ['a NUL', '李\u0000'],
    ['a right-to-left override', '李\u202E明'],
    ['a lone surrogate', '李\uD842'],
    ['a private-use character', '李\uE863'],
    ['101 characters', '李'.repeat(101)],
  ])('refuses %s', (_, name) => {
    expect(codeOf(() => parseName(name))).toBe('enrollment.bad-name');
  });

  it('counts characters outside the BMP once', () => {
    expect(parseName('𬱖'.repeat(100))).toHaveLength(200);
  });
});

describe('coverage', () => {
  const ask = (over: Partial<CoverageRequest>): CoverageRequest => ({
    scheme: '390',
    insuredType: 'adult',
    from: parseLocalDate('2026-01-01'),
    to: parseLocalDate('2027-01-01'),
    ...over,
  });

  it('gives benefits from the first day when there is no waiting period', () => {
    expect(checkCoverage(ask({})).benefitsFrom).toBe('2026-01-01');
  });

  it.each<[string, Partial<CoverageRequest>, string]>([
    ['resident year', {}, 'accepted'],
    ['employee without end', { scheme: '310', insuredType: 'employed', to: null }, 'accepted'],
    ['waiting period', { benefitsFrom: parseLocalDate('2026-04-01') }, 'accepted'],
    ['an employee type in the resident scheme', { insuredType: 'retired' }, 'enrollment.wrong-insured-type'],
    ['a student in the employee scheme', { scheme: '310', insuredType: 'student' }, 'enrollment.wrong-insured-type'],
    ['no day at all', { to: parseLocalDate('2026-01-01') }, 'enrollment.bad-period'],
    ['benefits before coverage', { benefitsFrom: parseLocalDate('2025-12-31') }, 'enrollment.benefits-before-coverage'],
  ])('%s', (_, over, expected) => {
    expect(codeOf(() => checkCoverage(ask(over)))).toBe(expected);
  });
});

/** Completes 17 digits by ISO 7064 MOD 11-2, written here apart from the code under test. */
function withCheckDigit(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}
