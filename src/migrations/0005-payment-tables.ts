/** Tables of migration 0005. Amounts are fen; months are first days; every key begins with the pool area. */

const BUDGET = `
  CREATE TABLE payment_budget (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    year smallint NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    round integer NOT NULL DEFAULT 1,
    reason text NOT NULL DEFAULT '',
    base_id uuid,
    income_fen bigint NOT NULL,
    reserve_fen bigint NOT NULL,
    set_aside_fen bigint NOT NULL,
    available_fen bigint NOT NULL,
    policy_version text NOT NULL,
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_on date,
    in_force_from date,
    approved_by uuid,
    approved_by_name text,
    CONSTRAINT pk_payment_budget PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_budget_version UNIQUE (pool_area, scheme, year, version),
    CONSTRAINT fk_payment_budget_base FOREIGN KEY (pool_area, base_id) REFERENCES payment_budget (pool_area, id),
    CONSTRAINT ck_payment_budget_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_budget_year CHECK (year BETWEEN 2000 AND 2099),
    CONSTRAINT ck_payment_budget_version CHECK (version > 0 AND (version = 1 OR reason <> '')),
    CONSTRAINT ck_payment_budget_state CHECK (
      state IN ('draft', 'published', 'negotiated', 'submitted', 'in-force', 'adjusted', 'closed')),
    CONSTRAINT ck_payment_budget_sum CHECK (
      income_fen = reserve_fen + set_aside_fen + available_fen AND available_fen > 0),
    CONSTRAINT ck_payment_budget_approved CHECK (
      (state IN ('in-force', 'adjusted', 'closed')) = (approved_by IS NOT NULL)
      AND (approved_by IS NULL OR (approved_by <> created_by AND in_force_from IS NOT NULL)))
  );
  CREATE UNIQUE INDEX uq_payment_budget_in_force ON payment_budget (pool_area, scheme, year) WHERE state = 'in-force';
  CREATE UNIQUE INDEX uq_payment_budget_in_preparation ON payment_budget (pool_area, scheme, year)
    WHERE state IN ('draft', 'published', 'negotiated', 'submitted');

  CREATE TABLE payment_budget_set_aside (
    pool_area text NOT NULL,
    budget_id uuid NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    amount_fen bigint NOT NULL,
    CONSTRAINT pk_payment_budget_set_aside PRIMARY KEY (pool_area, budget_id, code),
    CONSTRAINT fk_payment_budget_set_aside_budget FOREIGN KEY (pool_area, budget_id)
      REFERENCES payment_budget (pool_area, id),
    CONSTRAINT ck_payment_budget_set_aside_amount CHECK (amount_fen >= 0)
  );

  CREATE TABLE payment_budget_line (
    pool_area text NOT NULL,
    budget_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    group_code text NOT NULL,
    base_fen bigint NOT NULL,
    by_group_average boolean NOT NULL,
    weight_fen bigint NOT NULL,
    formula_fen bigint NOT NULL,
    negotiated_fen bigint,
    negotiated_reason text,
    amount_fen bigint NOT NULL,
    facts jsonb NOT NULL,
    trace jsonb NOT NULL,
    CONSTRAINT pk_payment_budget_line PRIMARY KEY (pool_area, budget_id, provider_id),
    CONSTRAINT fk_payment_budget_line_budget FOREIGN KEY (pool_area, budget_id) REFERENCES payment_budget (pool_area, id),
    CONSTRAINT ck_payment_budget_line_amounts CHECK (least(base_fen, weight_fen, formula_fen, amount_fen) >= 0),
    CONSTRAINT ck_payment_budget_line_negotiated CHECK (
      (negotiated_fen IS NULL) = (negotiated_reason IS NULL)
      AND (negotiated_fen IS NULL OR (negotiated_fen >= 0 AND amount_fen = negotiated_fen)))
  );

  CREATE TABLE payment_budget_quota (
    pool_area text NOT NULL,
    budget_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    month date NOT NULL,
    quota_fen bigint NOT NULL,
    CONSTRAINT pk_payment_budget_quota PRIMARY KEY (pool_area, budget_id, provider_id, month),
    CONSTRAINT fk_payment_budget_quota_line FOREIGN KEY (pool_area, budget_id, provider_id)
      REFERENCES payment_budget_line (pool_area, budget_id, provider_id) ON DELETE CASCADE,
    CONSTRAINT ck_payment_budget_quota_month CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT ck_payment_budget_quota_amount CHECK (quota_fen >= 0)
  );
`;

