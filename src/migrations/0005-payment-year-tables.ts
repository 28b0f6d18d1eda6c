/** The second half of the tables of migration 0005: the year's end and the orders. */

const YEAR = `
  CREATE TABLE payment_assessment (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    year smallint NOT NULL,
    score numeric(5, 2) NOT NULL,
    grade_index numeric(6, 4) NOT NULL,
    complaints integer NOT NULL,
    evidence text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'draft',
    scored_by uuid NOT NULL,
    scored_by_name text NOT NULL,
    confirmed_by uuid,
    confirmed_by_name text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_payment_assessment PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_assessment_provider_year UNIQUE (pool_area, provider_id, year),
    CONSTRAINT ck_payment_assessment_score CHECK (score BETWEEN 0 AND 100),
    CONSTRAINT ck_payment_assessment_index CHECK (grade_index > 0),
    CONSTRAINT ck_payment_assessment_complaints CHECK (complaints >= 0),
    CONSTRAINT ck_payment_assessment_state CHECK (state IN ('draft', 'confirmed')),
    CONSTRAINT ck_payment_assessment_two_persons CHECK (
      (state = 'confirmed') = (confirmed_by IS NOT NULL) AND (confirmed_by IS NULL OR confirmed_by <> scored_by))
  );

  CREATE TABLE payment_readmission (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    year smallint NOT NULL,
    provider_id uuid NOT NULL,
    person_id uuid NOT NULL,
    first_settlement_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    gap_days integer NOT NULL,
    state text NOT NULL DEFAULT 'open',
    reason text,
    evidence text,
    decided_by uuid,
    decided_by_name text,
    decided_on date,
    CONSTRAINT pk_payment_readmission PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_readmission_settlement UNIQUE (pool_area, scheme, year, settlement_id),
    CONSTRAINT ck_payment_readmission_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_readmission_gap CHECK (gap_days >= 0),
    CONSTRAINT ck_payment_readmission_state CHECK (state IN ('open', 'reasonable', 'unreasonable')),
    CONSTRAINT ck_payment_readmission_decided CHECK (
      (state = 'open') = (decided_by IS NULL) AND (state = 'open' OR char_length(reason) >= 2))
  );
  CREATE INDEX ix_payment_readmission_provider ON payment_readmission (pool_area, scheme, year, provider_id);

  CREATE TABLE payment_clearing (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    year smallint NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    round integer NOT NULL DEFAULT 1,
    run_id uuid NOT NULL,
    budget_id uuid NOT NULL,
    policy_version text NOT NULL,
    inputs_hash text,
    snapshot_hash text,
    forfeits_fen bigint NOT NULL DEFAULT 0,
    started_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    submitted_by uuid,
    submitted_by_name text,
    closed_on date,
    closed_by text,
    CONSTRAINT pk_payment_clearing PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_clearing_scheme_year UNIQUE (pool_area, scheme, year),
    CONSTRAINT fk_payment_clearing_budget FOREIGN KEY (pool_area, budget_id) REFERENCES payment_budget (pool_area, id),
    CONSTRAINT ck_payment_clearing_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_clearing_state CHECK (
      state IN ('running', 'trial', 'submitted', 'reviewed', 'approved', 'returned', 'closed')),
    CONSTRAINT ck_payment_clearing_closed CHECK (
      (state = 'closed') = (closed_on IS NOT NULL)
      AND (state <> 'closed' OR (snapshot_hash IS NOT NULL AND closed_by IS NOT NULL AND submitted_by IS NOT NULL)))
  );

  CREATE TABLE payment_clearing_input (
    pool_area text NOT NULL,
    clearing_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    facts jsonb NOT NULL,
    CONSTRAINT pk_payment_clearing_input PRIMARY KEY (pool_area, clearing_id, provider_id),
    CONSTRAINT fk_payment_clearing_input_clearing FOREIGN KEY (pool_area, clearing_id)
      REFERENCES payment_clearing (pool_area, id)
  );

  CREATE TABLE payment_clearing_line (
    pool_area text NOT NULL,
    clearing_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    accepted_fen bigint NOT NULL,
    as_billed_fen bigint NOT NULL,
    account_fen bigint NOT NULL,
    refused_fen bigint NOT NULL,
    budget_fen bigint NOT NULL,
    a_fen bigint NOT NULL,
    extra_fen bigint NOT NULL,
    saving_fen bigint NOT NULL,
    retained_fen bigint NOT NULL,
    penalty_fen bigint NOT NULL,
    borne_fen bigint NOT NULL,
    payable_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    prepaid_fen bigint NOT NULL,
    deposit_held_fen bigint NOT NULL,
    deposit_returned_fen bigint NOT NULL,
    deposit_forfeited_fen bigint NOT NULL,
    pool_share_fen bigint NOT NULL,
    balance_fen bigint NOT NULL,
    quality_failures text[] NOT NULL,
    exceptions text[] NOT NULL,
    trace jsonb NOT NULL,
    CONSTRAINT pk_payment_clearing_line PRIMARY KEY (pool_area, clearing_id, provider_id),
    CONSTRAINT fk_payment_clearing_line_input FOREIGN KEY (pool_area, clearing_id, provider_id)
      REFERENCES payment_clearing_input (pool_area, clearing_id, provider_id),
    -- accepted = payable + borne + refused − retained, to the fen, for every provider.
    CONSTRAINT ck_payment_clearing_line_conserved CHECK (
      accepted_fen + retained_fen = payable_fen + borne_fen + refused_fen),
    CONSTRAINT ck_payment_clearing_line_deposit CHECK (
      deposit_returned_fen + deposit_forfeited_fen <= deposit_held_fen
      AND least(deposit_returned_fen, deposit_forfeited_fen, pool_share_fen) >= 0),
    CONSTRAINT ck_payment_clearing_line_balance CHECK (
      balance_fen = payable_fen + account_fen - deposit_held_fen - paid_fen - prepaid_fen
        + deposit_returned_fen + pool_share_fen)
  );

  -- What a clearing found to be recovered; collected from later months (recovered_fen of their lines).
  CREATE TABLE payment_recoverable (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    clearing_id uuid NOT NULL,
    scheme text NOT NULL,
    provider_id uuid NOT NULL,
    amount_fen bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_payment_recoverable PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_recoverable_provider UNIQUE (pool_area, clearing_id, provider_id),
    CONSTRAINT fk_payment_recoverable_clearing FOREIGN KEY (pool_area, clearing_id)
      REFERENCES payment_clearing (pool_area, id),
    CONSTRAINT ck_payment_recoverable_amount CHECK (amount_fen > 0)
  );
`;

