import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '../../common/errors/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import {
  afterStep,
  type AgreementState,
  type AgreementStep,
  liftedOn,
  requirePeriod,
  shownState,
  type Span,
  suspensionSpan,
  terminatedOn,
} from './agreement.js';

const day = parseLocalDate;
const span = (from: string, to: string): Span => ({ from: day(from), to: day(to) });
const year = span('2026-01-01', '2027-01-01');

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return isDomainError(error) ? error.code : 'other error';
  }
}

describe('life cycle of an agreement', () => {
  it.each<[AgreementState, AgreementStep, string]>([
    ['draft', 'sign', 'in-force'],
    ['draft', 'suspend', 'providers.illegal-step'],
    ['draft', 'terminate', 'providers.illegal-step'],
    ['in-force', 'sign', 'providers.illegal-step'],
    ['in-force', 'suspend', 'suspended'],
    ['in-force', 'resume', 'providers.illegal-step'],
    ['in-force', 'terminate', 'terminated'],
    ['suspended', 'suspend', 'suspended'],
    ['suspended', 'resume', 'in-force'],
    ['suspended', 'terminate', 'terminated'],
    ['terminated', 'resume', 'providers.illegal-step'],
    ['terminated', 'terminate', 'providers.illegal-step'],
  ])('%s, %s → %s', (state, step, expected) => {
    expect(attempt(() => afterStep(state, step))).toBe(expected);
  });
});

describe('suspension (中止)', () => {
  it.each<[string, string, number, unknown]>([
    ['60 days', '2026-03-01', 60, span('2026-03-01', '2026-04-30')],
    ['the longest', '2026-03-01', 180, span('2026-03-01', '2026-08-28')],
    ['cut at the end of the agreement', '2026-12-01', 90, span('2026-12-01', '2027-01-01')],
    ['181 days', '2026-03-01', 181, 'providers.suspension-too-long'],
    ['no day', '2026-03-01', 0, 'providers.suspension-too-long'],
    ['before the agreement', '2025-12-31', 30, 'providers.outside-agreement'],
    ['after the agreement', '2027-01-01', 30, 'providers.outside-agreement'],
  ])('%s', (_, from, days, expected) => {
    expect(attempt(() => suspensionSpan(year, day(from), days, 180))).toEqual(expected);
  });

  it.each<[string, string, Span | null]>([
    ['in the middle keeps the days before', '2026-03-15', span('2026-03-01', '2026-03-15')],
    ['on its first day keeps none', '2026-03-01', null],
    ['after its end changes nothing', '2026-06-01', span('2026-03-01', '2026-04-30')],
  ])('lifted %s', (_, on, expected) => {
    expect(liftedOn(span('2026-03-01', '2026-04-30'), day(on))).toEqual(expected);
  });
});

describe('termination and periods', () => {
  it('cuts the agreement at the day', () => {
    expect(terminatedOn(year, day('2026-07-01'))).toEqual(span('2026-01-01', '2026-07-01'));
  });

  it.each(['2026-01-01', '2025-12-31', '2027-01-01'])('refuses %s, which leaves no day or lies outside', (on) => {
    expect(attempt(() => terminatedOn(year, day(on)))).toBe('providers.outside-agreement');
  });

  it('refuses a period without a day', () => {
    expect(attempt(() => requirePeriod(day('2026-01-01'), day('2026-01-01')))).toBe('providers.bad-period');
  });
});

describe('state shown on a day', () => {
  const closed = [span('2026-03-01', '2026-04-30')];
  it.each<[string, AgreementState, Span[], string, string]>([
    ['in force', 'in-force', [], '2026-05-01', 'in-force'],
    ['within a suspension', 'suspended', closed, '2026-04-29', 'suspended'],
    ['a suspension that ran out', 'suspended', closed, '2026-04-30', 'in-force'],
    ['its days are over', 'in-force', [], '2027-01-01', 'expired'],
    ['terminated stays terminated', 'terminated', [], '2027-06-01', 'terminated'],
    ['a draft stays a draft', 'draft', [], '2027-06-01', 'draft'],
  ])('%s', (_, state, suspensions, today, expected) => {
    expect(shownState(state, year, suspensions, day(today))).toBe(expected);
  });
});
