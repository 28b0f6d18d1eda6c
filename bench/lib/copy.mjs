/**
 * The floor of everything that writes many rows: a bare COPY of the same rows into the same tables – with their keys,
 * checks and triggers – on a copy of the database as it was before. The server reads a file of its own, so not even the
 * wire is in it. Needs a role that may read and write files of the server (the embedded server's may).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { withClient } from './databases.mjs';

/** Columns that COPY may write: not generated ones, nor those that name the transaction that wrote the row. */
async function columnsOf(client, table) {
  const { rows } = await client.query(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
       AND coalesce(pg_get_expr(adbin, adrelid), '') NOT LIKE '%pg_current_xact_id%'`,
    [`public.${table}`],
  );
  return rows[0].columns;
}

/**
 * Writes the rows of tables to files of the server. A table that does not exist or is empty is left out.
 * @param {(string|{table: string, where: string})[]} tables in the order in which they can be written again
 */
export async function copyOut(url, folder, tables) {
  return withClient(url, async (client) => {
    const files = [];
    for (const entry of tables) {
      const { table, where } = typeof entry === 'string' ? { table: entry, where: 'true' } : entry;
      const columns = await columnsOf(client, table);
      if (columns === null) continue;
      const file = join(folder, `${table}.copy`);
      const { rowCount } = await client.query(`COPY (SELECT ${columns} FROM ${table} WHERE ${where}) TO '${file}'`);
      if (rowCount > 0) files.push({ table, columns, file, rows: rowCount });
    }
    return files;
  });
}

/** Seconds that the server takes to read the files into the tables, all in one transaction. */
export async function copyIn(url, files, before = []) {
  try {
    return await withClient(url, async (client) => {
      for (const sql of before) await client.query(sql);
      const start = performance.now();
      await client.query('BEGIN');
      for (const { table, columns, file } of files) await client.query(`COPY ${table} (${columns}) FROM '${file}'`);
      await client.query('COMMIT');
      return (performance.now() - start) / 1000;
    });
  } finally {
    for (const { file } of files) rmSync(file, { force: true });
  }
}
