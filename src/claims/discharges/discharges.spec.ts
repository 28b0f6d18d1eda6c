import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ageOn, monthOf, parseLocalDate, parseMonth } from '../../common/time/index.js';
import { parseIdNumber } from '../../enrollment/index.js';
import { type DischargeCase, readDischarge } from './discharge-row.js';
import { birthDateOf, fictitiousIdNo, insuredTypeOf, pseudonymId, stayOf } from './pseudonym.js';

const GOOD = {
  ...{ caseNo: 'C1', sex: '1', age: '69', department: '1304', days: '21', way: '1', total: '27193.47', scheme: '居民' },
  ...{ diagnosis: 'k80.501', diagnoses: 'K80.100X001|k83.109', procedure: '', procedures: '' },
};

function caseOf(over: Partial<DischargeCase>): DischargeCase {
  const read = readDischarge(GOOD);
  if ('faults' in read) throw new Error('the sample row must be good');
  return { ...read.case, ...over };
}

describe('a row of a file of discharges', () => {
  it('is read with codes in the way of the insurance version', () => {
    expect(caseOf({})).toMatchObject({
      ...{ caseNo: 'C1', sex: '1', ageYears: 69, days: 21, total: 2_719_347n, scheme: '390', mainProcedure: undefined },
      ...{ mainDiagnosis: 'K80.501', otherDiagnoses: ['K80.100x001', 'K83.109'] },
    });
  });

  it.each([
    ['caseNo', '', '病例号'],
    ['sex', '3', '性别'],
    ['age', '1.5', '年龄'],
    ['age', '131', '年龄'],
    ['days', '-1', '住院天数'],
    ['total', '0', '总费用'],
    ['total', '1,000.00', '总费用'],
    ['total', '12.345', '总费用'],
    ['scheme', '', '医保类型'],
    ['diagnosis', '', '主要诊断编码'],
    ['diagnoses', 'K80.501||', '其他诊断编码'],
    ['procedure', '手术', '主要手术操作编码'],
  ])('with %s = "%s" is at fault in column %s', (key, value, column) => {
    const read = readDischarge({ ...GOOD, [key]: value });
    expect('faults' in read ? read.faults.map((fault) => fault.column) : []).toEqual([column]);
  });
});

describe('the fictitious person behind a case', () => {
  const anyCase = fc
    .record({
      caseNo: fc.stringMatching(/^[A-Z0-9]{1,12}$/),
      sex: fc.constantFrom('1' as const, '2' as const),
      ageYears: fc.integer({ min: 0, max: 110 }),
      days: fc.integer({ min: 0, max: 400 }),
    })
    .map(caseOf);

  it('is as old as the file says on the day of admission and has a valid number of its sex', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 0, max: 499 }), (found, attempt) => {
        const stay = stayOf(found, parseMonth('2024-02'), parseLocalDate('2026-10-20'));
        const birthDate = birthDateOf(found, stay.admittedOn);
        expect(ageOn(birthDate, stay.admittedOn)).toBe(found.ageYears);
        const id = parseIdNumber(fictitiousIdNo('331102', birthDate, found, attempt), parseLocalDate('2026-10-20'));
        expect([id.sex, id.birthDate]).toEqual([found.sex, birthDate]);
      }),
      { numRuns: 500 },
    );
  });

  it('was discharged within the month and not after today', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 31 }), (found, day) => {
        const today = parseLocalDate(`2026-10-${String(day).padStart(2, '0')}`);
        const { dischargedOn } = stayOf(found, parseMonth('2026-10'), today);
        expect(monthOf(dischargedOn)).toBe('2026-10');
        expect(dischargedOn <= today).toBe(true);
      }),
    );
  });

  it('is the same for the same case of the same institution, and another one elsewhere', () => {
    expect(pseudonymId('H1', 'C1')).toBe(pseudonymId('H1', 'C1'));
    expect(pseudonymId('H1', 'C1')).not.toBe(pseudonymId('H2', 'C1'));
    expect(pseudonymId('H1', 'C1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each([
    ['310', 59, 'employed'],
    ['310', 60, 'retired'],
    ['390', 17, 'student'],
    ['390', 18, 'adult'],
  ] as const)('of scheme %s aged %i is %s', (scheme, age, insuredType) => {
    expect(insuredTypeOf(scheme, age)).toBe(insuredType);
  });
});
