import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Settings } from '../common/config/index.js';
import { type EncryptedField, type FieldCrypto, fieldCryptoOf } from '../common/crypto/index.js';

/**
 * Identity numbers, telephone numbers and bank accounts leave the clear: columns of bytes that are sealed with the field
 * keys, and person_certificate, where a blind index finds a number and lets one person have it in a pool. What is there is
 * sealed in batches with the keys at hand; without anything to seal no key is needed. Tables that lost a column are written
 * anew, or their pages would keep what the column held. Backups and archived WAL from before keep it (docs/data-protection.md).
 */
export class EncryptedColumns1700000000009 implements MigrationInterface {
  name = 'EncryptedColumns1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [USE_QUOTA, CERTIFICATE, PERSON_BEFORE, ACCOUNTS_BEFORE]) await runner.query(sql);
    const database = adapted(runner);
    const crypto = fieldCryptoOf(new Settings(process.env), (work) => work(database));
    await sealPersons(database, crypto);
    await sealAccounts(database, crypto, 'institution');
    await sealAccounts(database, crypto, 'payment_order');
    for (const sql of [PERSON_AFTER, INSTITUTION_AFTER, ORDER_AFTER, GRANTS]) await runner.query(sql);
    for (const [table, index] of [
      ['person', 'person_pk'],
      ['institution', 'institution_pk'],
      ['payment_order', 'pk_payment_order'],
    ] as const) {
      await runner.query(`CLUSTER ${table} USING ${index}`);
      await runner.query(`ALTER TABLE ${table} SET WITHOUT CLUSTER`);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

const BATCH = 2_000;

const USE_QUOTA = `
CREATE TABLE use_quota (
  pool_area text NOT NULL,
  actor_id uuid NOT NULL,
  kind text NOT NULL,
  window_start timestamptz NOT NULL,
  used integer NOT NULL,
  CONSTRAINT use_quota_pk PRIMARY KEY (pool_area, actor_id, kind, window_start),
  CONSTRAINT use_quota_ck_used CHECK (used > 0)
)`;

const CERTIFICATE = `
-- Distributed by blind_index, so it cannot refer to person; reconciliation proves that the two belong together.
CREATE TABLE person_certificate (
  pool_area text NOT NULL,
  blind_index bytea NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  kind text NOT NULL,
  number bytea NOT NULL,
  valid_from date,
  valid_to date,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT person_certificate_pk PRIMARY KEY (pool_area, blind_index),
  CONSTRAINT person_certificate_ck_blind_index CHECK (length(blind_index) = 18),
  CONSTRAINT person_certificate_ck_kind CHECK (kind ~ '^[0-9]{2}$'),
  CONSTRAINT person_certificate_ck_valid CHECK (valid_to > valid_from)
);
CREATE INDEX person_certificate_ix_person ON person_certificate (pool_area, person_id)`;

const PERSON_BEFORE = `
ALTER TABLE person
  ADD COLUMN certificate_mask bytea,
  ADD COLUMN phone_sealed bytea,
  ADD COLUMN phone_masked text`;

const ACCOUNTS_BEFORE = `
ALTER TABLE institution ADD COLUMN payee_account_sealed bytea, ADD COLUMN payee_account_masked text;
ALTER TABLE payment_order ADD COLUMN payee_account_sealed bytea, ADD COLUMN payee_account_masked text`;

const PERSON_AFTER = `
ALTER TABLE person DROP COLUMN id_no, DROP COLUMN phone;
ALTER TABLE person RENAME COLUMN phone_sealed TO phone;
ALTER TABLE person
  ALTER COLUMN certificate_mask SET NOT NULL,
  ADD CONSTRAINT person_ck_phone CHECK ((phone IS NULL) = (phone_masked IS NULL))`;

const INSTITUTION_AFTER = `
ALTER TABLE institution DROP COLUMN payee_account;
ALTER TABLE institution RENAME COLUMN payee_account_sealed TO payee_account;
ALTER TABLE institution
  ADD CONSTRAINT institution_ck_payee_account CHECK ((payee_account IS NULL) = (payee_account_masked IS NULL))`;

const ORDER_AFTER = `
ALTER TABLE payment_order DROP COLUMN payee_account;
ALTER TABLE payment_order RENAME COLUMN payee_account_sealed TO payee_account;
ALTER TABLE payment_order
  ALTER COLUMN payee_account SET NOT NULL,
  ALTER COLUMN payee_account_masked SET NOT NULL`;

const GRANTS = `
GRANT SELECT, INSERT, UPDATE ON person_certificate TO tongchou_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON use_quota TO tongchou_app`;

// As the columns were when this migration was written; the rooms that own them may change theirs later.
const RESIDENT_CARD = '01';
const MASK: EncryptedField = { table: 'person', column: 'certificate_mask', purpose: 'person', row: ['id'] };
const PHONE: EncryptedField = { table: 'person', column: 'phone', purpose: 'person', row: ['id'] };
const NUMBER: EncryptedField = {
  ...{ table: 'person_certificate', column: 'number', purpose: 'person' },
  row: ['person_id', 'id'],
};
const INDEX = { table: 'person_certificate', column: 'blind_index', kind: 'certificate' } as const;

type Database = ReturnType<typeof adapted>;

function adapted(runner: QueryRunner) {
  const query = async <R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> =>
    (await runner.query(sql, [...params], true)).records as R[];
  const one = async <R extends object>(sql: string, params: readonly unknown[] = []): Promise<R> => {
    const [row] = await query<R>(sql, params);
    if (row === undefined) throw new Error('a row is missing');
    return row;
  };
  return { query, one };
}

interface ClearPerson {
  readonly pool_area: string;
  readonly id: string;
  readonly id_no: string;
  readonly phone: string | null;
}

async function sealPersons(database: Database, crypto: FieldCrypto): Promise<void> {
  let after: readonly [string, string] = ['', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const rows = await database.query<ClearPerson>(
      `SELECT pool_area, id, id_no, phone FROM person WHERE (pool_area, id) > ($1, $2::uuid)
        ORDER BY pool_area, id LIMIT ${String(BATCH)}`,
      after,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    await sealPersonBatch(database, crypto, rows);
    after = [last.pool_area, last.id];
  }
}

async function sealPersonBatch(database: Database, crypto: FieldCrypto, rows: readonly ClearPerson[]): Promise<void> {
  const { ids } = await database.one<{ ids: string[] }>(
    'SELECT array_agg(gen_random_uuid())::text[] AS ids FROM generate_series(1, $1::int)',
    [rows.length],
  );
  const at = (position: number): string => ids[position] as string;
  const numbers = rows.map((row) => `${RESIDENT_CARD} ${row.id_no}`);
  const { current } = await crypto.indexNew(database, INDEX, numbers);
  const sealed = {
    numbers: await crypto.sealMany(
      NUMBER,
      rows.map((row, position) => ({ row: [row.id, at(position)], text: row.id_no })),
    ),
    masks: await crypto.sealMany(
      MASK,
      rows.map((row) => ({ row: row.id, text: `${row.id_no.slice(0, 6)}********${row.id_no.slice(-4)}` })),
    ),
    phones: await crypto.sealMany(
      PHONE,
      rows.map((row) => ({ row: row.id, text: row.phone })),
    ),
  };
  const pools = rows.map((row) => row.pool_area);
  const persons = rows.map((row) => row.id);
  await database.query(
    `INSERT INTO person_certificate (pool_area, blind_index, id, person_id, kind, number, created_by)
     SELECT u.pool, u.blind_index, u.id, u.person_id, $1, u.number, 'migration'
       FROM unnest($2::text[], $3::bytea[], $4::uuid[], $5::uuid[], $6::bytea[])
         AS u (pool, blind_index, id, person_id, number)`,
    [RESIDENT_CARD, pools, current, ids, persons, sealed.numbers],
  );
  await database.query(
    `UPDATE person p SET certificate_mask = u.mask, phone_sealed = u.phone,
            phone_masked = CASE WHEN length(p.phone) < 11 THEN '****' || right(p.phone, 2)
                           ELSE left(p.phone, 3) || '****' || right(p.phone, 4) END
       FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[]) AS u (pool, id, mask, phone)
      WHERE p.pool_area = u.pool AND p.id = u.id`,
    [pools, persons, sealed.masks, sealed.phones],
  );
}

async function sealAccounts(
  database: Database,
  crypto: FieldCrypto,
  table: 'institution' | 'payment_order',
): Promise<void> {
  const field: EncryptedField = { table, column: 'payee_account', purpose: 'payee', row: ['id'] };
  for (;;) {
    const rows = await database.query<{ pool_area: string; id: string; payee_account: string }>(
      `SELECT pool_area, id, payee_account FROM ${table}
        WHERE payee_account IS NOT NULL AND payee_account_sealed IS NULL LIMIT ${String(BATCH)}`,
    );
    if (rows.length === 0) return;
    const sealed = await crypto.sealMany(
      field,
      rows.map((row) => ({ row: row.id, text: row.payee_account })),
    );
    await database.query(
      `UPDATE ${table} t SET payee_account_sealed = u.sealed, payee_account_masked = '****' || right(t.payee_account, 4)
         FROM unnest($1::text[], $2::uuid[], $3::bytea[]) AS u (pool, id, sealed)
        WHERE t.pool_area = u.pool AND t.id = u.id`,
      [rows.map((row) => row.pool_area), rows.map((row) => row.id), sealed],
    );
  }
}