const ORDERS = `
  CREATE TABLE payment_order (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    order_no text NOT NULL,
    scheme text NOT NULL,
    provider_id uuid NOT NULL,
    source_kind text NOT NULL,
    source_id uuid NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    period date NOT NULL,
    amount_fen bigint NOT NULL,
    prepayment_fen bigint NOT NULL DEFAULT 0,
    payee_name text NOT NULL,
    payee_bank text NOT NULL,
    payee_account text NOT NULL,
    state text NOT NULL DEFAULT 'prepared',
    prepared_by uuid NOT NULL,
    prepared_by_name text NOT NULL,
    prepared_on date NOT NULL,
    reviewed_by uuid,
    reviewed_by_name text,
    approved_by uuid,
    approved_by_name text,
    signed_by uuid,
    signed_by_name text,
    sent_on date,
    paid_on date,
    bank_reference text,
    returned_on date,
    return_reason text,
    CONSTRAINT pk_payment_order PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_order_no UNIQUE (pool_area, order_no),
    CONSTRAINT uq_payment_order_source UNIQUE (pool_area, source_kind, source_id, provider_id, attempt),
    CONSTRAINT ck_payment_order_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_order_source CHECK (source_kind IN ('month', 'clearing') AND attempt > 0),
    CONSTRAINT ck_payment_order_amount CHECK (amount_fen > 0 AND prepayment_fen BETWEEN 0 AND amount_fen),
    CONSTRAINT ck_payment_order_state CHECK (
      state IN ('prepared', 'reviewed', 'approved', 'signed-off', 'sent', 'paid', 'returned', 'reconciled')),
    -- Preparer, reviewer and approver are three people; who signs off neither prepared nor reviewed.
    CONSTRAINT ck_payment_order_three_persons CHECK (
      (reviewed_by IS NULL OR reviewed_by <> prepared_by)
      AND (approved_by IS NULL OR (approved_by <> prepared_by AND approved_by <> reviewed_by))
      AND (signed_by IS NULL OR (signed_by <> prepared_by AND signed_by <> reviewed_by))),
    CONSTRAINT ck_payment_order_steps CHECK (
      (approved_by IS NULL OR reviewed_by IS NOT NULL) AND (signed_by IS NULL OR approved_by IS NOT NULL)
      AND (sent_on IS NULL OR signed_by IS NOT NULL) AND (paid_on IS NULL OR sent_on IS NOT NULL)
      AND (state NOT IN ('paid', 'reconciled') OR (paid_on IS NOT NULL AND bank_reference IS NOT NULL))
      AND (state = 'returned') = (returned_on IS NOT NULL)
      AND (state <> 'returned' OR (sent_on IS NOT NULL AND return_reason IS NOT NULL)))
  );
  CREATE INDEX ix_payment_order_state ON payment_order (pool_area, state, id);
  CREATE INDEX ix_payment_order_provider ON payment_order (pool_area, provider_id, id);
`;

export const PAYMENT_YEAR_TABLES: readonly string[] = [YEAR, ORDERS];
