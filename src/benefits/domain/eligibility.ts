import { defineErrors, DomainError, type ErrorDefinition } from '../../common/errors/index.js';
import { isInForce } from '../../common/policy/index.js';
import { daysBetween, type LocalDate } from '../../common/time/index.js';
import type { EligibilityDocument } from './document.js';
import type { Category, InsuredType, Scheme } from './types.js';

export const eligibilityErrors = defineErrors('eligibility', {
  'not-covered': {
    kind: 'refused',
    zh: '参保人在{on}没有险种{scheme}的有效参保关系。',
    en: 'The person is not covered by scheme {scheme} on {on}.',
  },
  'arrears-suspended': {
    kind: 'refused',
    zh: '参保关系因欠费或暂停，{on}不享受待遇；补缴后恢复。',
    en: 'The coverage is suspended (arrears) on {on}; benefits resume when it is paid.',
  },
  'waiting-period': {
    kind: 'refused',
    zh: '待遇等待期内：自{benefitsFrom}起享受待遇，就诊日为{on}。',
    en: 'Waiting period: benefits begin on {benefitsFrom}, the visit is on {on}.',
  },
  'no-agreement': {
    kind: 'refused',
    zh: '医药机构在{on}没有生效的医保服务协议。',
    en: 'The provider has no agreement in force on {on}.',
  },
  'agreement-suspended': {
    kind: 'refused',
    zh: '医药机构的医保服务协议在{on}中止（{from}起）。',
    en: 'The agreement of the provider is suspended on {on} (since {from}).',
  },
  'physician-missing': {
    kind: 'refused',
    zh: '这一类就诊必须填写医保医师。',
    en: 'This kind of visit needs an insurance physician.',
  },
  'physician-no-privilege': {
    kind: 'refused',
    zh: '医师在{on}没有该机构的医保医师资格。',
    en: 'The physician has no privilege at this provider on {on}.',
  },
  'physician-suspended': {
    kind: 'refused',
    zh: '医师的医保医师资格在{on}已暂停。',
    en: 'The privilege of the physician is suspended on {on}.',
  },
  'chronic-not-filed': {
    kind: 'refused',
    zh: '参保人在{on}没有门诊慢特病（{chronicCode}）备案。',
    en: 'The person has no filing for the chronic or special disease {chronicCode} on {on}.',
  },
});