const HISTORY = `
  -- What providers were paid for before this system began: the history that the first budgets are based on.
  CREATE TABLE payment_history (
    pool_area text NOT NULL,
    scheme text NOT NULL,
    provider_id uuid NOT NULL,
    month date NOT NULL,
    budgeted_fen bigint NOT NULL,
    visits integer NOT NULL,
    recorded_by text NOT NULL,
    CONSTRAINT pk_payment_history PRIMARY KEY (pool_area, scheme, provider_id, month),
    CONSTRAINT ck_payment_history_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_history_month CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT ck_payment_history_amounts CHECK (budgeted_fen >= 0 AND visits >= 0)
  );
`;

const MONTH = `
  CREATE TABLE payment_month (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    scheme text NOT NULL,
    month date NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 1,
    round integer NOT NULL DEFAULT 1,
    run_id uuid NOT NULL,
    budget_id uuid NOT NULL,
    policy_version text NOT NULL,
    inputs_hash text,
    snapshot_hash text,
    started_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    submitted_by uuid,
    submitted_by_name text,
    closed_on date,
    closed_by text,
    CONSTRAINT pk_payment_month PRIMARY KEY (pool_area, id),
    CONSTRAINT uq_payment_month_scheme_month UNIQUE (pool_area, scheme, month),
    CONSTRAINT fk_payment_month_budget FOREIGN KEY (pool_area, budget_id) REFERENCES payment_budget (pool_area, id),
    CONSTRAINT ck_payment_month_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_month_month CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT ck_payment_month_state CHECK (
      state IN ('running', 'trial', 'submitted', 'reviewed', 'approved', 'returned', 'closed')),
    CONSTRAINT ck_payment_month_closed CHECK (
      (state = 'closed') = (closed_on IS NOT NULL)
      AND (state <> 'closed' OR (snapshot_hash IS NOT NULL AND closed_by IS NOT NULL AND submitted_by IS NOT NULL)))
  );

  -- What a provider's sheet is computed from, frozen in one snapshot when the run is planned: a run that dies and is
  -- resumed gives the same rows.
  CREATE TABLE payment_month_input (
    pool_area text NOT NULL,
    month_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    facts jsonb NOT NULL,
    CONSTRAINT pk_payment_month_input PRIMARY KEY (pool_area, month_id, provider_id),
    CONSTRAINT fk_payment_month_input_month FOREIGN KEY (pool_area, month_id) REFERENCES payment_month (pool_area, id)
  );

  CREATE TABLE payment_month_line (
    pool_area text NOT NULL,
    month_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    mode text NOT NULL,
    settlements integer NOT NULL,
    accepted_fen bigint NOT NULL,
    suspended_fen bigint NOT NULL,
    rescue_fen bigint NOT NULL,
    as_billed_fen bigint NOT NULL,
    account_fen bigint NOT NULL,
    budgeted_fen bigint NOT NULL,
    quota_fen bigint NOT NULL,
    cumulative_quota_fen bigint NOT NULL,
    eligible_fen bigint NOT NULL,
    deposit_fen bigint NOT NULL,
    held_fen bigint NOT NULL,
    deduction_fen bigint NOT NULL,
    adjustment_fen bigint NOT NULL,
    carry_in_fen bigint NOT NULL,
    recovered_fen bigint NOT NULL,
    pay_fen bigint NOT NULL,
    carry_out_fen bigint NOT NULL,
    prepayment_fen bigint NOT NULL,
    last_month_accepted_fen bigint NOT NULL,
    ytd_accepted_fen bigint NOT NULL,
    ytd_budgeted_fen bigint NOT NULL,
    ytd_eligible_fen bigint NOT NULL,
    ytd_pay_fen bigint NOT NULL,
    exceptions text[] NOT NULL,
    trace jsonb NOT NULL,
    CONSTRAINT pk_payment_month_line PRIMARY KEY (pool_area, month_id, provider_id),
    CONSTRAINT fk_payment_month_line_input FOREIGN KEY (pool_area, month_id, provider_id)
      REFERENCES payment_month_input (pool_area, month_id, provider_id),
    CONSTRAINT ck_payment_month_line_mode CHECK (
      mode IN ('fixed', 'share-of-actual', 'actual-capped', 'prior-average')),
    CONSTRAINT ck_payment_month_line_accepted CHECK (
      accepted_fen = suspended_fen + as_billed_fen + budgeted_fen),
    CONSTRAINT ck_payment_month_line_adds_up CHECK (
      eligible_fen + as_billed_fen + account_fen + adjustment_fen + carry_out_fen
        = deposit_fen + held_fen + deduction_fen + carry_in_fen + recovered_fen + pay_fen),
    CONSTRAINT ck_payment_month_line_not_negative CHECK (
      least(deposit_fen, held_fen, deduction_fen, carry_in_fen, recovered_fen, pay_fen, carry_out_fen, prepayment_fen,
        quota_fen) >= 0
      AND (pay_fen = 0 OR carry_out_fen = 0) AND prepayment_fen <= pay_fen)
  );

  CREATE TABLE payment_month_cell (
    pool_area text NOT NULL,
    month_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    fund text NOT NULL,
    category text NOT NULL,
    accepted_fen bigint NOT NULL,
    suspended_fen bigint NOT NULL,
    as_billed_fen bigint NOT NULL,
    eligible_fen bigint NOT NULL,
    withheld_fen bigint NOT NULL,
    ytd_accepted_fen bigint NOT NULL,
    CONSTRAINT pk_payment_month_cell PRIMARY KEY (pool_area, month_id, provider_id, fund, category),
    CONSTRAINT fk_payment_month_cell_line FOREIGN KEY (pool_area, month_id, provider_id)
      REFERENCES payment_month_line (pool_area, month_id, provider_id) ON DELETE CASCADE,
    CONSTRAINT ck_payment_month_cell_fund CHECK (
      fund IN ('hifp', 'cvlserv', 'hifes', 'hifmi', 'hifob', 'maf', 'oth')),
    CONSTRAINT ck_payment_month_cell_category CHECK (category IN ('outpatient', 'chronic', 'inpatient', 'pharmacy'))
  );

  CREATE TABLE payment_adjustment (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    month_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    amount_fen bigint NOT NULL,
    reason text NOT NULL,
    document text NOT NULL DEFAULT '',
    -- The closed month that this line corrects: a closed month itself never changes.
    corrects_month_id uuid,
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_payment_adjustment PRIMARY KEY (pool_area, id),
    CONSTRAINT fk_payment_adjustment_input FOREIGN KEY (pool_area, month_id, provider_id)
      REFERENCES payment_month_input (pool_area, month_id, provider_id),
    CONSTRAINT fk_payment_adjustment_corrects FOREIGN KEY (pool_area, corrects_month_id)
      REFERENCES payment_month (pool_area, id),
    CONSTRAINT ck_payment_adjustment_amount CHECK (amount_fen <> 0),
    CONSTRAINT ck_payment_adjustment_reason CHECK (char_length(reason) BETWEEN 2 AND 500)
  );

  CREATE TABLE payment_deduction (
    pool_area text NOT NULL,
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    scheme text NOT NULL,
    month date NOT NULL,
    amount_fen bigint NOT NULL,
    reason text NOT NULL,
    document text NOT NULL DEFAULT '',
    settlement_id uuid,
    state text NOT NULL DEFAULT 'proposed',
    proposed_by uuid NOT NULL,
    proposed_by_name text NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    decided_by uuid,
    decided_by_name text,
    decided_on date,
    opinion text,
    applied_month_id uuid,
    CONSTRAINT pk_payment_deduction PRIMARY KEY (pool_area, id),
    CONSTRAINT fk_payment_deduction_month FOREIGN KEY (pool_area, applied_month_id)
      REFERENCES payment_month (pool_area, id),
    CONSTRAINT ck_payment_deduction_scheme CHECK (scheme IN ('310', '390')),
    CONSTRAINT ck_payment_deduction_month CHECK (EXTRACT(day FROM month) = 1),
    CONSTRAINT ck_payment_deduction_amount CHECK (amount_fen > 0),
    CONSTRAINT ck_payment_deduction_reason CHECK (char_length(reason) BETWEEN 2 AND 500),
    CONSTRAINT ck_payment_deduction_state CHECK (state IN ('proposed', 'decided', 'withdrawn', 'applied')),
    CONSTRAINT ck_payment_deduction_two_persons CHECK (
      (state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL OR decided_by <> proposed_by)),
    CONSTRAINT ck_payment_deduction_applied CHECK ((state = 'applied') = (applied_month_id IS NOT NULL))
  );
  CREATE INDEX ix_payment_deduction_open ON payment_deduction (pool_area, scheme, month) WHERE state = 'decided';
`;

export const PAYMENT_TABLES: readonly string[] = [BUDGET, HISTORY, MONTH];
