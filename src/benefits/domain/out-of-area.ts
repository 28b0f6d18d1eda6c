import { DomainError } from '../../common/errors/index.js';
import type { Fen } from '../../common/money/index.js';
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

/**
 * The share is taken at the line, half-up, like every amount that is paid first. (Rounded once over the bill and laid on the
 * lines, a further line could move a fen between plans and so lower what the fund pays.)
 */
function takeShareFirst(bill: Bill, rule: OutOfAreaRule): void {
  const { totals } = bill;
  const base = totals.inscp;
  let taken = 0n;
  for (const line of bill.lines) {
    const part = share(line.inscp, rule.value);
    line.preselfpay = (line.preselfpay + part) as Fen;
    line.inscp = (line.inscp - part) as Fen;
    taken += part;
  }
  const amount = taken as Fen;
  step(bill, 'out-of-area-share', { base, ratio: rule.value, amount }, rule.clause, { place: bill.input.place });
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
