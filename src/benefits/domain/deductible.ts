import { type Fen, multiplyRate, type Rate, yuanText, ZERO_FEN } from '../../common/money/index.js';
import { type Bill, step } from './bill.js';
import type { DeductibleRule, Plan } from './policy.js';
import type { Level } from './types.js';
import { isFor } from './who.js';
import { yearOfPlan } from './plan-year.js';

const WHOLE: Rate = { numerator: 1n, denominator: 1n };
const RANK: Readonly<Record<Level, number>> = { primary: 1, secondary: 2, tertiary: 3 };

/**
 * Charges the deductible (起付线) of a plan against what is in scope.
 * @param shared what the bill's main plan left of its deductible, for rules of kind `shared`
 * @returns what was charged, and what of it is left over for plans that share it
 */
export function chargeDeductible(bill: Bill, plan: Plan, inscp: Fen, shared: Fen): { charged: Fen; left: Fen } {
  const rule = plan.deductible;
  if (rule === null) return { charged: ZERO_FEN, left: ZERO_FEN };
  const due = rule.kind === 'shared' ? shared : dueOf(bill, plan, rule);
  const charged = due < inscp ? due : inscp;
  const outpatient = rule.kind === 'cumulative';
  if (due > 0n) {
    step(bill, outpatient ? 'deductible-outpatient' : 'deductible', { base: inscp, amount: charged }, rule.clause, {
      due: yuanText(due),
      level: bill.input.level,
      ordinal: ordinalOf(bill),
    });
  }
  if (charged > 0n) {
    yearOfPlan(bill, plan).addDeductible(charged);
    bill.deductible = (bill.deductible + charged) as Fen;
  }
  return { charged, left: (due - charged) as Fen };
}

/** What is due before it is compared with the bill. */
function dueOf(bill: Bill, plan: Plan, rule: DeductibleRule): Fen {
  const standard = rule.amounts?.[bill.place][bill.input.level] ?? ZERO_FEN;
  const relief = rule.reliefs.find((candidate) => isFor(candidate.who, bill.input))?.share ?? WHOLE;
  const charged = yearOfPlan(bill, plan).deductible();
  if (rule.kind === 'cumulative') {
    // 累计补差: what was paid at a lower level in the year counts, a higher level tops up.
    return atLeastZero(multiplyRate(standard, relief) - charged);
  }
  const due = admissionDue(bill, rule, standard, relief);
  return rule.annualCap === null ? due : smaller(due, atLeastZero(rule.annualCap - charged));
}

/**
 * Per admission: the standard of level and place × the share of the n-th admission × relief, rounded once. Referred on for
 * the same illness (同一疾病转院): upwards the difference to what the first hospital charged, downwards nothing, as the policy
 * says; the chain counts as one admission, so the share is that of the admission it began with.
 */
function admissionDue(bill: Bill, rule: DeductibleRule, standard: Fen, relief: Rate): Fen {
  const { input } = bill;
  const from = input.referral === 'referred' ? input.referredFrom : undefined;
  const ordinal = from === undefined ? ordinalOf(bill) : Math.max(1, ordinalOf(bill) - 1);
  const share = rule.admissionShares[Math.min(ordinal, rule.admissionShares.length) - 1] ?? WHOLE;
  const due = multiplyRate(standard, {
    numerator: share.numerator * relief.numerator,
    denominator: share.denominator * relief.denominator,
  });
  if (from === undefined) return due;
  const way = RANK[input.level] > RANK[from.level] ? rule.up : rule.down;
  if (way === 'full') return due;
  return way === 'none' ? ZERO_FEN : atLeastZero(due - from.deductible);
}

function ordinalOf(bill: Bill): number {
  return bill.input.admissionOrdinal ?? bill.input.accumulators.admissions + 1;
}

function atLeastZero(amount: bigint): Fen {
  return amount < 0n ? ZERO_FEN : (amount as Fen);
}

function smaller(a: Fen, b: Fen): Fen {
  return a < b ? a : b;
}
