/**
 * How every table is kept when one node is no longer enough (Citus), and what makes it grow. A test reads the catalogue
 * of the database against this list (test/scale), and docs/scale.md explains the kinds.
 *
 *  - `person`: spread by the uuid in `key`, all on the node of that uuid; `certificate`: spread by the blind index;
 *  - `reference`: small, the same on every node; `local`: on the coordinator, written by jobs and staff only.
 *
 * Growth: `fixed` by what is set up, `people`, `bills` (in partitions of a month), `register` (one unique set over all
 * months, so it cannot be cut by month), `window` (kept for a number of days, then purged by a job), `work` (with what
 * staff and jobs do).
 */
export const TABLE_DISTRIBUTION = `
  CREATE TABLE table_distribution (
    name text NOT NULL,
    kind text NOT NULL,
    key text,
    growth text NOT NULL,
    CONSTRAINT pk_table_distribution PRIMARY KEY (name),
    CONSTRAINT ck_table_distribution_kind CHECK (kind IN ('person', 'certificate', 'reference', 'local')),
    CONSTRAINT ck_table_distribution_key CHECK ((kind IN ('person', 'certificate')) = (key IS NOT NULL)),
    CONSTRAINT ck_table_distribution_growth CHECK (growth IN ('fixed', 'people', 'bills', 'register', 'window', 'work')),
    CONSTRAINT ck_table_distribution_small CHECK (kind <> 'reference' OR growth IN ('fixed', 'work'))
  );
  GRANT SELECT ON table_distribution TO tongchou_app;
`;

type Row = readonly [names: string, kind: string, key: string | null, growth: string];

const ROWS: readonly Row[] = [
  ['person', 'person', 'id', 'people'],
  ['person_mark coverage benefit_accumulator personal_account', 'person', 'person_id', 'people'],
  ['settlement claim_line', 'person', 'person_id', 'bills'],
  ['visit settlement_reversal recalculation_flag', 'person', 'person_id', 'register'],
  ['ledger_journal ledger_line', 'person', 'owner_id', 'bills'],
  ['outbox_event idempotency_key', 'person', 'owner_id', 'window'],
  ['area institution department physician physician_privilege', 'reference', null, 'fixed'],
  ['agreement agreement_suspension catalogue_item catalogue_ceiling', 'reference', null, 'fixed'],
  ['catalogue_version benefit_policy_version ledger_account', 'reference', null, 'fixed'],
  ['audit_event', 'person', 'owner_id', 'bills'],
  ['person_certificate', 'certificate', 'blind_index', 'people'],
  ['app_user user_role role_change', 'reference', null, 'fixed'],
  ['claims_month ledger_period ledger_period_balance', 'reference', null, 'work'],
  ['schema_migration partitioned_table table_distribution', 'local', null, 'fixed'],
  ['auth_session refresh_token bootstrap_token credential_reset second_factor recovery_code', 'local', null, 'work'],
  ['sign_in_challenge sign_in_throttle known_address user_notice field_key use_quota', 'local', null, 'work'],
  ['audit_chain_form audit_chain audit_anchor', 'local', null, 'work'],
  ['demo_region demo_step job_run job_unit approval_act', 'local', null, 'work'],
  ['discharge_import discharge_import_row', 'local', null, 'work'],
  ['fund_income fund_receipt fund_transfer', 'local', null, 'work'],
];

/** The rows above, of the tables that there are. */
export const TABLE_DISTRIBUTION_ROWS = `
  INSERT INTO table_distribution (name, kind, key, growth)
  SELECT v.name, v.kind, v.key, v.growth FROM (VALUES
${ROWS.flatMap(([names, kind, key, growth]) =>
  names.split(' ').map((name) => `    ('${name}', '${kind}', ${key === null ? 'NULL' : `'${key}'`}, '${growth}')`),
).join(',\n')}
  ) AS v (name, kind, key, growth) WHERE to_regclass('public.' || v.name) IS NOT NULL;
  INSERT INTO table_distribution (name, kind, growth)
  SELECT relname, 'local', 'work' FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'payment\\_%';
`;
