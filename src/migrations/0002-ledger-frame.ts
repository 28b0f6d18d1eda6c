/** Tables around the books that migration 0002 makes: runs of jobs, the outbox, approvals, the fund's income. */

/**
 * A run is unique by (kind, area, period): that – and not a queue – is why a month is done once. Its units are done one
 * transaction each. `fence` counts the workers that have held the run: only the last one may write.
 */
export const JOBS = `
  CREATE TABLE job_run (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    area_code text NOT NULL,
    period text NOT NULL,
    params jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting',
    fence bigint NOT NULL DEFAULT 0,
    worker text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    units_planned integer,
    units_done integer NOT NULL DEFAULT 0,
    result jsonb,
    error jsonb,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT pk_job_run PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_job_run_kind_area_period UNIQUE (pool_area, kind, area_code, period),
    CONSTRAINT ck_job_run_kind CHECK (kind ~ '^[a-z][a-z-]*([.][a-z-]+)*$'),
    CONSTRAINT ck_job_run_state CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    CONSTRAINT ck_job_run_done CHECK ((state = 'done') = (result IS NOT NULL) AND (state = 'done') = (finished_at IS NOT NULL)),
    CONSTRAINT ck_job_run_units CHECK (units_done >= 0 AND (units_planned IS NULL OR units_done <= units_planned))
  );
  CREATE INDEX ix_job_run_unfinished ON job_run (created_at) WHERE state IN ('waiting', 'running');

  CREATE TABLE job_unit (
    pool_area text NOT NULL,
    run_id uuid NOT NULL,
    key text NOT NULL,
    ordinal integer NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    fence bigint,
    done_at timestamptz,
    CONSTRAINT pk_job_unit PRIMARY KEY (pool_area, run_id, key),
    CONSTRAINT uq_job_unit_ordinal UNIQUE (pool_area, run_id, ordinal),
    CONSTRAINT fk_job_unit_run FOREIGN KEY (pool_area, run_id) REFERENCES job_run (pool_area, id),
    CONSTRAINT ck_job_unit_state CHECK (state IN ('planned', 'done')),
    CONSTRAINT ck_job_unit_done CHECK ((state = 'done') = (done_at IS NOT NULL AND fence IS NOT NULL))
  );
`;

/** Events that happened, written in the transaction in which they happened, handed on at least once, in order per key. */
export const OUTBOX = `
  CREATE TABLE outbox_event (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    topic text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    dispatched_at timestamptz,
    CONSTRAINT pk_outbox_event PRIMARY KEY (pool_area, id),
    CONSTRAINT ck_outbox_event_topic CHECK (topic ~ '^[a-z][a-z-]*([.][a-z-]+)*$'),
    CONSTRAINT ck_outbox_event_key CHECK (key <> '')
  );
  CREATE INDEX ix_outbox_event_pending ON outbox_event (key, seq) WHERE dispatched_at IS NULL;
  CREATE INDEX ix_outbox_event_dispatched ON outbox_event (dispatched_at) WHERE dispatched_at IS NOT NULL;
`;

/** Who said yes. One person acts once in a round, and every step is done once: maker is never checker, by unique key. */
export const APPROVALS = `
  CREATE TABLE approval_act (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    round integer NOT NULL,
    step text NOT NULL,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    opinion text NOT NULL DEFAULT '',
    acted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_approval_act PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_approval_act_actor UNIQUE (pool_area, subject_kind, subject_id, round, actor_id),
    CONSTRAINT uq_approval_act_step UNIQUE (pool_area, subject_kind, subject_id, round, step),
    CONSTRAINT ck_approval_act_subject CHECK (subject_kind ~ '^[a-z][a-z-]{1,40}$' AND subject_id <> ''),
    CONSTRAINT ck_approval_act_round CHECK (round > 0),
    CONSTRAINT ck_approval_act_step CHECK (step IN ('submit', 'review', 'approve', 'sign-off', 'return')),
    CONSTRAINT ck_approval_act_opinion CHECK (char_length(opinion) <= 2000 AND (step <> 'return' OR opinion <> ''))
  );
`;

/** What the fund expects in a year, what came, and how it was moved between the three accounts (收支两条线). */
export const FUNDING = `
  CREATE TABLE fund_income (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    year smallint NOT NULL,
    kind text NOT NULL,
    tier text NOT NULL,
    forecast_fen bigint NOT NULL,
    basis text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_fund_income PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_fund_income_row UNIQUE (pool_area, scheme, year, kind, tier),
    CONSTRAINT ck_fund_income_scheme CHECK (scheme ~ '^[0-9]{3}$'),
    CONSTRAINT ck_fund_income_year CHECK (year BETWEEN 2000 AND 2099),
    CONSTRAINT ck_fund_income_kind CHECK (kind IN ('premium', 'subsidy', 'interest', 'transfer')),
    CONSTRAINT ck_fund_income_tier
      CHECK ((kind = 'subsidy') = (tier IN ('central', 'province', 'prefecture', 'county')) AND (kind = 'subsidy' OR tier = 'none')),
    CONSTRAINT ck_fund_income_forecast CHECK (forecast_fen >= 0)
  );
  CREATE TABLE fund_receipt (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    income_id uuid NOT NULL,
    received_on date NOT NULL,
    amount_fen bigint NOT NULL,
    reference text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_fund_receipt PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_fund_receipt_reference UNIQUE (pool_area, reference),
    CONSTRAINT fk_fund_receipt_income FOREIGN KEY (pool_area, income_id) REFERENCES fund_income (pool_area, id),
    CONSTRAINT ck_fund_receipt_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_fund_receipt_reference CHECK (char_length(reference) BETWEEN 1 AND 60)
  );
  CREATE TABLE fund_transfer (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    from_account text NOT NULL,
    to_account text NOT NULL,
    moved_on date NOT NULL,
    amount_fen bigint NOT NULL,
    reference text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_fund_transfer PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_fund_transfer_reference UNIQUE (pool_area, reference),
    CONSTRAINT ck_fund_transfer_path
      CHECK ((from_account, to_account) IN (('1001', '1002'), ('1002', '1003'), ('1003', '1002'))),
    CONSTRAINT ck_fund_transfer_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_fund_transfer_reference CHECK (char_length(reference) BETWEEN 1 AND 60)
  );
`;
