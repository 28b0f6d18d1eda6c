import { DomainError } from '../../common/errors/index.js';
import { allocate, type Fen } from '../../common/money/index.js';
import { isInForce } from '../../common/policy/index.js';
import { type Bill, share, step } from './bill.js';
import { benefitErrors } from './errors.js';
import type { OutOfAreaRule } from './policy.js';
import type { BenefitInput } from './types.js';
import { admits, hasAny } from './who.js';

/**
 * Care outside the pool area or without the referral that was needed (异地就医、未按规定转诊): an extra share paid first, points
 * off the pooled ratio, or no benefit – by the first rule of the policy that is in force on the day and fits.
 * An emergency is excepted unless the rule says otherwise. Error `benefits.referral-required` for style refuse.
 */
export function adjustForPlace(bill: Bill): void {
  const { input, policy, totals } = bill;
  const rule = policy.outOfArea.find((candidate) => fits(candidate, input));
  if (rule === undefined) return;
  if (input.referral === 'emergency' && rule.exceptEmergency) {
    step(bill, 'emergency-exception', { base: totals.inscp, amount: 0n as Fen }, rule.clause);
    return;
  }
  switch (rule.style) {
    case 'refuse':
      throw new DomainError(benefitErrors['referral-required'], { clause: rule.clause });
    case 'ratio-cut':
      bill.cut = rule.value;
      step(bill, 'out-of-area-cut', { base: totals.inscp, ratio: rule.value, amount: 0n as Fen }, rule.clause, {
        place: input.place,
      });
      return;
    case 'share-first':
      takeShareFirst(bill, rule);
  }
}

/** The share is one formula over the bill, so it is rounded once and then laid on the lines by largest remainder. */
function takeShareFirst(bill: Bill, rule: OutOfAreaRule): void {
  const { totals } = bill;
  const base = totals.inscp;
  const taken = share(base, rule.value);
  step(bill, 'out-of-area-share', { base, ratio: rule.value, amount: taken }, rule.clause, { place: bill.input.place });
  if (taken === 0n) return;
  const parts = allocate(
    taken,
    bill.lines.map((line) => line.inscp),
  );
  for (const [index, line] of bill.lines.entries()) {
    const part = parts[index] ?? 0n;
    line.preselfpay = (line.preselfpay + part) as Fen;
    line.inscp = (line.inscp - part) as Fen;
  }
  totals.preselfpay = (totals.preselfpay + taken) as Fen;
  totals.inscp = (totals.inscp - taken) as Fen;
  bill.remaining.preselfpay = totals.preselfpay;
  bill.remaining.inscope = totals.inscp;
}

function fits(rule: OutOfAreaRule, input: BenefitInput): boolean {
  if (!rule.places.has(input.place) || !isInForce(rule, input.visitDate)) return false;
  // An emergency is tested against rules for a missing referral too, so that its exception can be shown.
  const referral = input.referral === 'emergency' && rule.referrals?.has('none') === true ? 'none' : input.referral;
  if (!admits(rule.referrals, referral)) return false;
  if (!admits(rule.categories, input.category) || !admits(rule.levels, input.level)) return false;
  return rule.exceptMarks === null || !hasAny(rule.exceptMarks, input.identityMarks);
}
