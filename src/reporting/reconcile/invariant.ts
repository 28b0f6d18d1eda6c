/**
 * Something that must hold at every moment, whatever happened. `sql` takes the pool area as $1 and returns one row for
 * each difference: what it is about (`subject`), what it should be (`expected`) and what it is (`found`), all as text.
 * Without `sql` it is proved by the audit room, which asks the database for rows and not for verdicts.
 */
export interface Invariant {
  /**
   * Permanent code, e.g. `R101`: 1 the books, 2 claims, 3 payment, 4 jobs, approvals, the fund's money and the registers,
   * 5 the record.
   */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly sql: string | null;
}

/** One place where an invariant does not hold. */
export interface Difference {
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
}

/** What the check of one invariant came to. */
export interface Finding {
  readonly invariant: Invariant;
  /** How many differences there are; `examples` shows the first of them. */
  readonly count: number;
  readonly examples: readonly Difference[];
}
