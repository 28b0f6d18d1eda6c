import { describe, expect, it } from '@jest/globals';
import { parseYuan, rate, ZERO_FEN } from '../../../common/money/index.js';
import type { AdvancePolicy } from '../../domain/policy.js';
import { type ExceptionFacts, monthExceptions } from './exceptions.js';

const policy: AdvancePolicy = {
  mode: 'actual-capped',
  alpha: rate('0.9'),
  depositRate: rate('0.05'),
  startDay: 3,
  monthOnMonthAlert: rate('0.20'),
  progressAlert: rate('0.05'),
};

const quiet: ExceptionFacts = {
  accepted: parseYuan('100.00'),
  lastMonthAccepted: parseYuan('100.00'),
  ytdBudgeted: parseYuan('300.00'),
  annualBudget: parseYuan('1200.00'),
  monthOfYear: 3,
  suspended: ZERO_FEN,
  rescue: ZERO_FEN,
  hasAgreement: true,
  carryOut: ZERO_FEN,
  adjusted: ZERO_FEN,
};

describe('exceptions of a month are shown first (J1)', () => {
  it.each<[string, Partial<ExceptionFacts>, string[]]>([
    ['nothing unusual', {}, []],
    ['20 % more than last month is still usual', { accepted: parseYuan('120.00') }, []],
    ['more than 20 % up', { accepted: parseYuan('120.01') }, ['month-on-month']],
    ['more than 20 % down', { accepted: parseYuan('79.99') }, ['month-on-month']],
    ['no month before to compare with', { lastMonthAccepted: ZERO_FEN }, []],
    ['5 points ahead of the time progress is still usual', { ytdBudgeted: parseYuan('360.00') }, []],
    ['more than 5 points ahead', { ytdBudgeted: parseYuan('360.01') }, ['over-progress']],
    ['services in a suspended span', { suspended: parseYuan('1.00') }, ['suspended']],
    ['only rescue in a suspended span: listed too', { rescue: parseYuan('1.00') }, ['suspended']],
    ['no agreement in force', { hasAgreement: false }, ['missing-agreement']],
    ['no budget', { annualBudget: null }, ['missing-budget']],
    ['carried to the next month', { carryOut: parseYuan('1.00') }, ['carried']],
  ])('%s', (_words, change, expected) => {
    expect(monthExceptions({ ...quiet, ...change }, policy)).toEqual(expected);
  });
});
