import type { WhoRule } from './policy.js';
import type { BenefitInput } from './types.js';

/** Whether a rule is for this person: every condition given must hold. */
export function isFor(who: WhoRule, input: Pick<BenefitInput, 'insuredType' | 'identityMarks' | 'ageYears'>): boolean {
  if (who.insuredTypes !== null && !who.insuredTypes.has(input.insuredType)) return false;
  if (who.minAge !== null && input.ageYears < who.minAge) return false;
  return who.marks === null || hasAny(who.marks, input.identityMarks);
}

/** Whether any of the person's marks is in the set. */
export function hasAny(marks: ReadonlySet<string>, own: readonly string[]): boolean {
  for (const mark of own) if (marks.has(mark)) return true;
  return false;
}

/** Whether a list condition holds; null = no condition. */
export function admits<T>(allowed: ReadonlySet<T> | null, value: T): boolean {
  return allowed === null || allowed.has(value);
}
