import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit trail by month and owner. `owner_id` spreads the rows: the person's id where an event is about one person,
 * otherwise an id that is at hand (the actor's). `on_month` is the month of `at` in Asia/Shanghai; `xid` is the
 * transaction that wrote the row, so that the chain can tell what is final without a sequence.
 *
 * All three have defaults, because settle_commit of migration 0004 does not name them.
 */
const AUDIT_EVENT = `
  ALTER TABLE audit_event RENAME TO audit_event_flat;
  ALTER TABLE audit_event_flat DROP CONSTRAINT pk_audit_event;
  DROP INDEX ix_audit_event_subject, ix_audit_event_actor, ix_audit_event_persons;

  CREATE TABLE audit_event (
    pool_area text NOT NULL,
    owner_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    on_month date NOT NULL DEFAULT date_trunc('month', clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    actor_roles text[] NOT NULL,
    kind text NOT NULL,
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    person_ids uuid[] NOT NULL DEFAULT '{}',
    details jsonb NOT NULL DEFAULT '{}',
    trace_id text,
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    CONSTRAINT pk_audit_event PRIMARY KEY (pool_area, owner_id, on_month, id),
    CONSTRAINT ck_audit_event_on_month CHECK (EXTRACT(day FROM on_month) = 1),
    CONSTRAINT ck_audit_event_kind CHECK (kind IN ('change', 'look', 'access')),
    CONSTRAINT ck_audit_event_action CHECK (action ~ '^[a-z0-9-]+(\\.[a-z0-9-]+)+$')
  ) PARTITION BY RANGE (on_month);

  -- Ids are ordered by time, so these grow at their end. Who looked at one person is found by the owner (the primary
  -- key); the dear index over the list of persons holds only the events that show several at once, and no bill is one.
  CREATE INDEX ix_audit_event_newest ON audit_event (pool_area, id);
  CREATE INDEX ix_audit_event_subject ON audit_event (subject_id, id);
  CREATE INDEX ix_audit_event_actor ON audit_event (actor_id, id);
  CREATE INDEX ix_audit_event_persons ON audit_event USING gin (person_ids) WHERE cardinality(person_ids) > 1;
  CREATE INDEX ix_audit_event_xid ON audit_event USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);

  CREATE TRIGGER tr_audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER tr_audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER tr_audit_event_append_only;
  ALTER TABLE audit_event ENABLE ALWAYS TRIGGER tr_audit_event_no_truncate;

  INSERT INTO partitioned_table (name) VALUES ('audit_event');
  SELECT ensure_month_partitions(m::date) FROM generate_series(
    least(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'),
      (SELECT date_trunc('month', min(at) AT TIME ZONE 'Asia/Shanghai') FROM audit_event_flat)),
    greatest(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + interval '14 months',
      (SELECT date_trunc('month', max(at) AT TIME ZONE 'Asia/Shanghai') FROM audit_event_flat)),
    interval '1 month') AS m;

  INSERT INTO audit_event (pool_area, owner_id, on_month, id, at, actor_id, actor_name, actor_roles, kind, action,
    subject_kind, subject_id, person_ids, details, trace_id)
  SELECT pool_area, CASE WHEN cardinality(person_ids) = 1 THEN person_ids[1] ELSE actor_id END,
    date_trunc('month', at AT TIME ZONE 'Asia/Shanghai')::date, id, at, actor_id, actor_name, actor_roles, kind, action,
    subject_kind, subject_id, person_ids, details, trace_id
  FROM audit_event_flat ORDER BY id;
  DROP TABLE audit_event_flat;
  GRANT SELECT, INSERT ON audit_event TO tongchou_app;
`;

/** How the chain finds the journals of young transactions without reading the books: next to nothing for a writer. */
const LEDGER_XID = `
  CREATE INDEX ix_ledger_journal_xid ON ledger_journal USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);
`;

/**
 * The chain. A block covers some rows of one stream and month, with the key and the hash of every row, and the hash of
 * the block before it. `horizon`: every row of a transaction below it is in this block or an earlier one; null while a
 * chain is begun or begun anew (a dump was restored into another cluster, named by `cluster`, whose transactions are
 * numbered differently). `since`: when the sweep before was made; a row that claims to be much older came late. A form is
 * the list of columns that a row's hash covers: a column that a migration adds begins a new form, old blocks keep theirs.
 * An anchor is what was handed out of the database: the heads of all streams, signed.
 */
const CHAIN = `
  CREATE TABLE audit_chain_form (
    stream text NOT NULL,
    form smallint NOT NULL,
    columns text[] NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_audit_chain_form PRIMARY KEY (stream, form),
    CONSTRAINT ck_audit_chain_form_columns CHECK (cardinality(columns) > 0)
  );
  CREATE TABLE audit_chain (
    pool_area text NOT NULL,
    stream text NOT NULL,
    seq bigint NOT NULL,
    month date NOT NULL,
    form smallint NOT NULL,
    row_count integer NOT NULL,
    row_keys text[] NOT NULL,
    row_hashes bytea[] NOT NULL,
    xid_from bigint,
    xid_to bigint,
    horizon bigint,
    cluster bigint NOT NULL,
    since timestamptz,
    sealed_at timestamptz NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT pk_audit_chain PRIMARY KEY (pool_area, stream, seq),
    CONSTRAINT fk_audit_chain_form FOREIGN KEY (stream, form) REFERENCES audit_chain_form (stream, form),
    CONSTRAINT ck_audit_chain_seq CHECK (seq > 0),
    CONSTRAINT ck_audit_chain_month CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT ck_audit_chain_rows
      CHECK (row_count >= 0 AND cardinality(row_keys) = row_count AND cardinality(row_hashes) = row_count),
    CONSTRAINT ck_audit_chain_hash CHECK (octet_length(hash) = 32 AND octet_length(previous_hash) = 32)
  );
  ALTER TABLE audit_chain ALTER COLUMN row_keys SET STORAGE EXTENDED, ALTER COLUMN row_hashes SET STORAGE EXTERNAL;
  CREATE INDEX ix_audit_chain_month ON audit_chain (pool_area, stream, month, seq);
  CREATE INDEX ix_audit_chain_xid ON audit_chain (pool_area, stream, xid_to);

  CREATE TABLE audit_anchor (
    pool_area text NOT NULL,
    seq bigint NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    key_id text NOT NULL,
    line text NOT NULL,
    CONSTRAINT pk_audit_anchor PRIMARY KEY (pool_area, seq),
    CONSTRAINT ck_audit_anchor_seq CHECK (seq > 0)
  );

  DO $$
  DECLARE
    v_table text;
  BEGIN
    FOREACH v_table IN ARRAY ARRAY['audit_chain_form', 'audit_chain', 'audit_anchor'] LOOP
      EXECUTE format('CREATE TRIGGER tr_%1$s_append_only BEFORE UPDATE OR DELETE ON %1$I
        FOR EACH ROW EXECUTE FUNCTION refuse_change()', v_table);
      EXECUTE format('CREATE TRIGGER tr_%1$s_no_truncate BEFORE TRUNCATE ON %1$I
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', v_table);
      EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER tr_%1$s_append_only', v_table);
      EXECUTE format('ALTER TABLE %1$I ENABLE ALWAYS TRIGGER tr_%1$s_no_truncate', v_table);
    END LOOP;
  END $$;
  GRANT SELECT, INSERT ON audit_chain_form, audit_chain, audit_anchor TO tongchou_app;
`;

export class Audit1700000000010 implements MigrationInterface {
  readonly name = 'Audit1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [AUDIT_EVENT, LEDGER_XID, CHAIN]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
