import type { FieldKey, KeyUse } from './key-file.js';

/** What the register needs of a connection: a `Tx` is one, and so is a migration's runner. */
export interface Queries {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

/** `current` seals; `old` still opens and finds, its rows are being sealed anew; `retired` is on no row any more. */
export type KeyState = 'current' | 'old' | 'retired';

/** What the database knows of a key: never the key, only how to recognise it. */
export interface RegisteredKey {
  readonly id: number;
  readonly use: KeyUse;
  readonly purpose: string;
  readonly version: number;
  readonly checkValue: Buffer;
  readonly state: KeyState;
}

/** Every key the database has met, or undefined where its schema does not have the table yet. */
export async function registeredKeys(queries: Queries): Promise<RegisteredKey[] | undefined> {
  const [found] = await queries.query<{ there: boolean }>(`SELECT to_regclass('field_key') IS NOT NULL AS there`);
  if (found?.there !== true) return undefined;
  return queries.query<RegisteredKey>(
    `SELECT id, use, purpose, version, check_value AS "checkValue", state FROM field_key ORDER BY id`,
  );
}

/** Registers a key as the current one of its use and purpose; whoever comes second with that id changes nothing. */
export async function registerKey(queries: Queries, key: FieldKey, checkValue: Buffer): Promise<void> {
  await queries.query(
    `INSERT INTO field_key (id, use, purpose, version, check_value, state) VALUES ($1, $2, $3, $4, $5, 'current')
     ON CONFLICT DO NOTHING`,
    [key.id, key.use, key.purpose, key.version, checkValue],
  );
}

/**
 * Makes a registered key old and a new one current, in the caller's transaction. Waits for registrations under way, which
 * hold the old row, and they for it: nobody can index with a key that was replaced.
 */
export async function replaceCurrentKey(queries: Queries, key: FieldKey, checkValue: Buffer): Promise<void> {
  await queries.query(`UPDATE field_key SET state = 'old' WHERE use = $1 AND purpose = $2 AND state = 'current'`, [
    key.use,
    key.purpose,
  ]);
  await registerKey(queries, key, checkValue);
}
