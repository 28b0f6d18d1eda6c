import type { DataPurpose, IndexPurpose } from './key-file.js';

/** A column (bytea) whose values are sealed. */
export interface EncryptedField {
  readonly table: string;
  readonly column: string;
  readonly purpose: DataPurpose;
  /**
   * The columns that name a row, the first of them a uuid by which an index of the table is ordered: a value is bound to them
   * and cannot be opened in another row.
   */
  readonly row: readonly string[];
}

/** A column (bytea) that finds equal values of an encrypted field without showing them. */
export interface BlindIndex {
  readonly table: string;
  readonly column: string;
  readonly kind: IndexPurpose;
  /** The field it is made of. */
  readonly of: EncryptedField;
  /** The text that is indexed, from the opened text and the other columns of the row named in `needs`. */
  readonly text: (opened: string, row: Readonly<Record<string, unknown>>) => string;
  readonly needs: readonly string[];
}

const fields = new Map<string, EncryptedField>();
const indexes = new Map<string, BlindIndex>();

/**
 * Declares an encrypted column and puts it into the list that `keys:rotate` and `keys:check` work through.
 *
 * @example
 * const PHONE = defineEncryptedField({ table: 'person', column: 'phone', purpose: 'person', row: ['id'] });
 * const sealed = await crypto.seal(PHONE, person.id, '13800001234');   // → bytea
 * const phone = await crypto.open(PHONE, person.id, row.phone);        // ← '13800001234', or `crypto.tampered`
 */
export function defineEncryptedField(field: EncryptedField): EncryptedField {
  return kept(fields, field);
}

/** Declares a blind index column, for the same list. */
export function defineBlindIndex(index: BlindIndex): BlindIndex {
  return kept(indexes, index);
}

export function encryptedFields(): EncryptedField[] {
  return [...fields.values()];
}

export function blindIndexes(): BlindIndex[] {
  return [...indexes.values()];
}

function kept<T extends { readonly table: string; readonly column: string }>(list: Map<string, T>, item: T): T {
  const name = `${item.table}.${item.column}`;
  if (list.has(name)) throw new Error(`${name} is declared twice`);
  list.set(name, item);
  return item;
}
