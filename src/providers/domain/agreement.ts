import { DomainError } from '../../common/errors/index.js';
import { addDays, daysBetween, type LocalDate } from '../../common/time/index.js';
import { providersErrors } from './errors.js';

/** State as it is kept. `suspended` means: a span of suspension was ordered and not lifted. */
export type AgreementState = 'draft' | 'in-force' | 'suspended' | 'terminated';

export type AgreementStep = 'sign' | 'suspend' | 'resume' | 'terminate';

/** Which step leads where; a step that is not here is refused. */
const TRANSITIONS: Readonly<Record<AgreementState, Partial<Record<AgreementStep, AgreementState>>>> = {
  draft: { sign: 'in-force' },
  'in-force': { suspend: 'suspended', terminate: 'terminated' },
  suspended: { resume: 'in-force', suspend: 'suspended', terminate: 'terminated' },
  terminated: {},
};

/** Half-open span of days. */
export interface Span {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The state after a step. Error `providers.illegal-step`. */
export function afterStep(state: AgreementState, step: AgreementStep): AgreementState {
  const next = TRANSITIONS[state][step];
  if (next === undefined) throw new DomainError(providersErrors['illegal-step'], { state, step });
  return next;
}

/**
 * The span of a suspension that begins on a day: `days` long or up to the longest the agreement allows
 * (协议管理办法: 中止期不超过 180 日), cut at the end of the agreement. Errors `providers.suspension-too-long`,
 * `providers.outside-agreement`.
 */
export function suspensionSpan(agreement: Span, from: LocalDate, days: number, maxDays: number): Span {
  if (days < 1 || days > maxDays) throw new DomainError(providersErrors['suspension-too-long'], { days: maxDays });
  requireWithin(agreement, from);
  const to = addDays(from, days);
  return { from, to: to < agreement.to ? to : agreement.to };
}

/**
 * What lifting a suspension on a day leaves of its span: the days before it; null when none is left.
 * A span that is over already stays as it was.
 */
export function liftedOn(span: Span, on: LocalDate): Span | null {
  if (on >= span.to) return span;
  return on <= span.from ? null : { from: span.from, to: on };
}

/** The days an agreement keeps when it is terminated on a day. Error `providers.outside-agreement`. */
export function terminatedOn(agreement: Span, on: LocalDate): Span {
  requireWithin(agreement, on);
  if (on === agreement.from) {
    throw new DomainError(providersErrors['outside-agreement'], { from: addDays(agreement.from, 1), to: agreement.to });
  }
  return { from: agreement.from, to: on };
}

/** What to show on a day: a suspension whose span is over ended by itself, an agreement whose days are over expired. */
export function shownState(
  state: AgreementState,
  agreement: Span,
  suspensions: readonly Span[],
  today: LocalDate,
): AgreementState | 'expired' {
  if (state === 'terminated' || state === 'draft') return state;
  if (today >= agreement.to) return 'expired';
  return suspensions.some((span) => span.to > today) ? 'suspended' : 'in-force';
}

/** Checks a period. Error `providers.bad-period`. */
export function requirePeriod(from: LocalDate, to: LocalDate): Span {
  if (daysBetween(from, to) < 1) throw new DomainError(providersErrors['bad-period']);
  return { from, to };
}

function requireWithin(agreement: Span, on: LocalDate): void {
  if (on < agreement.from || on >= agreement.to) {
    throw new DomainError(providersErrors['outside-agreement'], {
      from: agreement.from,
      to: addDays(agreement.to, -1),
    });
  }
}
