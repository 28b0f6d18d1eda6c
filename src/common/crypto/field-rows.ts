import type { Tx } from '../db/index.js';
import type { BlindIndex, EncryptedField } from './encrypted-fields.js';

/** Rows of one piece of work. */
export const ROWS_PER_UNIT = 1_000;

/** A span of rows by the first column that names them: after `from`, up to and with `to`; null = open. */
export interface RowSpan {
  readonly from: string | null;
  readonly to: string | null;
}

/** A sealed value and where it stands. */
export interface SealedRow {
  readonly row: readonly string[];
  readonly sealed: Buffer;
}

/** A blind index, the sealed text it is made of, and what else it needs. */
export interface IndexedRow extends SealedRow {
  readonly index: Buffer;
  readonly poolArea: string;
  readonly needs: Readonly<Record<string, unknown>>;
}

// Names of tables and columns are declared in the sources (`defineEncryptedField`), never part of a request.
const keyOf = (column: string, at: number): string =>
  `(get_byte(${column}, ${String(at)}) << 8 | get_byte(${column}, ${String(at + 1)}))`;
/** Id of the key that sealed a value: bytes 1 and 2. */
const sealedBy = (column: string): string => keyOf(column, 1);
/** Id of the key that made a blind index: bytes 0 and 1. */
const indexedBy = (column: string): string => keyOf(column, 0);

/** Cuts the rows of a field into spans that an index of the table can read. */
export async function spansOf(tx: Tx, field: EncryptedField, poolArea: string): Promise<RowSpan[]> {
  const [first] = field.row;
  const pool = await poolCondition(tx, field.table, 't', 1);
  const marks = await tx.query<{ mark: string }>(
    `SELECT mark::text FROM (
       SELECT t.${String(first)} AS mark, row_number() OVER (ORDER BY t.${String(first)}) AS n
         FROM ${field.table} t WHERE t.${field.column} IS NOT NULL AND ${pool}) x
      WHERE n % ${String(ROWS_PER_UNIT)} = 0 ORDER BY x.mark`,
    [poolArea],
  );
  const ends = [null, ...marks.map((row) => row.mark), null];
  return ends.slice(1).map((to, at) => ({ from: ends[at] ?? null, to }));
}

/** The rows of a span, locked for the transaction; those that the key `except` sealed are left out. */
export async function sealedRows(
  tx: Tx,
  field: EncryptedField,
  poolArea: string,
  span: RowSpan,
  except: number | null,
): Promise<SealedRow[]> {
  const lock = except === null ? '' : 'FOR UPDATE';
  return tx.query<SealedRow>(
    `SELECT ${rowArray(field)} AS row, t.${field.column} AS sealed FROM ${field.table} t
      WHERE t.${field.column} IS NOT NULL AND ($4::int IS NULL OR ${sealedBy(`t.${field.column}`)} <> $4)
        AND ${await spanCondition(tx, field)} ORDER BY 1 ${lock}`,
    [poolArea, span.from, span.to, except],
  );
}

/** Puts newly sealed values in the place of the old ones. */
export async function replaceSealed(
  tx: Tx,
  field: EncryptedField,
  rows: readonly SealedRow[],
  sealed: readonly Buffer[],
): Promise<void> {
  await tx.query(
    `UPDATE ${field.table} t SET ${field.column} = u.fresh FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS u (place, old, fresh)
      WHERE t.${String(field.row[0])} = split_part(u.place, '/', 1)::uuid AND array_to_string(${rowArray(field)}, '/') = u.place
        AND t.${field.column} = u.old`,
    [rows.map(({ row }) => row.join('/')), rows.map((row) => row.sealed), sealed],
  );
}

/** The blind indexes of a span with what they are made of; those that the key `except` made are left out. */
export async function indexedRows(
  tx: Tx,
  index: BlindIndex,
  poolArea: string,
  span: RowSpan,
  except: number | null,
): Promise<IndexedRow[]> {
  const needs = index.needs.flatMap((name) => [`'${name}'`, `t.${name}`]).join(', ');
  const lock = except === null ? '' : 'FOR UPDATE';
  return tx.query<IndexedRow>(
    `SELECT ${rowArray(index.of)} AS row, t.${index.of.column} AS sealed, t.${index.column} AS index, t.pool_area AS "poolArea",
            jsonb_build_object(${needs}) AS needs FROM ${index.table} t
      WHERE ($4::int IS NULL OR ${indexedBy(`t.${index.column}`)} <> $4) AND ${await spanCondition(tx, index.of)}
      ORDER BY 1 ${lock}`,
    [poolArea, span.from, span.to, except],
  );
}

/** Puts newly made blind indexes in the place of the old ones. */
export async function replaceIndexes(
  tx: Tx,
  index: BlindIndex,
  rows: readonly IndexedRow[],
  fresh: readonly Buffer[],
): Promise<void> {
  await tx.query(
    `UPDATE ${index.table} t SET ${index.column} = u.fresh FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS u (pool, old, fresh)
      WHERE t.pool_area = u.pool AND t.${index.column} = u.old`,
    [rows.map((row) => row.poolArea), rows.map((row) => row.index), fresh],
  );
}

/** How many values stand under each key id. */
export function countByKey(tx: Tx, item: EncryptedField | BlindIndex): Promise<{ id: number; rows: number }[]> {
  const id = 'kind' in item ? indexedBy(`t.${item.column}`) : sealedBy(`t.${item.column}`);
  return tx.query<{ id: number; rows: number }>(
    `SELECT ${id} AS id, count(*)::int AS rows FROM ${item.table} t WHERE t.${item.column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
}

function rowArray(field: EncryptedField): string {
  return `ARRAY[${field.row.map((column) => `t.${column}::text`).join(', ')}]`;
}

async function spanCondition(tx: Tx, field: EncryptedField): Promise<string> {
  const first = `t.${String(field.row[0])}`;
  const pool = await poolCondition(tx, field.table, 't', 1);
  return `${pool} AND ($2::uuid IS NULL OR ${first} > $2) AND ($3::uuid IS NULL OR ${first} <= $3)`;
}

/** Most tables begin their keys with the pool; a few small ones have none. */
async function poolCondition(tx: Tx, table: string, alias: string, place: number): Promise<string> {
  const found = await tx.maybe(
    `SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'pool_area' AND NOT attisdropped`,
    [table],
  );
  const pool = `$${String(place)}::text`;
  return found === undefined ? `${pool} IS NOT NULL` : `${alias}.pool_area = ${pool}`;
}
