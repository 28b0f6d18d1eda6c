import type { LocalDate } from '../time/index.js';

/** A value of the law with the half-open span of days in which it is in force: from ≤ day < to. `to` null = until further notice. */
export interface Dated<T> {
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly value: T;
}

/** Whether a half-open span of days holds a day. */
export function isInForce(span: { readonly from: LocalDate; readonly to: LocalDate | null }, on: LocalDate): boolean {
  return span.from <= on && (span.to === null || on < span.to);
}

/** The value in force on a day; undefined when there is none. Of overlapping values the one that began last wins. */
export function inForce<T>(values: readonly Dated<T>[], on: LocalDate): T | undefined {
  let found: Dated<T> | undefined;
  for (const candidate of values) {
    if (isInForce(candidate, on) && (found === undefined || candidate.from > found.from)) found = candidate;
  }
  return found?.value;
}

/** The first pair of spans that overlap, in order of their beginning; undefined when the law is unambiguous. */
export function firstOverlap<T>(values: readonly Dated<T>[]): readonly [Dated<T>, Dated<T>] | undefined {
  const sorted = [...values].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const [index, earlier] of sorted.entries()) {
    const later = sorted[index + 1];
    if (later !== undefined && (earlier.to === null || later.from < earlier.to)) return [earlier, later];
  }
  return undefined;
}
