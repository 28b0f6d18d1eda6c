import type { Invariant } from './invariant.js';

const ACCUMULATORS: readonly (readonly [string, string])[] = [
  ['admissions', 'admissions'],
  ['deductible_paid_fen', 'deductiblePaid'],
  ['inscp_fen', 'inscp'],
  ['pool_paid_fen', 'poolPaid'],
  ['burden_fen', 'burden'],
  ['catastrophic_paid_fen', 'catastrophicPaid'],
  ['large_paid_fen', 'largePaid'],
  ['civil_servant_paid_fen', 'civilServantPaid'],
  ['employer_paid_fen', 'employerPaid'],
  ['assistance_paid_fen', 'assistancePaid'],
  ['outpatient_paid_fen', 'outpatientPaid'],
  ['outpatient_inscp_fen', 'outpatientInscp'],
  ['outpatient_deductible_fen', 'outpatientDeductible'],
];

const AMOUNTS = `total_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen, deductible_fen, hifp_fen,
  cvlserv_fen, hifes_fen, hifmi_fen, hifob_fen, maf_fen, oth_fen, fund_pay_sum_fen, special_fen, psn_part_fen,
  hosp_part_fen, acct_pay_fen, cash_pay_fen`;
const negated = (alias: string): string => AMOUNTS.replace(/\w+_fen/g, (column) => `-${alias}.${column}`);
const of = (alias: string): string => AMOUNTS.replace(/\w+_fen/g, (column) => `${alias}.${column}`);