/** A half-open span of days; to null = without end. */
export interface DaySpan {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** What must be known before a bill may be settled. */
export interface EligibilityFacts {
  /** Day of the visit. */
  readonly on: LocalDate;
  readonly scheme: Scheme;
  readonly category: Category;
  readonly emergency: boolean;
  readonly birthDate: LocalDate;
  /** The coverage that the visit is to be settled by – for a newborn also one that began after the visit; null = none. */
  readonly coverage:
    | (DaySpan & {
        readonly scheme: Scheme;
        readonly status: 'active' | 'suspended';
        readonly insuredType: InsuredType;
        /** First day with benefits (待遇享受开始日). */
        readonly benefitsFrom: LocalDate;
      })
    | null;
  /** The provider's agreement that holds the day; null = none. */
  readonly agreement:
    | (DaySpan & {
        readonly state: 'in-force' | 'suspended' | 'terminated';
        readonly suspensions: readonly DaySpan[];
      })
    | null;
  /** The physician's privilege at this provider; undefined = no physician was named, null = named and has none. */
  readonly privilege?: (DaySpan & { readonly state: 'active' | 'suspended' }) | null;
  /** The disease that a chronic visit is for, and its filing. */
  readonly chronic?: { readonly code: string; readonly filing: DaySpan | null };
}

/** One reason why a bill is refused. */
export interface Refusal {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly details: Readonly<Record<string, string>>;
}

export type Eligibility = { readonly ok: true } | { readonly ok: false; readonly refusals: readonly Refusal[] };

const OK: Eligibility = { ok: true };

/**
 * Whether a visit may be settled (待遇资格): coverage on the day, arrears, waiting period with newborn grace, agreement,
 * physician, chronic filing. Gives every reason at once, in this order. Pure.
 */
export function checkEligibility(facts: EligibilityFacts, rules: EligibilityDocument): Eligibility {
  const refusals = [
    coverageRefusal(facts, rules),
    agreementRefusal(facts, rules),
    physicianRefusal(facts, rules),
    chronicRefusal(facts),
  ].filter((refusal) => refusal !== undefined);
  return refusals.length === 0 ? OK : { ok: false, refusals };
}

/** The refusal as an error for the caller: the first reason, all of them under `errors`. */
export function eligibilityError(refusals: readonly Refusal[]): DomainError {
  const [first] = refusals;
  if (first === undefined) throw new RangeError('an eligibility error needs a refusal');
  const definition = Object.values(eligibilityErrors).find(({ code }) => code === first.code);
  if (definition === undefined) throw new RangeError(`no eligibility error ${first.code}`);
  return new DomainError(definition, { ...first.details, errors: refusals });
}

function coverageRefusal(facts: EligibilityFacts, rules: EligibilityDocument): Refusal | undefined {
  const { coverage, on, scheme } = facts;
  if (coverage === null || coverage.scheme !== scheme) return refusal(eligibilityErrors['not-covered'], { on, scheme });
  if (coverage.status === 'suspended') return refusal(eligibilityErrors['arrears-suspended'], { on });
  // A newborn enrolled in time is covered from birth, whatever day the enrolment was entered.
  const grace =
    coverage.insuredType === 'newborn' &&
    on >= facts.birthDate &&
    daysBetween(facts.birthDate, coverage.from) <= rules.newbornGraceDays &&
    (coverage.to === null || on < coverage.to);
  if (grace) return undefined;
  if (!isInForce(coverage, on)) return refusal(eligibilityErrors['not-covered'], { on, scheme });
  if (on < coverage.benefitsFrom) {
    return refusal(eligibilityErrors['waiting-period'], { on, benefitsFrom: coverage.benefitsFrom });
  }
  return undefined;
}

function agreementRefusal(facts: EligibilityFacts, rules: EligibilityDocument): Refusal | undefined {
  const { agreement, on } = facts;
  if (agreement === null || agreement.state === 'terminated' || !isInForce(agreement, on)) {
    return refusal(eligibilityErrors['no-agreement'], { on });
  }
  if (facts.emergency && rules.emergencyDespiteSuspension) return undefined;
  // The state alone, without a span, means suspended for as long as the agreement runs.
  const whole = agreement.state === 'suspended' && agreement.suspensions.length === 0 ? agreement : undefined;
  const span = agreement.suspensions.find((suspension) => isInForce(suspension, on)) ?? whole;
  return span && refusal(eligibilityErrors['agreement-suspended'], { on, from: span.from });
}

function physicianRefusal(facts: EligibilityFacts, rules: EligibilityDocument): Refusal | undefined {
  const { privilege, on } = facts;
  if (privilege === undefined) {
    return rules.physicianRequired.includes(facts.category)
      ? refusal(eligibilityErrors['physician-missing'], {})
      : undefined;
  }
  if (privilege === null || !isInForce(privilege, on)) {
    return refusal(eligibilityErrors['physician-no-privilege'], { on });
  }
  return privilege.state === 'suspended' ? refusal(eligibilityErrors['physician-suspended'], { on }) : undefined;
}

function chronicRefusal(facts: EligibilityFacts): Refusal | undefined {
  const { chronic, category, on } = facts;
  if (chronic === undefined) {
    return category === 'chronic'
      ? refusal(eligibilityErrors['chronic-not-filed'], { on, chronicCode: '–' })
      : undefined;
  }
  const filed = chronic.filing !== null && isInForce(chronic.filing, on);
  return filed ? undefined : refusal(eligibilityErrors['chronic-not-filed'], { on, chronicCode: chronic.code });
}

function refusal(definition: ErrorDefinition, details: Readonly<Record<string, string>>): Refusal {
  const error = new DomainError(definition, details);
  return { code: error.code, zh: error.text('zh'), en: error.text('en'), details };
}
