import { DomainError } from '../../common/errors/index.js';
import { exchangeErrors } from '../errors.js';

/** A column that a file may hold: its key in the program and the headings under which it is known. */
export interface Column {
  readonly key: string;
  readonly names: readonly string[];
  readonly required: boolean;
}

/** What is wrong with one cell, and what to do about it. */
export interface RowFault {
  /** Heading of the column; empty when the row as a whole is meant. */
  readonly column: string;
  readonly value: string;
  readonly reason: { readonly zh: string; readonly en: string };
  readonly remedy: { readonly zh: string; readonly en: string };
}

/**
 * Finds each column by its headings; blanks, case and full-width forms do not matter, nor does the order of columns.
 * @returns position by key
 * @throws DomainError `exchange.headings-missing` that names the required columns that are not there
 */
export function mapHeadings(headings: readonly string[], columns: readonly Column[]): ReadonlyMap<string, number> {
  const plain = headings.map(plainText);
  const found = new Map<string, number>();
  for (const column of columns) {
    const position = plain.findIndex((heading) => column.names.some((name) => plainText(name) === heading));
    if (position >= 0) found.set(column.key, position);
  }
  const missing = columns
    .filter((column) => column.required && !found.has(column.key))
    .map((column) => column.names[0]);
  if (missing.length > 0) throw new DomainError(exchangeErrors['headings-missing'], { missing });
  return found;
}

function plainText(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
}