/** Bills, what persons used up, and what the books say of them. */
export const CLAIMS_INVARIANTS: readonly Invariant[] = [
  {
    code: 'R201',
    zh: '每笔结算的四个恒等式成立',
    en: 'the four identities hold in every settlement',
    sql: `
      SELECT id::text AS subject, total_fen::text AS expected,
        concat_ws('/', fulamt_ownpay_fen + overlmt_selfpay_fen + preselfpay_fen + inscp_fen,
          fund_pay_sum_fen + psn_part_fen + hosp_part_fen) AS found
      FROM settlement WHERE pool_area = $1 AND (
        total_fen <> fulamt_ownpay_fen + overlmt_selfpay_fen + preselfpay_fen + inscp_fen
        OR total_fen <> fund_pay_sum_fen + psn_part_fen + hosp_part_fen
        OR psn_part_fen <> acct_pay_fen + cash_pay_fen
        OR fund_pay_sum_fen <> hifp_fen + cvlserv_fen + hifes_fen + hifmi_fen + hifob_fen + maf_fen + oth_fen)`,
  },
  {
    code: 'R202',
    zh: '每笔结算的明细合计等于结算',
    en: 'the lines of every settlement sum to it',
    sql: `
      WITH l AS (SELECT person_id, settle_month, settlement_id, count(*) AS lines, sum(amount_fen) AS amount,
          sum(fulamt_ownpay_fen) AS ownpay, sum(overlmt_selfpay_fen) AS overlimit, sum(preselfpay_fen) AS preselfpay,
          sum(inscp_fen) AS inscp
        FROM claim_line WHERE pool_area = $1 GROUP BY person_id, settle_month, settlement_id),
      s AS (SELECT * FROM settlement WHERE pool_area = $1)
      SELECT coalesce(s.id, l.settlement_id)::text AS subject, concat_ws('/', s.line_count, s.total_fen) AS expected,
        concat_ws('/', l.lines, l.amount) AS found
      FROM s FULL JOIN l ON l.person_id = s.person_id AND l.settle_month = s.settle_month AND l.settlement_id = s.id
      WHERE (s.line_count, s.total_fen, s.fulamt_ownpay_fen, s.overlmt_selfpay_fen, s.preselfpay_fen, s.inscp_fen)
        IS DISTINCT FROM (l.lines, l.amount, l.ownpay, l.overlimit, l.preselfpay, l.inscp)`,
  },
  {
    code: 'R203',
    zh: '每笔有基金或个人账户支付的结算恰有一张凭证，各科目金额等于各基金支付',
    en: 'every settlement that a fund or account paid has exactly one journal, and its lines equal its funds',
    sql: `
      WITH due AS (
        SELECT CASE s.kind WHEN 'settlement' THEN 'settlement' ELSE 'settlement-reversal' END AS kind,
          CASE s.kind WHEN 'settlement' THEN s.id ELSE s.reverses_id END::text AS source, s.scheme, s.settle_month AS period,
          f.account, f.party, s.provider_id, f.amount
        FROM settlement s CROSS JOIN LATERAL (VALUES
          ('5001', NULL::uuid, s.hifp_fen), ('5002', NULL, s.cvlserv_fen), ('5003', NULL, s.hifes_fen),
          ('5004', NULL, s.hifmi_fen), ('5005', NULL, s.hifob_fen), ('5006', NULL, s.maf_fen), ('5007', NULL, s.oth_fen),
          ('2101', s.person_id, s.acct_pay_fen)) AS f (account, party, amount)
        WHERE s.pool_area = $1 AND f.amount <> 0),
      booked AS (
        SELECT j.source_kind AS kind, j.source_id AS source, j.scheme, j.period, e.account, e.party, e.provider_id,
          sum(e.amount) AS amount
        FROM ledger_journal j JOIN ledger_line l ON l.pool_area = j.pool_area AND l.period = j.period AND l.journal_id = j.id
        CROSS JOIN LATERAL (SELECT
          CASE WHEN j.source_kind = 'settlement' THEN l.debit_account ELSE l.credit_account END AS account,
          CASE WHEN j.source_kind = 'settlement' THEN l.debit_party ELSE l.credit_party END AS party,
          CASE WHEN j.source_kind = 'settlement' AND l.credit_account = '2001' THEN l.credit_party
               WHEN j.source_kind <> 'settlement' AND l.debit_account = '2001' THEN l.debit_party END AS provider_id,
          CASE WHEN j.source_kind = 'settlement' THEN l.amount_fen ELSE -l.amount_fen END AS amount) AS e
        WHERE j.pool_area = $1 AND j.source_kind IN ('settlement', 'settlement-reversal')
        GROUP BY 1, 2, 3, 4, 5, 6, 7)
      SELECT concat_ws(' ', coalesce(d.kind, b.kind), coalesce(d.source, b.source), coalesce(d.account, b.account)) AS subject,
        coalesce(d.amount::text, 'none') AS expected, coalesce(b.amount::text, 'none') AS found
      FROM due d FULL JOIN booked b ON b.kind = d.kind AND b.source = d.source AND b.account = d.account
        AND b.party IS NOT DISTINCT FROM d.party AND b.provider_id = d.provider_id AND b.scheme = d.scheme
        AND b.period = d.period AND b.amount = d.amount
      WHERE d.kind IS NULL OR b.kind IS NULL`,
  },
  {
    code: 'R204',
    zh: '每人每年的累计等于其有效结算之和',
    en: 'what a person used up in a year is the sum of their live settlements',
    sql: `
      WITH live AS (SELECT person_id, scheme, benefit_year AS year,
          ${ACCUMULATORS.map(([column, key]) => `coalesce(sum((delta ->> '${key}')::bigint), 0) AS ${column}`).join(', ')}
        FROM settlement WHERE pool_area = $1 GROUP BY person_id, scheme, benefit_year),
      kept AS (SELECT person_id, scheme, year, ${ACCUMULATORS.map(([column]) => `${column}::bigint AS ${column}`).join(', ')}
        FROM benefit_accumulator WHERE pool_area = $1)
      SELECT concat_ws(' ', person_id, scheme, year) AS subject,
        concat_ws('/', ${ACCUMULATORS.map(([column]) => `live.${column}`).join(', ')}) AS expected,
        concat_ws('/', ${ACCUMULATORS.map(([column]) => `kept.${column}`).join(', ')}) AS found
      FROM live FULL JOIN kept USING (person_id, scheme, year)
      WHERE (${ACCUMULATORS.map(([column]) => `coalesce(live.${column}, 0)`).join(', ')})
        IS DISTINCT FROM (${ACCUMULATORS.map(([column]) => `coalesce(kept.${column}, 0)`).join(', ')})`,
  },
  {
    code: 'R205',
    zh: '每人个人账户余额等于账册 2101 科目该人余额，且不为负',
    en: 'every personal account holds what account 2101 says, and not less than nothing',
    sql: `
      WITH book AS (SELECT e.person_id, sum(e.amount) AS amount FROM ledger_line l
        CROSS JOIN LATERAL (VALUES
          (CASE WHEN l.credit_account = '2101' THEN l.credit_party END, l.amount_fen),
          (CASE WHEN l.debit_account = '2101' THEN l.debit_party END, -l.amount_fen)) AS e (person_id, amount)
        WHERE l.pool_area = $1 AND e.person_id IS NOT NULL GROUP BY e.person_id),
      kept AS (SELECT person_id, balance_fen FROM personal_account WHERE pool_area = $1)
      SELECT person_id::text AS subject, coalesce(book.amount, 0)::text AS expected, coalesce(kept.balance_fen, 0)::text AS found
      FROM book FULL JOIN kept USING (person_id)
      WHERE coalesce(book.amount, 0) <> coalesce(kept.balance_fen, 0) OR kept.balance_fen < 0`,
  },
  {
    code: 'R206',
    zh: '每笔冲正恰为原结算的相反数，一笔结算至多冲正一次，就诊状态一致',
    en: 'every reversal is its original negated, no settlement is reversed twice, and the visit knows of it',
    sql: `
      WITH r AS (SELECT * FROM settlement WHERE pool_area = $1 AND kind = 'reversal'),
      o AS (SELECT * FROM settlement WHERE pool_area = $1 AND kind = 'settlement')
      SELECT r.id::text AS subject, coalesce((-o.total_fen)::text, 'an original') AS expected, r.total_fen::text AS found
      FROM r LEFT JOIN o ON o.person_id = r.person_id AND o.id = r.reverses_id AND o.provider_id = r.provider_id
        AND o.scheme = r.scheme AND o.category = r.category AND o.benefit_year = r.benefit_year
      WHERE (${of('r')}) IS DISTINCT FROM (${negated('o')})
      UNION ALL
      SELECT reverses_id::text, '1', count(*)::text FROM r GROUP BY reverses_id HAVING count(*) > 1
      UNION ALL
      SELECT coalesce(r.id, k.reversal_id)::text, coalesce(r.reverses_id::text, 'none'), coalesce(k.original_id::text, 'none')
      FROM r FULL JOIN (SELECT * FROM settlement_reversal WHERE pool_area = $1) AS k
        ON k.reversal_id = r.id AND k.original_id = r.reverses_id WHERE r.id IS NULL OR k.reversal_id IS NULL
      UNION ALL
      SELECT o.id::text, CASE WHEN r.id IS NULL THEN 'settled' ELSE 'reversed' END, coalesce(v.state, 'none')
      FROM o LEFT JOIN r ON r.reverses_id = o.id
      LEFT JOIN visit v ON v.pool_area = $1 AND v.person_id = o.person_id AND v.id = o.visit_id
      WHERE v.state IS DISTINCT FROM CASE WHEN r.id IS NULL THEN 'settled' ELSE 'reversed' END`,
  },
  {
    code: 'R207',
    zh: '每笔结算的参保人、机构都存在，且该人参加过该险种',
    en: 'every settlement names a person and an institution that exist, in a scheme the person has belonged to',
    sql: `
      SELECT s.id::text AS subject, 'person, institution, coverage' AS expected,
        concat_ws(', ', CASE WHEN p.id IS NULL THEN 'no person' END, CASE WHEN i.id IS NULL THEN 'no institution' END,
          CASE WHEN NOT EXISTS (SELECT FROM coverage c WHERE c.pool_area = $1 AND c.person_id = s.person_id
            AND c.scheme = s.scheme) THEN 'never in the scheme' END) AS found
      FROM settlement s
      LEFT JOIN person p ON p.pool_area = s.pool_area AND p.id = s.person_id
      LEFT JOIN institution i ON i.pool_area = s.pool_area AND i.id = s.provider_id
      WHERE s.pool_area = $1 AND s.kind = 'settlement' AND (p.id IS NULL OR i.id IS NULL
        OR NOT EXISTS (SELECT FROM coverage c WHERE c.pool_area = $1 AND c.person_id = s.person_id AND c.scheme = s.scheme))`,
  },
  {
    code: 'R208',
    zh: '同一人的参保期间不重叠',
    en: "no person's spans of coverage overlap",
    sql: `
      SELECT person_id::text AS subject, 'no overlap' AS expected, concat_ws(' ', before, valid) AS found
      FROM (SELECT person_id, valid, lag(valid) OVER (PARTITION BY person_id ORDER BY valid) AS before
        FROM coverage WHERE pool_area = $1) AS c
      WHERE before && valid`,
  },
  {
    code: 'R209',
    zh: '导入的每一行都有着落：成为结算（金额一致）或报告错误',
    en: 'every imported row is accounted for: a settlement of the same amount, or a reported fault',
    sql: `
      SELECT concat_ws('#', d.id, r.row_no) AS subject, concat_ws('/', r.scheme, r.total_fen) AS expected,
        coalesce(concat_ws('/', s.scheme, s.total_fen), r.state) AS found
      FROM discharge_import d JOIN discharge_import_row r ON r.pool_area = d.pool_area AND r.import_id = d.id
      LEFT JOIN settlement s ON s.pool_area = r.pool_area AND s.person_id = r.person_id AND s.id = r.settlement_id
      WHERE d.pool_area = $1 AND d.state = 'done' AND (r.state = 'pending'
        OR (r.state = 'imported' AND (s.scheme, s.total_fen) IS DISTINCT FROM (r.scheme, r.total_fen)))
      UNION ALL
      SELECT d.id::text, d.row_count::text, count(r.row_no)::text
      FROM discharge_import d LEFT JOIN discharge_import_row r ON r.pool_area = d.pool_area AND r.import_id = d.id
      WHERE d.pool_area = $1 GROUP BY d.id, d.row_count HAVING count(r.row_no) <> d.row_count`,
  },
];
