import { sqlState } from '../common/db/index.js';

/** A lost connection, a deadlock or a shutdown says nothing about the audit trail; 25P02 is the echo of an earlier error. */
const ELSEWHERE = /^(08|40|57|55P03|25P02)/;
const NAMES_IT = /\baudit_event(_\d{6})?\b/;

const told = new WeakSet<Error>();
const listeners = new Set<() => void>();

/**
 * Errors that mean: the audit trail could not be written. They come from where rooms write it, and from settle_commit, whose
 * errors only name the table. Each is told to the listeners once, wherever it is met first.
 */
export const auditFaults = {
  /** Called where a row of the audit trail is written and an error comes back. */
  tell(error: unknown): void {
    const state = sqlState(error);
    if (error instanceof Error && state !== undefined && !ELSEWHERE.test(state)) notify(error);
  },

  /** Whether the error is one; an error that nobody has told of yet is told. */
  isOne(error: unknown): boolean {
    if (!(error instanceof Error) || sqlState(error) === undefined) return false;
    if (told.has(error)) return true;
    const table = (error as Error & { table?: unknown }).table;
    const named = NAMES_IT.test(error.message) || (typeof table === 'string' && NAMES_IT.test(table));
    if (named) notify(error);
    return named;
  },

  listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function notify(error: Error): void {
  if (told.has(error)) return;
  told.add(error);
  for (const listener of listeners) listener();
}
