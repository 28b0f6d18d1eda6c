import type { Tx } from '../common/db/index.js';
import { type Month } from '../common/time/index.js';
import type { AnchorHead } from './domain/anchor.js';
import { HASH_BYTES, hex, type Leaf } from './domain/chain.js';
import type { Head, RowPair, StoredBlock } from './domain/verify.js';
import { canonicalSql, micros, type StreamSource } from './streams.js';

/** First and last month whose rows are compared; null is open. */
export interface Range {
  readonly from: Month | null;
  readonly to: Month | null;
}

interface Scope {
  readonly poolArea: string;
  readonly source: StreamSource;
  readonly range: Range;
}

const BLOCKS_AT_ONCE = 50;
const ROWS_AT_ONCE = 4_000;
/** What the archiving of a month is called in the audit trail, where the verifier looks for it. */
export const ARCHIVED_ACTION = 'audit.month-archived';

/** Rows of a query, some at a time, through a cursor of the transaction. */
async function* stream<R extends object>(tx: Tx, sql: string, params: unknown[], size: number): AsyncGenerator<R> {
  await tx.query(`DECLARE audit_rows NO SCROLL CURSOR FOR ${sql}`, params);
  try {
    for (;;) {
      const rows = await tx.query<R>(`FETCH FORWARD ${String(size)} FROM audit_rows`);
      yield* rows;
      if (rows.length < size) return;
    }
  } finally {
    await tx.query('CLOSE audit_rows');
  }
}

const IN_RANGE = (column: string): string =>
  `($3::text IS NULL OR to_char(${column}, 'YYYY-MM') >= $3) AND ($4::text IS NULL OR to_char(${column}, 'YYYY-MM') <= $4)`;

interface BlockRow {
  seq: bigint;
  month: string;
  form: number;
  columns: string[];
  row_count: number;
  row_keys: string | null;
  row_hashes: Buffer | null;
  xid_from: bigint | null;
  xid_to: bigint | null;
  horizon: bigint | null;
  cluster: bigint;
  since_us: bigint | null;
  sealed_us: bigint;
  previous_hash: Buffer;
  hash: Buffer;
}

/** The blocks of a stream in their order; those of months out of range without their leaves. */
export async function* blocksOf(tx: Tx, { poolArea, source, range }: Scope): AsyncGenerator<StoredBlock> {
  const rows = stream<BlockRow>(
    tx,
    `SELECT b.seq, b.month, b.form, f.columns, b.row_count, b.xid_from, b.xid_to, b.horizon, b.cluster,
       ${micros('b.since')} AS since_us, ${micros('b.sealed_at')} AS sealed_us, b.previous_hash, b.hash,
       CASE WHEN ${IN_RANGE('b.month')} THEN array_to_string(b.row_keys, E'\\n') END AS row_keys,
       CASE WHEN ${IN_RANGE('b.month')} THEN coalesce((SELECT string_agg(u.hash, ''::bytea ORDER BY u.n)
         FROM unnest(b.row_hashes) WITH ORDINALITY AS u (hash, n)), ''::bytea) END AS row_hashes
     FROM audit_chain b JOIN audit_chain_form f ON f.stream = b.stream AND f.form = b.form
     WHERE b.pool_area = $1 AND b.stream = $2 ORDER BY b.seq`,
    [poolArea, source.stream, range.from, range.to],
    BLOCKS_AT_ONCE,
  );
  for await (const row of rows) {
    yield {
      header: {
        ...{ poolArea, stream: source.stream, seq: row.seq, month: row.month, form: row.form, columns: row.columns },
        ...{ rowCount: row.row_count, xidFrom: row.xid_from, xidTo: row.xid_to, horizon: row.horizon },
        ...{ cluster: row.cluster, sinceUs: row.since_us, sealedUs: row.sealed_us, previousHash: row.previous_hash },
      },
      leaves: leavesOf(row.row_keys, row.row_hashes),
      hash: row.hash,
    };
  }
}

function leavesOf(keys: string | null, hashes: Buffer | null): Leaf[] | null {
  if (keys === null || hashes === null) return null;
  if (hashes.length === 0) return [];
  return keys
    .split('\n')
    .map((key, index) => ({ key, hash: hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES) }));
}

/** Where the chain of the stream ends. */
export async function headOf(tx: Tx, { poolArea, source }: Scope): Promise<(Head & { hash: string }) | undefined> {
  const row = await tx.maybe<{ seq: bigint; horizon: bigint | null; sealed_us: bigint; hash: Buffer }>(
    `SELECT seq, horizon, ${micros('sealed_at')} AS sealed_us, hash FROM audit_chain
     WHERE pool_area = $1 AND stream = $2 ORDER BY seq DESC LIMIT 1`,
    [poolArea, source.stream],
  );
  if (row === undefined) return undefined;
  return { seq: row.seq, horizon: row.horizon, sealedUs: row.sealed_us, hash: hex(row.hash) };
}

