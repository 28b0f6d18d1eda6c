/** Columns of one bill in the JSON array that `settle_commit` takes. Amounts are fen. */
const BILL = `
      ordinal integer, person_id uuid, settle_month date, id uuid, visit_id uuid, bill_no text, provider_id uuid,
      provider_area text, area_code text, scheme text, insured_type text, category text, level text, admitted_on date,
      discharged_on date, settled_on date, settled_at timestamptz, benefit_year smallint, emergency boolean,
      line_count integer,
      total_fen bigint, fulamt_ownpay_fen bigint, overlmt_selfpay_fen bigint, preselfpay_fen bigint, inscp_fen bigint,
      deductible_fen bigint, hifp_fen bigint, cvlserv_fen bigint, hifes_fen bigint, hifmi_fen bigint, hifob_fen bigint,
      maf_fen bigint, oth_fen bigint, fund_pay_sum_fen bigint, special_fen bigint, psn_part_fen bigint,
      hosp_part_fen bigint, acct_pay_fen bigint, cash_pay_fen bigint,
      policy_version text, delta jsonb, trace jsonb, source text, posted_by text,
      department_code text, physician_id uuid, main_diagnosis text, other_diagnoses text[], main_procedure text,
      other_procedures text[], discharge_way text, facts jsonb,
      acc_version integer, acc bigint[], chronic jsonb, account_version integer,
      client_id text, idem_key text, body_hash bytea, audit jsonb, event jsonb`;

const ACCUMULATOR_COLUMNS = [
  'admissions',
  'deductible_paid_fen',
  'inscp_fen',
  'pool_paid_fen',
  'burden_fen',
  'catastrophic_paid_fen',
  'large_paid_fen',
  'civil_servant_paid_fen',
  'employer_paid_fen',
  'assistance_paid_fen',
  'outpatient_paid_fen',
  'outpatient_inscp_fen',
  'outpatient_deductible_fen',
];

const SETTLEMENT_COLUMNS = `person_id, settle_month, id, visit_id, bill_no, provider_id, provider_area, area_code, scheme,
      insured_type, category, level, admitted_on, discharged_on, settled_on, settled_at, benefit_year, emergency, line_count,
      total_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen, deductible_fen, hifp_fen, cvlserv_fen,
      hifes_fen, hifmi_fen, hifob_fen, maf_fen, oth_fen, fund_pay_sum_fen, special_fen, psn_part_fen, hosp_part_fen,
      acct_pay_fen, cash_pay_fen, policy_version, delta, trace, source, posted_by`;

/** Debit account per fund; the credit is always 2001, owed to the provider. */
const POSTINGS = `(VALUES
      (1, '5001', NULL::uuid, ok.hifp_fen), (2, '5002', NULL, ok.cvlserv_fen), (3, '5003', NULL, ok.hifes_fen),
      (4, '5004', NULL, ok.hifmi_fen), (5, '5005', NULL, ok.hifob_fen), (6, '5006', NULL, ok.maf_fen),
      (7, '5007', NULL, ok.oth_fen), (8, '2101', ok.person_id, ok.acct_pay_fen)) AS p (fund, debit, person_id, amount)`;

/**
 * settle_commit: the whole write of 1 to n settlements of different persons, in one statement of the client. It writes
 * tables of kind `person` only, each row under the person of its bill, so that it can be handed whole to the node that
 * holds the person; what else it reads is replicated (see `table_distribution`).
 *
 * Gate, per bill: the claims month is open (the shared form of the lock that closing takes exclusively is held until
 * commit), its idempotency key was used for nothing (under the key's lock, whichever person it was used for), the personal
 * account stands at the version that the engine saw, and the accumulators too. Rows are taken with SKIP LOCKED, so two
 * batches never wait for each other's persons; what is skipped or has moved on comes back as 'moved', a used key as 'used',
 * and both are looked at again by the caller. Everything is inserted from the bills that passed, so a bill is written whole
 * or not at all. A unique violation (bill number) fails the statement; the caller resends singly.
 */
