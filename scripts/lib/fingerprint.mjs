/** What is in a database, in a form that can be compared: rows of each table and one sum over all of them. */
import { withClient } from './scratch-database.mjs';

/**
 * Every table with its number of rows and the sum of the digests of its rows, in whatever order they lie, read in one
 * snapshot; and the database's time right after.
 *
 * @param {string} url connection of the owner
 * @returns {Promise<{tables: Record<string, string>, rows: number, at: string}>}
 */
export function fingerprint(url) {
  return withClient(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: tables } = await client.query(
      `SELECT c.relname AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
    );
    const result = {};
    let total = 0;
    for (const { name } of tables) {
      const { rows } = await client.query(
        `SELECT count(*) AS n, coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0) AS digest
           FROM ${client.escapeIdentifier(name)} t`,
      );
      result[name] = `${rows[0].n} rows, ${rows[0].digest}`;
      total += Number(rows[0].n);
    }
    await client.query('COMMIT');
    const { rows } = await client.query('SELECT clock_timestamp()::text AS at');
    return { tables: result, rows: total, at: rows[0].at };
  });
}

/** Tables that are not the same, as `name: before → after`. */
export function differences(before, after) {
  const names = new Set([...Object.keys(before.tables), ...Object.keys(after.tables)]);
  return [...names]
    .filter((name) => before.tables[name] !== after.tables[name])
    .map((name) => `${name}: ${before.tables[name] ?? 'not there'} → ${after.tables[name] ?? 'not there'}`);
}