/** A month of a stream: whether its rows are in the table, how many the chain knows, and whether it was archived. */
export interface StreamMonth {
  readonly month: string;
  readonly attached: boolean;
  readonly chained: number;
  readonly archived: boolean;
}

/** The months that the chain knows or the table has, in their order. */
export async function monthsOf(tx: Tx, { poolArea, source, range }: Scope): Promise<StreamMonth[]> {
  const attached = source.partitioned
    ? `SELECT to_date(right(relid::regclass::text, 6), 'YYYYMM') AS month
       FROM pg_partition_tree(to_regclass('${source.table}')) WHERE isleaf`
    : `SELECT DISTINCT ${source.month} AS month FROM ${source.table} WHERE pool_area = $1
       UNION SELECT month FROM audit_chain WHERE pool_area = $1 AND stream = $2`;
  const rows = await tx.query<{ month: string; attached: boolean; chained: bigint; archived: boolean }>(
    `WITH there AS (${attached}),
     chained AS (SELECT month, sum(row_count) AS chained FROM audit_chain WHERE pool_area = $1 AND stream = $2
       GROUP BY month HAVING sum(row_count) > 0)
     SELECT month, there.month IS NOT NULL AS attached, coalesce(chained, 0)::bigint AS chained,
       there.month IS NULL AND EXISTS (SELECT FROM audit_event e WHERE e.pool_area = $1 AND e.action = $5
         AND e.subject_id = '${source.table}:' || to_char(month, 'YYYY-MM')) AS archived
     FROM there FULL JOIN chained USING (month) WHERE ${IN_RANGE('month')} ORDER BY month`,
    [poolArea, source.stream, range.from, range.to, ARCHIVED_ACTION],
  );
  return rows.map((row) => ({ ...row, chained: Number(row.chained) }));
}

interface PairRow {
  key: string;
  seq: bigint | null;
  position: number | null;
  hash: Buffer | null;
  since_us: bigint | null;
  there: boolean;
  canonical: string | null;
  at_us: bigint | null;
  xid: bigint | null;
}

/** Every row of a month beside what the chain knows of it. The database matches them by key; it judges nothing. */
export async function* pairsOf(
  tx: Tx,
  { poolArea, source, range }: Scope,
  month: string,
  existing: readonly string[],
): AsyncGenerator<RowPair> {
  const forms = await tx.query<{ form: number; columns: string[] }>(
    'SELECT form, columns FROM audit_chain_form WHERE stream = $1 ORDER BY form',
    [source.stream],
  );
  const texts = forms.map(({ form, columns }) => `(${canonicalSql(columns, existing)}) AS form_${String(form)}`);
  const chosen = forms.map(({ form }) => `WHEN ${String(form)} THEN d.form_${String(form)}`);
  const sql = `
    SELECT coalesce(l.key, d.key) AS key, l.seq, l.position, l.hash, l.since_us, d.key IS NOT NULL AS there,
      ${chosen.length === 0 ? 'NULL::text' : `CASE l.form ${chosen.join(' ')} END`} AS canonical, d.at_us, d.xid
    FROM (SELECT b.seq, b.form, (u.n - 1)::integer AS position, u.key, u.hash, ${micros('b.since')} AS since_us
      FROM audit_chain b CROSS JOIN LATERAL unnest(b.row_keys, b.row_hashes) WITH ORDINALITY AS u (key, hash, n)
      WHERE b.pool_area = $1 AND b.stream = $2 AND b.month = $5) AS l
    FULL JOIN (SELECT ${[...texts, `${source.key} AS key`].join(', ')},
        ${micros(source.at)} AS at_us, ${source.xid ?? 'NULL::bigint'} AS xid
      FROM ${source.table} r ${source.join === '' ? '' : `LEFT ${source.join}`}
      WHERE r.pool_area = $1 AND r.${source.month} = $5) AS d ON d.key = l.key
    WHERE ${IN_RANGE('$5::date')}`;
  const rows = stream<PairRow>(tx, sql, [poolArea, source.stream, range.from, range.to, month], ROWS_AT_ONCE);
  for await (const row of rows) {
    yield {
      month,
      key: row.key,
      leaf:
        row.seq === null || row.hash === null
          ? null
          : { seq: row.seq, position: row.position ?? 0, hash: row.hash, sinceUs: row.since_us },
      row: row.there ? { canonical: row.canonical, atUs: row.at_us, xid: row.xid } : null,
    };
  }
}

/** The hashes that the chain has at the places of which anchors speak, by `stream:seq`. */
export async function hashesAt(
  tx: Tx,
  poolArea: string,
  heads: readonly AnchorHead[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ place: string; hash: string }>(
    `SELECT b.stream || ':' || b.seq AS place, encode(b.hash, 'hex') AS hash
     FROM unnest($2::text[], $3::bigint[]) AS h (stream, seq)
     JOIN audit_chain b ON b.pool_area = $1 AND b.stream = h.stream AND b.seq = h.seq`,
    [poolArea, heads.map(({ stream }) => stream), heads.map(({ seq }) => seq)],
  );
  return new Map(rows.map(({ place, hash }) => [place, hash]));
}
