import pg from 'pg';

const { INT8, DATE } = pg.types.builtins;

/**
 * How values come out of PostgreSQL: int8 as bigint (money in fen must never pass through a float),
 * date as the text 'YYYY-MM-DD' (a business day has no zone), numeric as exact decimal text (pg's default).
 * Called once, before the first connection.
 */
export function applyPgTypes(): void {
  pg.types.setTypeParser(INT8, (text) => BigInt(text));
  pg.types.setTypeParser(DATE, (text) => text);
}
