import { describe, expect, it } from '@jest/globals';
import { type ApprovalAct, type ApprovalStep, checkStep } from './round.js';

const act = (step: ApprovalStep, actorId: string): ApprovalAct => ({ step, actorId, actorName: actorId, opinion: '' });
const submitted = [act('submit', 'maker')];
const reviewed = [...submitted, act('review', 'checker')];

describe('a round of approval', () => {
  it.each<[string, ApprovalAct[], ApprovalStep, string]>([
    ['begins with submit', [], 'submit', 'maker'],
    ['is reviewed by another person', submitted, 'review', 'checker'],
    ['may go straight to approval where no review is asked for', submitted, 'approve', 'chief'],
    ['is approved by a third person', reviewed, 'approve', 'chief'],
    ['is returned by whoever is next', submitted, 'return', 'checker'],
  ])('%s', (_name, acts, step, actorId) => {
    expect(() => {
      checkStep(acts, { step, actorId, opinion: 'because' });
    }).not.toThrow();
  });

  it.each<[string, ApprovalAct[], ApprovalStep, string, string]>([
    ['the maker does not review', submitted, 'review', 'maker', 'approvals.same-person'],
    ['the maker does not approve', reviewed, 'approve', 'maker', 'approvals.same-person'],
    ['the reviewer does not approve', reviewed, 'approve', 'checker', 'approvals.same-person'],
    ['the maker does not return what they made', submitted, 'return', 'maker', 'approvals.same-person'],
    ['a step is taken once', reviewed, 'review', 'other', 'approvals.step-taken'],
    ['nothing comes before submit', [], 'approve', 'chief', 'approvals.out-of-order'],
    ['it goes forward only', [...submitted, act('approve', 'chief')], 'review', 'other', 'approvals.out-of-order'],
    ['a returned round is over', [...submitted, act('return', 'checker')], 'approve', 'chief', 'approvals.round-over'],
  ])('%s', (_name, acts, step, actorId, code) => {
    expect(() => {
      checkStep(acts, { step, actorId, opinion: 'because' });
    }).toThrow(expect.objectContaining({ code }));
  });

  it('is not returned without a reason', () => {
    expect(() => {
      checkStep(submitted, { step: 'return', actorId: 'checker', opinion: '  ' });
    }).toThrow(expect.objectContaining({ code: 'approvals.opinion-missing' }));
  });
});
