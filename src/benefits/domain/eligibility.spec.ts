import { describe, expect, it } from '@jest/globals';
import { parseLocalDate } from '../../common/time/index.js';
import { checkEligibility, eligibilityError, type EligibilityFacts } from './eligibility.js';

const day = parseLocalDate;
const rules = {
  newbornGraceDays: 90,
  emergencyDespiteSuspension: true,
  physicianRequired: ['inpatient' as const],
  clause: '第4条',
};
const coverage: NonNullable<EligibilityFacts['coverage']> = {
  scheme: '390',
  status: 'active',
  insuredType: 'adult',
  from: day('2026-01-01'),
  to: day('2027-01-01'),
  benefitsFrom: day('2026-01-01'),
};
const agreement: NonNullable<EligibilityFacts['agreement']> = {
  from: day('2026-01-01'),
  to: day('2027-01-01'),
  state: 'in-force',
  suspensions: [],
};
const privilege = { from: day('2025-01-01'), to: null, state: 'active' as const };
const good: EligibilityFacts = {
  on: day('2026-05-01'),
  scheme: '390',
  category: 'inpatient',
  emergency: false,
  birthDate: day('1980-03-04'),
  coverage,
  agreement,
  privilege,
};

/** Codes of the refusals, without the room's name. */
function refusals(facts: Partial<EligibilityFacts>): string[] {
  const answer = checkEligibility({ ...good, ...facts }, rules);
  return answer.ok ? [] : answer.refusals.map(({ code }) => code.replace('eligibility.', ''));
}

describe('whether a visit may be settled', () => {
  it.each<[string, Partial<EligibilityFacts>, string[]]>([
    ['everything in order', {}, []],
    ['no coverage', { coverage: null }, ['not-covered']],
    ['covered by the other scheme', { coverage: { ...coverage, scheme: '310' } }, ['not-covered']],
    ['the first day of the coverage', { on: day('2026-01-01') }, []],
    ['the day after the last day', { on: day('2027-01-01') }, ['not-covered', 'no-agreement']],
    ['the employer is in arrears', { coverage: { ...coverage, status: 'suspended' } }, ['arrears-suspended']],
    [
      'enrolled late, still in the waiting period',
      { coverage: { ...coverage, from: day('2026-03-01'), benefitsFrom: day('2026-06-01') } },
      ['waiting-period'],
    ],
    [
      'enrolled late, the waiting period ends today',
      { coverage: { ...coverage, from: day('2026-03-01'), benefitsFrom: day('2026-05-01') } },
      [],
    ],
    [
      'a newborn enrolled after 60 days, treated on the tenth day of life',
      {
        on: day('2026-04-11'),
        birthDate: day('2026-04-01'),
        coverage: { ...coverage, insuredType: 'newborn', from: day('2026-05-31'), benefitsFrom: day('2026-05-31') },
      },
      [],
    ],
    [
      'a newborn enrolled on day 90: still in time',
      {
        on: day('2026-04-11'),
        birthDate: day('2026-04-01'),
        coverage: { ...coverage, insuredType: 'newborn', from: day('2026-06-30'), benefitsFrom: day('2026-06-30') },
      },
      [],
    ],
    [
      'a newborn enrolled on day 91: too late',
      {
        on: day('2026-04-11'),
        birthDate: day('2026-04-01'),
        coverage: { ...coverage, insuredType: 'newborn', from: day('2026-07-01'), benefitsFrom: day('2026-07-01') },
      },
      ['not-covered'],
    ],
    [
      'a newborn, treated before birth was entered wrongly',
      {
        on: day('2026-03-31'),
        birthDate: day('2026-04-01'),
        coverage: { ...coverage, insuredType: 'newborn', from: day('2026-04-20'), benefitsFrom: day('2026-04-20') },
      },
      ['not-covered'],
    ],
    ['no agreement', { agreement: null }, ['no-agreement']],
    ['the agreement was terminated', { agreement: { ...agreement, state: 'terminated' } }, ['no-agreement']],
    [
      'the agreement is suspended on the day',
      { agreement: { ...agreement, suspensions: [{ from: day('2026-04-15'), to: day('2026-05-15') }] } },
      ['agreement-suspended'],
    ],
    [
      'the suspension ended the day before',
      { agreement: { ...agreement, suspensions: [{ from: day('2026-04-15'), to: day('2026-05-01') }] } },
      [],
    ],
    ['suspended without a span', { agreement: { ...agreement, state: 'suspended' } }, ['agreement-suspended']],
    ['suspended, but an emergency rescue', { emergency: true, agreement: { ...agreement, state: 'suspended' } }, []],
    ['the physician has no privilege', { privilege: null }, ['physician-no-privilege']],
    ['the privilege ended', { privilege: { ...privilege, to: day('2026-05-01') } }, ['physician-no-privilege']],
    ['the privilege is suspended', { privilege: { ...privilege, state: 'suspended' } }, ['physician-suspended']],
    ['a chronic visit without a disease', { category: 'chronic' }, ['chronic-not-filed']],
    [
      'a chronic visit, filed',
      { category: 'chronic', chronic: { code: 'M03900', filing: { from: day('2026-02-01'), to: null } } },
      [],
    ],
    [
      'a chronic visit, the filing begins tomorrow',
      { category: 'chronic', chronic: { code: 'M03900', filing: { from: day('2026-05-02'), to: null } } },
      ['chronic-not-filed'],
    ],
    [
      'everything wrong at once: every reason is given',
      { coverage: null, agreement: null, privilege: null, category: 'chronic' },
      ['not-covered', 'no-agreement', 'physician-no-privilege', 'chronic-not-filed'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(refusals(facts)).toEqual(expected);
  });

  it('asks for a physician only where the policy does', () => {
    const unnamed = Object.fromEntries(
      Object.entries(good).filter(([name]) => name !== 'privilege'),
    ) as unknown as EligibilityFacts;
    expect(checkEligibility(unnamed, rules)).toMatchObject({ refusals: [{ code: 'eligibility.physician-missing' }] });
    expect(checkEligibility({ ...unnamed, category: 'outpatient' }, rules)).toEqual({ ok: true });
  });

  it('says why in Chinese and English, and as one error with all reasons', () => {
    const answer = checkEligibility({ ...good, coverage: null, agreement: null }, rules);
    if (answer.ok) throw new Error('must be refused');
    expect(answer.refusals.map(({ zh, en }) => [zh, en])).toEqual([
      ['参保人在2026-05-01没有险种390的有效参保关系。', 'The person is not covered by scheme 390 on 2026-05-01.'],
      ['医药机构在2026-05-01没有生效的医保服务协议。', 'The provider has no agreement in force on 2026-05-01.'],
    ]);
    const error = eligibilityError(answer.refusals);
    expect(error).toMatchObject({ code: 'eligibility.not-covered', kind: 'refused' });
    expect(error.details['errors']).toHaveLength(2);
  });
});
