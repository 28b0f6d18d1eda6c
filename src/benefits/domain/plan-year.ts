import { type Fen, ZERO_FEN } from '../../common/money/index.js';
import type { Bill } from './bill.js';
import type { Plan } from './policy.js';

/** A plan's figures of the year, this bill's earlier steps included, whatever accumulator the plan uses. */
export interface PlanYear {
  inscp(): Fen;
  paid(): Fen;
  deductible(): Fen;
  add(inscp: Fen, paid: Fen): void;
  addDeductible(amount: Fen): void;
}

/** The year of a plan: inpatient and outpatient figures have fields of their own, other plans a key. */
export function yearOfPlan(bill: Bill, plan: Plan): PlanYear {
  if (plan.accumulator === 'inpatient') return fieldsYear(bill, 'inscp', 'poolPaid', 'deductiblePaid');
  if (plan.accumulator === 'outpatient') {
    return fieldsYear(bill, 'outpatientInscp', 'outpatientPaid', 'outpatientDeductible');
  }
  const key = plan.accumulator === 'disease' ? (bill.input.chronicCode ?? plan.code) : plan.code;
  return keyedYear(bill, key, plan.tiers?.by === 'cumulative-inscope');
}

type FenField = 'inscp' | 'poolPaid' | 'deductiblePaid' | 'outpatientInscp' | 'outpatientPaid' | 'outpatientDeductible';

function fieldsYear(bill: Bill, inscp: FenField, paid: FenField, deductible: FenField): PlanYear {
  const { accumulators } = bill.input;
  const { delta } = bill;
  const read = (field: FenField): Fen => (accumulators[field] + delta[field]) as Fen;
  const grow = (field: FenField, by: Fen): void => {
    delta[field] = (delta[field] + by) as Fen;
  };
  return {
    inscp: () => read(inscp),
    paid: () => read(paid),
    deductible: () => read(deductible),
    add: (more, payment) => {
      grow(inscp, more);
      // The pool's yearly payment also holds other plans that count towards its ceiling; the pool step adds it once.
      if (paid !== 'poolPaid') grow(paid, payment);
    },
    addDeductible: (amount) => {
      grow(deductible, amount);
    },
  };
}

/** The in-scope amount of such a plan is only kept where its tiers are measured by it. */
function keyedYear(bill: Bill, key: string, keepsInscp: boolean): PlanYear {
  const before = bill.input.accumulators.chronicPaid;
  const { chronicPaid } = bill.delta;
  const read = (name: string): Fen => ((before[name] ?? ZERO_FEN) + (chronicPaid[name] ?? ZERO_FEN)) as Fen;
  const grow = (name: string, by: Fen): void => {
    if (by !== 0n) chronicPaid[name] = ((chronicPaid[name] ?? ZERO_FEN) + by) as Fen;
  };
  return {
    inscp: () => read(`${key}#inscp`),
    paid: () => read(key),
    deductible: () => read(`${key}#deductible`),
    add: (more, payment) => {
      if (keepsInscp) grow(`${key}#inscp`, more);
      grow(key, payment);
    },
    addDeductible: (amount) => {
      grow(`${key}#deductible`, amount);
    },
  };
}