export const SETTLE_COMMIT = `
DROP FUNCTION settle_commit(text, text[], json, integer[], integer[], text[], text[], date[], numeric[], numeric[], bigint[],
  bigint[], bigint[], bigint[], bigint[], bigint[]);
CREATE FUNCTION settle_commit(
  p_pool text, p_months text[], p_keys text[], p_bills json,
  p_bill integer[], p_line_no integer[], p_item text[], p_class text[], p_fee_date date[], p_quantity numeric[],
  p_unit_price numeric[], p_amount bigint[], p_ownpay bigint[], p_overlimit bigint[], p_preselfpay bigint[],
  p_inscp bigint[], p_hospital bigint[])
RETURNS TABLE (bill_ordinal integer, outcome text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(k.lock_id) FROM (
    SELECT DISTINCT advisory_key('claims-month', p_pool || ':' || m) AS lock_id FROM unnest(p_months) AS m ORDER BY 1) AS k;
  PERFORM pg_advisory_xact_lock(k.lock_id) FROM (
    SELECT DISTINCT advisory_key('idempotency', p_pool || ':' || u.key) AS lock_id FROM unnest(p_keys) AS u (key) ORDER BY 1) AS k;
  RETURN QUERY
  WITH b AS MATERIALIZED (
    SELECT * FROM json_to_recordset(p_bills) AS x (${BILL})
  ), open_month AS MATERIALIZED (
    SELECT b.* FROM b
    WHERE b.scheme || ':' || to_char(b.settle_month, 'YYYY-MM') = ANY (p_months)
      AND NOT EXISTS (SELECT FROM claims_month AS m WHERE m.pool_area = p_pool AND m.scheme = b.scheme
        AND m.month = b.settle_month AND m.state = 'closed')
  ), used AS MATERIALIZED (
    SELECT b.ordinal FROM open_month AS b
    WHERE b.idem_key IS NOT NULL AND EXISTS (SELECT FROM idempotency_key AS k
      WHERE k.pool_area = p_pool AND k.client_id = b.client_id AND k.key = b.idem_key)
    UNION ALL
    SELECT b.ordinal FROM open_month AS b JOIN open_month AS o ON o.client_id = b.client_id AND o.idem_key = b.idem_key
    WHERE o.ordinal < b.ordinal
  ), free AS MATERIALIZED (
    SELECT b.* FROM open_month AS b WHERE b.ordinal NOT IN (SELECT u.ordinal FROM used AS u)
  ), account AS (
    SELECT a.person_id FROM free AS b
    JOIN personal_account AS a ON a.pool_area = p_pool AND a.person_id = b.person_id
    WHERE b.acct_pay_fen > 0 AND a.version = b.account_version
    FOR UPDATE OF a SKIP LOCKED
  ), ready AS MATERIALIZED (
    SELECT b.* FROM free AS b
    WHERE b.acct_pay_fen = 0 OR EXISTS (SELECT FROM account AS a WHERE a.person_id = b.person_id)
  ), held AS (
    SELECT b.ordinal FROM ready AS b
    JOIN benefit_accumulator AS a ON a.pool_area = p_pool AND a.person_id = b.person_id AND a.scheme = b.scheme
      AND a.year = b.benefit_year
    WHERE a.version = b.acc_version
    FOR UPDATE OF a SKIP LOCKED
  ), moved AS (
    UPDATE benefit_accumulator AS a SET version = a.version + 1,
      ${ACCUMULATOR_COLUMNS.map((column, index) => `${column} = b.acc[${String(index + 1)}]`).join(', ')},
      chronic_paid = b.chronic
    FROM held AS h JOIN ready AS b ON b.ordinal = h.ordinal
    WHERE a.pool_area = p_pool AND a.person_id = b.person_id AND a.scheme = b.scheme AND a.year = b.benefit_year
      AND a.version = b.acc_version
    RETURNING b.ordinal
  ), fresh AS (
    INSERT INTO benefit_accumulator (pool_area, person_id, scheme, year, version, ${ACCUMULATOR_COLUMNS.join(', ')}, chronic_paid)
    SELECT p_pool, b.person_id, b.scheme, b.benefit_year, 1,
      ${ACCUMULATOR_COLUMNS.map((_, index) => `b.acc[${String(index + 1)}]`).join(', ')}, b.chronic
    FROM ready AS b WHERE b.acc_version = 0 ORDER BY b.person_id
    ON CONFLICT DO NOTHING
    RETURNING person_id
  ), ok AS MATERIALIZED (
    SELECT b.* FROM ready AS b
    WHERE b.ordinal IN (SELECT m.ordinal FROM moved AS m)
      OR (b.acc_version = 0 AND b.person_id IN (SELECT f.person_id FROM fresh AS f))
  ), account_paid AS (
    UPDATE personal_account AS a SET balance_fen = a.balance_fen - ok.acct_pay_fen, version = a.version + 1
    FROM ok WHERE a.pool_area = p_pool AND a.person_id = ok.person_id AND ok.acct_pay_fen > 0
  ), visits AS (
    INSERT INTO visit (pool_area, person_id, id, settlement_id, settle_month, provider_id, bill_no, category, admitted_on,
      discharged_on, department_code, physician_id, main_diagnosis, other_diagnoses, main_procedure, other_procedures,
      discharge_way, facts)
    SELECT p_pool, person_id, visit_id, id, settle_month, provider_id, bill_no, category, admitted_on, discharged_on,
      department_code, physician_id, main_diagnosis, coalesce(other_diagnoses, '{}'), main_procedure,
      coalesce(other_procedures, '{}'), discharge_way, facts
    FROM ok
  ), settlements AS (
    INSERT INTO settlement (pool_area, kind, ${SETTLEMENT_COLUMNS})
    SELECT p_pool, 'settlement', ${SETTLEMENT_COLUMNS} FROM ok
  ), lines AS (
    INSERT INTO claim_line (pool_area, person_id, settle_month, settlement_id, line_no, provider_id, item_code, class,
      fee_date, quantity, unit_price, amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen,
      hospital_fen)
    SELECT p_pool, ok.person_id, ok.settle_month, ok.id, l.line_no, ok.provider_id, l.item, l.class, l.fee_date, l.quantity,
      l.unit_price, l.amount, l.ownpay, l.overlimit, l.preselfpay, l.inscp, l.hospital
    FROM unnest(p_bill, p_line_no, p_item, p_class, p_fee_date, p_quantity, p_unit_price, p_amount, p_ownpay, p_overlimit,
      p_preselfpay, p_inscp, p_hospital)
      AS l (bill, line_no, item, class, fee_date, quantity, unit_price, amount, ownpay, overlimit, preselfpay, inscp, hospital)
    JOIN ok ON ok.ordinal = l.bill
  ), journals AS (
    INSERT INTO ledger_journal (pool_area, owner_id, period, id, scheme, posted_on, source_kind, source_id, memo, line_count,
      total_fen, posted_by)
    SELECT p_pool, person_id, settle_month, id, scheme, settled_on, 'settlement', id::text, 'settlement ' || bill_no,
      (hifp_fen > 0)::int + (cvlserv_fen > 0)::int + (hifes_fen > 0)::int + (hifmi_fen > 0)::int + (hifob_fen > 0)::int
        + (maf_fen > 0)::int + (oth_fen > 0)::int + (acct_pay_fen > 0)::int,
      fund_pay_sum_fen + acct_pay_fen, posted_by
    FROM ok WHERE fund_pay_sum_fen + acct_pay_fen > 0
  ), postings AS (
    INSERT INTO ledger_line (pool_area, owner_id, period, journal_id, line_no, scheme, debit_account, credit_account, debit_party,
      credit_party, amount_fen)
    SELECT p_pool, ok.person_id, ok.settle_month, ok.id, row_number() OVER (PARTITION BY ok.ordinal ORDER BY p.fund), ok.scheme, p.debit,
      '2001', p.person_id, ok.provider_id, p.amount
    FROM ok CROSS JOIN LATERAL ${POSTINGS}
    WHERE p.amount > 0
  ), answers AS (
    INSERT INTO idempotency_key (pool_area, owner_id, client_id, key, body_hash, state, status, response, completed_at)
    SELECT p_pool, person_id, client_id, idem_key, body_hash, 'done', 201, jsonb_build_object('settlementId', id), now()
    FROM ok WHERE idem_key IS NOT NULL
  ), audited AS (
    INSERT INTO audit_event (pool_area, owner_id, on_month, id, at, actor_id, actor_name, actor_roles, kind, action,
      subject_kind, subject_id, person_ids, details)
    SELECT p_pool, ok.person_id, date_trunc('month', c.at AT TIME ZONE 'Asia/Shanghai')::date, a.id, c.at, a.actor_id,
      a.actor_name, a.actor_roles, 'change', 'claims.settle', 'settlement', ok.id::text, ARRAY[ok.person_id], '{}'
    FROM ok CROSS JOIN (SELECT clock_timestamp() AS at) AS c CROSS JOIN LATERAL jsonb_to_record(ok.audit) AS a (id uuid, actor_id uuid, actor_name text, actor_roles text[])
    WHERE ok.audit IS NOT NULL
  ), events AS (
    INSERT INTO outbox_event (pool_area, owner_id, id, topic, key, payload)
    SELECT p_pool, ok.person_id, (ok.event ->> 'id')::uuid, 'claims.settled', ok.person_id::text,
      jsonb_build_object('settlementId', ok.id, 'personId', ok.person_id, 'providerId', ok.provider_id)
    FROM ok WHERE ok.event IS NOT NULL
  )
  SELECT b.ordinal, CASE
    WHEN EXISTS (SELECT FROM ok WHERE ok.ordinal = b.ordinal) THEN 'written'
    WHEN EXISTS (SELECT FROM used AS u WHERE u.ordinal = b.ordinal) THEN 'used'
    WHEN EXISTS (SELECT FROM open_month AS o WHERE o.ordinal = b.ordinal) THEN 'moved'
    ELSE 'closed' END
  FROM b;
END $$`;
