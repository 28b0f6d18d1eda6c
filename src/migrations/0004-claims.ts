import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SETTLE_FUNCTIONS } from './0004-claims-functions.js';

/**
 * Bills and their settlements, what a person has used up in a year, personal accounts, the month state of claims and
 * imports of discharges.
 *
 * `settlement` and `claim_line` are partitioned by the month they are booked in and are append-only for the server:
 * a reversal is a row of its own with the same numbers negated. Every key carries (pool_area, person_id), so hash
 * distribution by person needs no redesign. There are no foreign keys to providers or the catalogue here on purpose:
 * they would take a share lock on one hot row per bill; `npm run reconcile` proves the references instead.
 */
export class Claims1700000000004 implements MigrationInterface {
  readonly name = 'Claims1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [VISIT, SETTLEMENT, CLAIM_LINE, PERSON_YEAR, REVERSAL, MONTH, IMPORT]) await runner.query(sql);
    for (const sql of SETTLE_FUNCTIONS) await runner.query(sql);
    await runner.query(PARTITIONS);
    await runner.query(RIGHTS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

const VISIT = `
CREATE TABLE visit (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  id uuid NOT NULL,
  settlement_id uuid NOT NULL,
  settle_month date NOT NULL,
  provider_id uuid NOT NULL,
  bill_no text NOT NULL,
  category text NOT NULL,
  admitted_on date NOT NULL,
  discharged_on date NOT NULL,
  department_code text,
  physician_id uuid,
  main_diagnosis text,
  other_diagnoses text[] NOT NULL DEFAULT '{}',
  main_procedure text,
  other_procedures text[] NOT NULL DEFAULT '{}',
  discharge_way text,
  facts jsonb NOT NULL,
  state text NOT NULL DEFAULT 'settled',
  CONSTRAINT visit_pk PRIMARY KEY (pool_area, person_id, id),
  CONSTRAINT visit_ck_bill_no CHECK (char_length(bill_no) BETWEEN 1 AND 64),
  CONSTRAINT visit_ck_days CHECK (discharged_on >= admitted_on),
  CONSTRAINT visit_ck_category CHECK (category IN ('outpatient', 'chronic', 'inpatient', 'pharmacy')),
  CONSTRAINT visit_ck_state CHECK (state IN ('settled', 'reversed'))
) WITH (fillfactor = 90);
-- The registry of bills: one live settlement per bill number of a provider. A reversed bill may be sent again, corrected.
CREATE UNIQUE INDEX visit_uq_bill ON visit (pool_area, person_id, provider_id, bill_no) WHERE state = 'settled'`;

const AMOUNTS = [
  'total',
  'fulamt_ownpay',
  'overlmt_selfpay',
  'preselfpay',
  'inscp',
  'deductible',
  'hifp',
  'cvlserv',
  'hifes',
  'hifmi',
  'hifob',
  'maf',
  'oth',
  'fund_pay_sum',
  'special',
  'psn_part',
  'hosp_part',
  'acct_pay',
  'cash_pay',
].map((name) => `${name}_fen`);

const SETTLEMENT = `
CREATE TABLE settlement (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  settle_month date NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  reverses_id uuid,
  visit_id uuid NOT NULL,
  bill_no text NOT NULL,
  provider_id uuid NOT NULL,
  provider_area text NOT NULL,
  area_code text NOT NULL,
  scheme text NOT NULL,
  insured_type text NOT NULL,
  category text NOT NULL,
  level text NOT NULL,
  admitted_on date NOT NULL,
  discharged_on date NOT NULL,
  settled_on date NOT NULL,
  settled_at timestamptz NOT NULL DEFAULT now(),
  benefit_year smallint NOT NULL,
  emergency boolean NOT NULL DEFAULT false,
  line_count integer NOT NULL,
${AMOUNTS.map((column) => `  ${column} bigint NOT NULL,`).join('\n')}
  policy_version text NOT NULL,
  delta jsonb NOT NULL,
  trace jsonb NOT NULL,
  source text NOT NULL,
  posted_by text NOT NULL,
  CONSTRAINT settlement_pk PRIMARY KEY (pool_area, person_id, settle_month, id),
  CONSTRAINT settlement_ck_month CHECK (extract(day FROM settle_month) = 1),
  CONSTRAINT settlement_ck_kind CHECK (kind IN ('settlement', 'reversal') AND (kind = 'reversal') = (reverses_id IS NOT NULL)),
  CONSTRAINT settlement_ck_source CHECK (source IN ('rest', 'import', 'demo')),
  CONSTRAINT settlement_ck_scheme CHECK (scheme IN ('310', '390')),
  CONSTRAINT settlement_ck_category CHECK (category IN ('outpatient', 'chronic', 'inpatient', 'pharmacy')),
  CONSTRAINT settlement_ck_level CHECK (level IN ('tertiary', 'secondary', 'primary')),
  CONSTRAINT settlement_ck_days CHECK (discharged_on >= admitted_on),
  -- The four identities of every bill and every reversal.
  CONSTRAINT settlement_ck_total_is_parts
    CHECK (total_fen = fulamt_ownpay_fen + overlmt_selfpay_fen + preselfpay_fen + inscp_fen),
  CONSTRAINT settlement_ck_total_is_payers CHECK (total_fen = fund_pay_sum_fen + psn_part_fen + hosp_part_fen),
  CONSTRAINT settlement_ck_person_is_account_and_cash CHECK (psn_part_fen = acct_pay_fen + cash_pay_fen),
  CONSTRAINT settlement_ck_funds CHECK (
    fund_pay_sum_fen = hifp_fen + cvlserv_fen + hifes_fen + hifmi_fen + hifob_fen + maf_fen + oth_fen),
  CONSTRAINT settlement_ck_sign CHECK (CASE kind
    WHEN 'settlement' THEN least(${AMOUNTS.join(', ')}) >= 0 AND special_fen <= fund_pay_sum_fen
    ELSE greatest(${AMOUNTS.join(', ')}) <= 0 AND special_fen >= fund_pay_sum_fen END)
) PARTITION BY RANGE (settle_month);
CREATE INDEX settlement_ix_id ON settlement (id);
CREATE INDEX settlement_ix_provider ON settlement (pool_area, provider_id, id)`;

const CLAIM_LINE = `
CREATE TABLE claim_line (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  settle_month date NOT NULL,
  settlement_id uuid NOT NULL,
  line_no integer NOT NULL,
  provider_id uuid NOT NULL,
  item_code text NOT NULL,
  class text NOT NULL,
  fee_date date NOT NULL,
  quantity numeric(14, 4) NOT NULL,
  unit_price numeric(16, 4) NOT NULL,
  amount_fen bigint NOT NULL,
  fulamt_ownpay_fen bigint NOT NULL,
  overlmt_selfpay_fen bigint NOT NULL,
  preselfpay_fen bigint NOT NULL,
  inscp_fen bigint NOT NULL,
  hospital_fen bigint NOT NULL,
  CONSTRAINT claim_line_pk PRIMARY KEY (pool_area, person_id, settle_month, settlement_id, line_no),
  CONSTRAINT claim_line_ck_line_no CHECK (line_no > 0),
  CONSTRAINT claim_line_ck_class CHECK (class IN ('A', 'B', 'C', 'none')),
  CONSTRAINT claim_line_ck_amount_is_parts
    CHECK (amount_fen = fulamt_ownpay_fen + overlmt_selfpay_fen + preselfpay_fen + inscp_fen),
  CONSTRAINT claim_line_ck_sign CHECK (
    least(amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen, hospital_fen, quantity) >= 0
    OR greatest(amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen, hospital_fen, quantity) <= 0)
) PARTITION BY RANGE (settle_month)`;

const PERSON_YEAR = `
CREATE TABLE benefit_accumulator (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  scheme text NOT NULL,
  year smallint NOT NULL,
  version integer NOT NULL,
  admissions integer NOT NULL,
  deductible_paid_fen bigint NOT NULL,
  inscp_fen bigint NOT NULL,
  pool_paid_fen bigint NOT NULL,
  burden_fen bigint NOT NULL,
  catastrophic_paid_fen bigint NOT NULL,
  large_paid_fen bigint NOT NULL,
  civil_servant_paid_fen bigint NOT NULL,
  employer_paid_fen bigint NOT NULL,
  assistance_paid_fen bigint NOT NULL,
  outpatient_paid_fen bigint NOT NULL,
  outpatient_inscp_fen bigint NOT NULL,
  outpatient_deductible_fen bigint NOT NULL,
  chronic_paid jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT benefit_accumulator_pk PRIMARY KEY (pool_area, person_id, scheme, year),
  CONSTRAINT benefit_accumulator_ck_scheme CHECK (scheme IN ('310', '390')),
  CONSTRAINT benefit_accumulator_ck_version CHECK (version > 0),
  CONSTRAINT benefit_accumulator_ck_not_negative CHECK (least(admissions, deductible_paid_fen, inscp_fen, pool_paid_fen,
    burden_fen, catastrophic_paid_fen, large_paid_fen, civil_servant_paid_fen, employer_paid_fen, assistance_paid_fen,
    outpatient_paid_fen, outpatient_inscp_fen, outpatient_deductible_fen) >= 0)
) WITH (fillfactor = 70);

CREATE TABLE personal_account (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  balance_fen bigint NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT personal_account_pk PRIMARY KEY (pool_area, person_id),
  CONSTRAINT personal_account_ck_balance CHECK (balance_fen >= 0)
) WITH (fillfactor = 70)`;

const REVERSAL = `
-- One row per reversed settlement: its primary key is what makes a second reversal impossible.
CREATE TABLE settlement_reversal (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  original_id uuid NOT NULL,
  original_month date NOT NULL,
  reversal_id uuid NOT NULL,
  reversal_month date NOT NULL,
  reason text NOT NULL,
  reversed_by text NOT NULL,
  reversed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT settlement_reversal_pk PRIMARY KEY (pool_area, person_id, original_id),
  CONSTRAINT settlement_reversal_uq_reversal UNIQUE (pool_area, person_id, reversal_id),
  CONSTRAINT settlement_reversal_ck_month CHECK (reversal_month >= original_month),
  CONSTRAINT settlement_reversal_ck_reason CHECK (char_length(reason) BETWEEN 1 AND 500)
);
-- Later bills of the person whose result would be another one now that an earlier bill was taken back.
CREATE TABLE recalculation_flag (
  pool_area text NOT NULL,
  person_id uuid NOT NULL,
  settlement_id uuid NOT NULL,
  reversal_id uuid NOT NULL,
  fund_paid_fen bigint NOT NULL,
  fund_would_be_fen bigint NOT NULL,
  flagged_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT recalculation_flag_pk PRIMARY KEY (pool_area, person_id, settlement_id, reversal_id)
)`;

const MONTH = `
CREATE TABLE claims_month (
  pool_area text NOT NULL,
  scheme text NOT NULL,
  month date NOT NULL,
  state text NOT NULL,
  closed_at timestamptz,
  closed_by text,
  cut_off_xid xid8,
  CONSTRAINT claims_month_pk PRIMARY KEY (pool_area, scheme, month),
  CONSTRAINT claims_month_ck_first_day CHECK (extract(day FROM month) = 1),
  CONSTRAINT claims_month_ck_scheme CHECK (scheme IN ('310', '390')),
  CONSTRAINT claims_month_ck_state CHECK (state IN ('open', 'closed')
    AND (state = 'closed') = (closed_at IS NOT NULL AND closed_by IS NOT NULL AND cut_off_xid IS NOT NULL))
)`;

const IMPORT = `
CREATE TABLE discharge_import (
  pool_area text NOT NULL,
  id uuid NOT NULL,
  institution_id uuid NOT NULL,
  month date NOT NULL,
  file_name text NOT NULL,
  file_hash bytea NOT NULL,
  row_count integer NOT NULL,
  state text NOT NULL,
  run_id uuid,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CONSTRAINT discharge_import_pk PRIMARY KEY (pool_area, id),
  -- The same file for the same institution and month is the same import.
  CONSTRAINT discharge_import_uq_file UNIQUE (pool_area, institution_id, month, file_hash),
  CONSTRAINT discharge_import_ck_month CHECK (extract(day FROM month) = 1),
  CONSTRAINT discharge_import_ck_hash CHECK (octet_length(file_hash) = 32),
  CONSTRAINT discharge_import_ck_state CHECK (state IN ('staged', 'done') AND (state = 'done') = (finished_at IS NOT NULL))
);
CREATE TABLE discharge_import_row (
  pool_area text NOT NULL,
  import_id uuid NOT NULL,
  row_no integer NOT NULL,
  cells jsonb NOT NULL,
  case_no text,
  scheme text,
  total_fen bigint,
  state text NOT NULL,
  person_id uuid,
  settlement_id uuid,
  faults jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT discharge_import_row_pk PRIMARY KEY (pool_area, import_id, row_no),
  CONSTRAINT discharge_import_row_fk_import FOREIGN KEY (pool_area, import_id) REFERENCES discharge_import (pool_area, id),
  CONSTRAINT discharge_import_row_ck_state CHECK (state IN ('pending', 'imported', 'error')
    AND (state = 'imported') = (settlement_id IS NOT NULL) AND (state = 'error') = (faults <> '[]'::jsonb))
);
CREATE INDEX discharge_import_row_ix_state ON discharge_import_row (pool_area, import_id, state, row_no)`;

const PARTITIONS = `
INSERT INTO partitioned_table (name) VALUES ('settlement'), ('claim_line') ON CONFLICT DO NOTHING;
SELECT ensure_month_partitions((date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => m))::date)
FROM generate_series(-24, 14) AS m`;

const RIGHTS = `
GRANT SELECT, INSERT ON settlement, claim_line, settlement_reversal, recalculation_flag TO tongchou_app;
GRANT SELECT, INSERT, UPDATE ON
  visit, benefit_accumulator, personal_account, claims_month, discharge_import, discharge_import_row
TO tongchou_app`;
