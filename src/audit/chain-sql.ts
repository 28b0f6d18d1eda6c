import { canonicalSql, micros, type StreamSource } from './streams.js';

/** Rows of a block. A block of a busy hour is some 80 kB; a broken one is still found to the row. */
export const BLOCK_ROWS = 1_000;

/**
 * One sweep as one statement: takes rows that are not in the chain yet, hashes each, cuts them into blocks by month, and
 * links the blocks to the head and to each other. Parameters: $1 pool area, $2 stream, $3 form, $4 number of the head,
 * $5 hash of the head, $6 cluster, $7 when the sweep before was made (null at the beginning), $8 columns of the form
 * joined by commas, $9 month (null for all), $10 lower bound of the transactions (null: take rows of any transaction).
 *
 * Only rows of transactions that ended before every running one are taken: a number is drawn long before its commit, so
 * a sequence would step over rows that become visible later. What a block before has already is left out by its key.
 */
export function sweepSql(source: StreamSource, columns: readonly string[]): string {
  const { table, month, key, join, xid } = source;
  const of = xid ?? 'NULL::bigint';
  const fresh = xid === null ? 'true' : `($10::bigint IS NULL OR (${xid} >= $10 AND ${xid} < snap.lowest))`;
  return `
  WITH RECURSIVE snap AS MATERIALIZED (
    SELECT pg_snapshot_xmin(s)::text::bigint AS lowest, clock_timestamp() AS now FROM pg_current_snapshot() AS s
  ), known AS MATERIALIZED (
    SELECT k.key FROM audit_chain b CROSS JOIN snap CROSS JOIN LATERAL unnest(b.row_keys) AS k (key)
    WHERE b.pool_area = $1 AND b.stream = $2 AND ($9::date IS NULL OR b.month = $9)
      AND ($10::bigint IS NULL OR b.xid_to IS NULL OR (b.xid_to >= $10 AND b.xid_from < snap.lowest))
  ), taken AS MATERIALIZED (
    SELECT r.${month} AS month, (${key}) COLLATE "C" AS key, ${of} AS xid,
      sha256(convert_to(${canonicalSql(columns, columns)}, 'UTF8')) AS hash
    FROM ${table} r CROSS JOIN snap ${join}
    WHERE r.pool_area = $1 AND ($9::date IS NULL OR r.${month} = $9) AND ${fresh}
      AND NOT EXISTS (SELECT FROM known WHERE known.key = (${key}))
  ), cut AS (
    SELECT *, (row_number() OVER (PARTITION BY month ORDER BY key) - 1) / ${String(BLOCK_ROWS)} AS part FROM taken
  ), block AS MATERIALIZED (
    SELECT month, part, count(*)::integer AS row_count, min(xid) AS xid_from, max(xid) AS xid_to,
      array_agg(key ORDER BY key) AS row_keys, array_agg(hash ORDER BY key) AS row_hashes,
      encode(sha256(string_agg(convert_to(key, 'UTF8') || '\\x00'::bytea || hash, ''::bytea ORDER BY key)), 'hex') AS root,
      $4::bigint + row_number() OVER (ORDER BY month, part) AS seq
    FROM cut GROUP BY month, part
  ), linked AS (
    SELECT $4::bigint AS seq, NULL::bytea AS previous_hash, $5::bytea AS hash
    UNION ALL
    SELECT b.seq, l.hash, sha256(convert_to(${headerSql('b', 'l.hash')}, 'UTF8'))
    FROM linked l JOIN block b ON b.seq = l.seq + 1 CROSS JOIN snap
  )
  INSERT INTO audit_chain (pool_area, stream, seq, month, form, row_count, row_keys, row_hashes, xid_from, xid_to, horizon,
    cluster, since, sealed_at, previous_hash, hash)
  SELECT $1::text, $2::text, b.seq, b.month, $3::smallint, b.row_count, b.row_keys, b.row_hashes, b.xid_from, b.xid_to, ${HORIZON}, $6, $7,
    snap.now, l.previous_hash, l.hash
  FROM block b JOIN linked l ON l.seq = b.seq CROSS JOIN snap ORDER BY b.seq
  RETURNING row_count`;
}

const HORIZON = 'CASE WHEN $10::bigint IS NULL THEN NULL ELSE snap.lowest END';

/** The text of which a block's hash is made; see blockHash. */
function headerSql(block: string, previous: string): string {
  const number = (value: string): string => `coalesce((${value})::text, '-')`;
  return `concat_ws('|', 'tongchou-chain-1', $1::text, $2::text, ${block}.seq, to_char(${block}.month, 'YYYY-MM-DD'), $3::smallint,
      $8::text, ${block}.row_count, ${number(`${block}.xid_from`)}, ${number(`${block}.xid_to`)}, ${number(HORIZON)},
      $6::bigint, ${number(micros('$7::timestamptz'))}, ${micros('snap.now')}, encode(${previous}, 'hex'), ${block}.root)`;
}

/**
 * The empty block that ends the beginning of a chain, or its new beginning in another cluster: from here on only young
 * transactions have to be looked at. Parameters as above, except $9 horizon and $10 month.
 */
export const MARKER = `
  WITH snap AS MATERIALIZED (SELECT clock_timestamp() AS now),
  b AS (SELECT $4::bigint + 1 AS seq, $10::date AS month, 0 AS row_count, NULL::bigint AS xid_from, NULL::bigint AS xid_to,
    encode(sha256(''::bytea), 'hex') AS root)
  INSERT INTO audit_chain (pool_area, stream, seq, month, form, row_count, row_keys, row_hashes, xid_from, xid_to, horizon,
    cluster, since, sealed_at, previous_hash, hash)
  SELECT $1::text, $2::text, b.seq, b.month, $3::smallint, 0, '{}', '{}', NULL, NULL, $9, $6, $7, snap.now, $5,
    sha256(convert_to(concat_ws('|', 'tongchou-chain-1', $1::text, $2::text, b.seq, to_char(b.month, 'YYYY-MM-DD'), $3::smallint,
      $8::text, 0, '-', '-', $9::bigint, $6::bigint, coalesce((${micros('$7::timestamptz')})::text, '-'),
      ${micros('snap.now')}, encode($5::bytea, 'hex'), b.root), 'UTF8'))
  FROM b CROSS JOIN snap`;
