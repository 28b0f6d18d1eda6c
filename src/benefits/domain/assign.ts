import type { LocalDate } from '../../common/time/index.js';

/** A span of days that pays for what falls into it: a coverage, or a calendar year of one. Half-open. */
export interface PayingSpan {
  readonly key: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

export interface AssignedLines<L> {
  readonly byKey: ReadonlyMap<string, readonly L[]>;
  /** Lines on days that no span pays for. */
  readonly unassigned: readonly L[];
}

/**
 * Gives every line to exactly one span by its day: a stay that crosses the year end or a change of scheme is split by date,
 * and no line is charged to two coverages – where spans overlap the one that began first keeps the day.
 */
export function assignLines<L extends { readonly feeDate: LocalDate }>(
  lines: readonly L[],
  spans: readonly PayingSpan[],
): AssignedLines<L> {
  const ordered = [...spans].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const byKey = new Map<string, L[]>();
  const unassigned: L[] = [];
  for (const line of lines) {
    const span = ordered.find(({ from, to }) => from <= line.feeDate && (to === null || line.feeDate < to));
    if (span === undefined) unassigned.push(line);
    else byKey.set(span.key, [...(byKey.get(span.key) ?? []), line]);
  }
  return { byKey, unassigned };
}
