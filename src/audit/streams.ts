import type { Tx } from '../common/db/index.js';

/**
 * What is chained: one stream a table and pool area. `r` is the row, `j` its journal where the stream is of ledger lines.
 * All texts are constants of this file and names out of the catalogue, never input.
 */
export interface StreamSource {
  readonly stream: string;
  readonly table: string;
  /** Column of the month by which the table is cut, and the chain with it. */
  readonly month: string;
  /** The key of a row within its month, as text. */
  readonly key: string;
  /** When the row says that it was written. */
  readonly at: string;
  /** The transaction that wrote the row; null where the table has none and is small enough to be compared as a whole. */
  readonly xid: string | null;
  readonly join: string;
  /** Whether the table has a partition for each month, which may be taken out of it after years. */
  readonly partitioned: boolean;
}

export const STREAMS: readonly StreamSource[] = [
  {
    stream: 'audit',
    table: 'audit_event',
    month: 'on_month',
    key: 'r.id::text',
    at: 'r.at',
    xid: 'r.xid',
    join: '',
    partitioned: true,
  },
  {
    stream: 'ledger-journal',
    table: 'ledger_journal',
    month: 'period',
    key: 'r.id::text',
    at: 'r.created_at',
    xid: 'r.xid',
    join: '',
    partitioned: true,
  },
  {
    stream: 'ledger-line',
    table: 'ledger_line',
    month: 'period',
    key: `r.journal_id::text || '/' || r.line_no`,
    at: 'j.created_at',
    xid: 'j.xid',
    join: 'JOIN ledger_journal j ON j.pool_area = r.pool_area AND j.period = r.period AND j.id = r.journal_id',
    partitioned: true,
  },
  {
    stream: 'ledger-period',
    table: 'ledger_period',
    month: 'period',
    key: `r.scheme || '/' || to_char(r.period, 'YYYY-MM')`,
    at: 'r.closed_at',
    xid: null,
    join: '',
    partitioned: false,
  },
];

/** Session settings under which a value has one text and no other. */
export const TEXT_SETTINGS = `
  SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
    set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true), set_config('statement_timeout', '0', true)`;

/** An instant as microseconds since 1970. */
export const micros = (instant: string): string => `(extract(epoch FROM ${instant}) * 1000000)::bigint`;

/**
 * SQL of the canonical text of row `r`: every value as the length of its UTF-8 bytes, a colon and itself, a missing value
 * as `-`, so that no two different rows have the same text, whatever the values hold. Column names come from the catalogue
 * and are quoted. A column that is no longer there is written as missing, so that its rows are found to differ.
 */
export function canonicalSql(columns: readonly string[], existing: readonly string[]): string {
  return columns
    .map((name) => {
      const value = `r."${name.replaceAll('"', '""')}"::text`;
      return existing.includes(name) ? `coalesce(octet_length(${value}) || ':' || ${value}, '-')` : `'-'`;
    })
    .join(' || ');
}

/** The columns of the stream's table, in their order. */
export async function columnsOf(tx: Tx, source: StreamSource): Promise<string[]> {
  const row = await tx.one<{ columns: string[] }>(
    `SELECT array_agg(attname::text ORDER BY attnum) AS columns FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [source.table],
  );
  return row.columns;
}
