import { DataSource } from 'typeorm';
import { migrations } from '../../src/migrations/index.js';
import type { TestDatabase } from '../support/database.js';

/** Brings a database to the schema of version 0.1 and no further. */
export async function migrateTo0007(database: TestDatabase): Promise<void> {
  const last = migrations.findIndex(({ name }) => name.startsWith('Reporting'));
  const source = new DataSource({
    ...{
      type: 'postgres',
      url: database.url,
      migrationsTableName: 'schema_migration',
      migrationsTransactionMode: 'each',
    },
    migrations: migrations.slice(0, last + 1),
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

const MONTH = `(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') - make_interval(months => $1))::date`;
const ZEROS = [
  ...['fulamt_ownpay', 'overlmt_selfpay', 'preselfpay', 'deductible', 'cvlserv', 'hifes', 'hifmi', 'hifob', 'maf'],
  ...['oth', 'special', 'hosp_part'],
];

/** Bills of 200 persons in a month, written by the function of version 0.1: some from their account, some by REST. */
const BILLS = `
  WITH bill AS (
    SELECT n, md5('person ' || n)::uuid AS person_id, gen_random_uuid() AS id, n * 1000 AS fund,
      CASE WHEN n % 4 = 0 THEN 700 ELSE 0 END AS account, ${MONTH} AS month
    FROM generate_series(1, 200) AS n)
  SELECT count(*) FILTER (WHERE outcome = 'written')::int AS written FROM settle_commit('331100',
    ARRAY(SELECT '390:' || to_char(${MONTH}, 'YYYY-MM')),
    (SELECT json_agg(json_build_object('ordinal', n, 'person_id', person_id, 'settle_month', month, 'id', id,
      'visit_id', gen_random_uuid(), 'bill_no', 'B' || n || month, 'provider_id', md5('provider ' || n % 5)::uuid,
      'provider_area', '331102', 'area_code', '331102', 'scheme', '390', 'insured_type', 'adult',
      'category', 'inpatient', 'level', 'tertiary', 'admitted_on', month, 'discharged_on', month, 'settled_on', month,
      'settled_at', month, 'benefit_year', 2000 + $1, 'emergency', false, 'line_count', 1, 'total_fen', fund + account,
      'inscp_fen', fund + account, 'hifp_fen', fund, 'fund_pay_sum_fen', fund, 'psn_part_fen', account,
      'acct_pay_fen', account, 'cash_pay_fen', 0)::jsonb
      || json_build_object('policy_version', 'p@1', 'delta', '{}'::json, 'trace', '[]'::json, 'source', 'rest',
      'posted_by', 'clerk', 'facts', '{}'::json, 'acc_version', 0, 'acc', ARRAY[1, 0, 0, fund, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      'chronic', '{}'::json, 'account_version', (SELECT version FROM personal_account a WHERE a.person_id = bill.person_id))::jsonb
      || json_build_object(${ZEROS.map((name) => `'${name}_fen', 0`).join(', ')})::jsonb
      || CASE WHEN n % 3 > 0 THEN '{}' ELSE json_build_object('client_id', md5('provider ' || n % 5)::uuid, 'idem_key',
        'key ' || id, 'body_hash', '\\x' || repeat('00', 32), 'event', json_build_object('id', gen_random_uuid()),
        'audit', json_build_object('id', gen_random_uuid(), 'actor_id', id, 'actor_name', 'clerk', 'actor_roles',
        ARRAY['clerk']))::jsonb END) FROM bill),
    ARRAY(SELECT n FROM bill), ARRAY(SELECT 1 FROM bill), ARRAY(SELECT 'X' FROM bill), ARRAY(SELECT 'A' FROM bill),
    ARRAY(SELECT month FROM bill), ARRAY(SELECT 1::numeric FROM bill), ARRAY(SELECT 1::numeric FROM bill),
    ARRAY(SELECT fund::bigint + account FROM bill), ARRAY(SELECT 0::bigint FROM bill), ARRAY(SELECT 0::bigint FROM bill),
    ARRAY(SELECT 0::bigint FROM bill), ARRAY(SELECT fund::bigint + account FROM bill), ARRAY(SELECT 0::bigint FROM bill))`;

/** Journals that no bill made: `kind` for a `source`, one line. */
const JOURNAL = `
  WITH head AS (
    INSERT INTO ledger_journal (pool_area, period, id, scheme, posted_on, source_kind, source_id, line_count, total_fen, posted_by)
    SELECT '331100', ${MONTH}, gen_random_uuid(), '390', ${MONTH}, $2, source, 1, 700, 'clerk' FROM unnest($3::text[]) AS source
    RETURNING period, id)
  INSERT INTO ledger_line (pool_area, period, journal_id, line_no, scheme, debit_account, credit_account, amount_fen)
  SELECT '331100', period, id, 1, '390', '1001', '4001', 700 FROM head`;

/** A busy small region of version 0.1: four months of bills, reversals, journals of other rooms, one closed period. */
export async function fillRegion0007(database: TestDatabase): Promise<void> {
  await database.query(
    `INSERT INTO personal_account (pool_area, person_id, balance_fen)
     SELECT '331100', md5('person ' || n)::uuid, 1000000 FROM generate_series(1, 200) AS n`,
  );
  for (const monthsAgo of [4, 3, 2, 1]) {
    const [row] = await database.query<{ written: number }>(BILLS, [monthsAgo]);
    if (row?.written !== 200) throw new Error(`${String(row?.written)} of 200 bills were written`);
  }
  const reversed = await database.query<{ id: string }>('SELECT id FROM settlement ORDER BY id LIMIT 20');
  const sources = reversed.map(({ id }) => id);
  await database.query(JOURNAL, [1, 'settlement-reversal', sources]);
  await database.query(JOURNAL, [2, 'account-credit', ['2026-01-01-1', '2026-01-01-2']]);
  await database.query(JOURNAL, [1, 'month-settlement', ['01900000-0000-7000-8000-00000000000a']]);
  await database.query(
    `INSERT INTO outbox_event (pool_area, id, topic, key, payload) VALUES ('331100', gen_random_uuid(), 'room.done', 'a month', '{}')`,
  );
  await database.query(
    `INSERT INTO idempotency_key (pool_area, client_id, key, body_hash, state, status)
     VALUES ('331100', md5('clerk')::uuid, 'close', decode(repeat('00', 32), 'hex'), 'done', 200)`,
  );
  await database.query(
    `INSERT INTO ledger_period (pool_area, scheme, period, closed_by, journal_count, line_count, total_fen, content_hash)
     SELECT '331100', '390', ${MONTH}, 'clerk', 0, 0, 0, repeat('0', 64)`,
    [4],
  );
}
