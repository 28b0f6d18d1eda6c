import type { Invariant } from './invariant.js';

/** Account balance by provider and scheme, credit − debit. */
const owedOn = (account: string): string => `
  SELECT l.scheme, e.provider_id, sum(e.amount) AS amount FROM ledger_line l
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN l.credit_account = '${account}' THEN l.credit_party END, l.amount_fen),
    (CASE WHEN l.debit_account = '${account}' THEN l.debit_party END, -l.amount_fen)) AS e (provider_id, amount)
  WHERE l.pool_area = $1 AND e.provider_id IS NOT NULL GROUP BY l.scheme, e.provider_id`;

/** Budgets, months, clearings and orders against bills and books. */
export const PAYMENT_INVARIANTS: readonly Invariant[] = [
  {
    code: 'R301',
    zh: '已结账月份各机构的申报基金支付等于当月结算之和',
    en: "a closed month's accepted amount of every provider is the sum of its settlements",
    sql: `
      WITH line AS (SELECT m.scheme, m.month, l.provider_id, l.accepted_fen FROM payment_month m
        JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
        WHERE m.pool_area = $1 AND m.state = 'closed'),
      bill AS (SELECT s.scheme, s.settle_month AS month, s.provider_id, sum(s.fund_pay_sum_fen) AS amount FROM settlement s
        WHERE s.pool_area = $1 AND EXISTS (SELECT FROM payment_month m WHERE m.pool_area = $1 AND m.scheme = s.scheme
          AND m.month = s.settle_month AND m.state = 'closed')
        GROUP BY 1, 2, 3)
      SELECT concat_ws(' ', scheme, month, provider_id) AS subject, coalesce(bill.amount, 0)::text AS expected,
        coalesce(line.accepted_fen, 0)::text AS found
      FROM line FULL JOIN bill USING (scheme, month, provider_id)
      WHERE coalesce(line.accepted_fen, 0) <> coalesce(bill.amount, 0)`,
  },
  {
    code: 'R302',
    zh: '月结各基金各类别的明细合计等于机构合计',
    en: "the cells of a provider's month, by fund and category, sum to its line",
    sql: `
      WITH cell AS (SELECT month_id, provider_id, sum(accepted_fen) AS accepted, sum(suspended_fen) AS suspended,
          sum(as_billed_fen) AS as_billed FROM payment_month_cell WHERE pool_area = $1 GROUP BY month_id, provider_id)
      SELECT concat_ws(' ', l.month_id, l.provider_id) AS subject,
        concat_ws('/', l.accepted_fen, l.suspended_fen, l.as_billed_fen) AS expected,
        concat_ws('/', coalesce(c.accepted, 0), coalesce(c.suspended, 0), coalesce(c.as_billed, 0)) AS found
      FROM payment_month_line l LEFT JOIN cell c ON c.month_id = l.month_id AND c.provider_id = l.provider_id
      WHERE l.pool_area = $1 AND (l.accepted_fen, l.suspended_fen, l.as_billed_fen)
        IS DISTINCT FROM (coalesce(c.accepted, 0), coalesce(c.suspended, 0), coalesce(c.as_billed, 0))`,
  },
  {
    code: 'R303',
    zh: '已结账月份的记账等于月结结果：保证金、扣款、收回、应付、预付',
    en: 'what a closed month posted is what it computed: deposit, deductions, recovery, pay, prepayment',
    sql: `
      WITH due AS (SELECT m.id::text AS source, l.provider_id, p.debit, p.credit, sum(p.amount) AS amount
        FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
        CROSS JOIN LATERAL (VALUES ('2001', '2002', l.deposit_fen), ('2001', '4101', l.deduction_fen),
          ('2001', '1202', l.recovered_fen), ('2001', '2004', l.pay_fen - l.prepayment_fen),
          ('1201', '2004', l.prepayment_fen)) AS p (debit, credit, amount)
        WHERE m.pool_area = $1 AND m.state = 'closed' AND p.amount <> 0 GROUP BY 1, 2, 3, 4),
      booked AS (SELECT j.source_id AS source, coalesce(l.debit_party, l.credit_party) AS provider_id,
          l.debit_account AS debit, l.credit_account AS credit, sum(l.amount_fen) AS amount
        FROM ledger_journal j JOIN ledger_line l ON l.pool_area = j.pool_area AND l.period = j.period AND l.journal_id = j.id
        WHERE j.pool_area = $1 AND j.source_kind = 'month-settlement' GROUP BY 1, 2, 3, 4)
      SELECT concat_ws(' ', source, provider_id, debit, credit) AS subject, coalesce(due.amount, 0)::text AS expected,
        coalesce(booked.amount, 0)::text AS found
      FROM due FULL JOIN booked USING (source, provider_id, debit, credit)
      WHERE coalesce(due.amount, 0) <> coalesce(booked.amount, 0)`,
  },
  {
    code: 'R304',
    zh: '已结账月份每个应付机构恰有一张支付单，金额相符',
    en: 'every provider to be paid for a closed month has one payment order of that amount',
    sql: `
      WITH due AS (SELECT m.id AS source_id, l.provider_id, l.pay_fen AS amount FROM payment_month m
        JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
        WHERE m.pool_area = $1 AND m.state = 'closed' AND l.pay_fen > 0),
      ordered AS (SELECT source_id, provider_id, sum(amount_fen) AS amount FROM payment_order
        WHERE pool_area = $1 AND source_kind = 'month' AND attempt = 1 GROUP BY source_id, provider_id)
      SELECT concat_ws(' ', source_id, provider_id) AS subject, coalesce(due.amount, 0)::text AS expected,
        coalesce(ordered.amount, 0)::text AS found
      FROM due FULL JOIN ordered USING (source_id, provider_id)
      WHERE coalesce(due.amount, 0) <> coalesce(ordered.amount, 0)`,
  },
  {
    code: 'R305',
    zh: '在途支付单合计等于账册 2004 科目余额',
    en: 'payment orders on their way equal account 2004',
    sql: `
      WITH book AS (${owedOn('2004')}),
      ordered AS (SELECT scheme, provider_id, sum(amount_fen) AS amount FROM payment_order
        WHERE pool_area = $1 AND state IN ('prepared', 'reviewed', 'approved', 'signed-off', 'sent') GROUP BY 1, 2)
      SELECT concat_ws(' ', scheme, provider_id) AS subject, coalesce(ordered.amount, 0)::text AS expected,
        coalesce(book.amount, 0)::text AS found
      FROM ordered FULL JOIN book USING (scheme, provider_id)
      WHERE coalesce(ordered.amount, 0) <> coalesce(book.amount, 0)`,
  },
  {
    code: 'R306',
    zh: '账册 2002 科目余额等于历月预留减去返还与罚没的保证金',
    en: 'deposits held on account 2002 are what was withheld less what was returned or forfeited',
    sql: `
      WITH book AS (${owedOn('2002')}),
      kept AS (SELECT scheme, provider_id, sum(amount) AS amount FROM (
          SELECT m.scheme, l.provider_id, l.deposit_fen AS amount FROM payment_month m
          JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
          WHERE m.pool_area = $1 AND m.state = 'closed'
          UNION ALL
          SELECT c.scheme, l.provider_id, -(l.deposit_returned_fen + l.deposit_forfeited_fen) FROM payment_clearing c
          JOIN payment_clearing_line l ON l.pool_area = c.pool_area AND l.clearing_id = c.id
          WHERE c.pool_area = $1 AND c.state = 'closed') AS d GROUP BY scheme, provider_id)
      SELECT concat_ws(' ', scheme, provider_id) AS subject, coalesce(kept.amount, 0)::text AS expected,
        coalesce(book.amount, 0)::text AS found
      FROM kept FULL JOIN book USING (scheme, provider_id)
      WHERE coalesce(kept.amount, 0) <> coalesce(book.amount, 0)`,
  },
  {
    code: 'R307',
    zh: '已批准预算：各机构额度之和等于可分配额，十二个月额度之和等于全年额度',
    en: 'an approved budget is shared out to the fen, over providers and over months',
    sql: `
      WITH b AS (SELECT id, available_fen FROM payment_budget
        WHERE pool_area = $1 AND state IN ('in-force', 'adjusted', 'closed'))
      SELECT b.id::text AS subject, b.available_fen::text AS expected, coalesce(sum(l.amount_fen), 0)::text AS found
      FROM b LEFT JOIN payment_budget_line l ON l.pool_area = $1 AND l.budget_id = b.id
      GROUP BY b.id, b.available_fen HAVING coalesce(sum(l.amount_fen), 0) <> b.available_fen
      UNION ALL
      SELECT concat_ws(' ', l.budget_id, l.provider_id), l.amount_fen::text, coalesce(sum(q.quota_fen), 0)::text
      FROM b JOIN payment_budget_line l ON l.pool_area = $1 AND l.budget_id = b.id
      LEFT JOIN payment_budget_quota q ON q.pool_area = $1 AND q.budget_id = l.budget_id AND q.provider_id = l.provider_id
      GROUP BY l.budget_id, l.provider_id, l.amount_fen HAVING coalesce(sum(q.quota_fen), 0) <> l.amount_fen`,
  },
  {
    code: 'R308',
    zh: '已结账清算：各机构全年申报额等于全年结算之和',
    en: "a closed clearing's accepted amount of every provider is the sum of the year's settlements",
    sql: `
      WITH line AS (SELECT c.scheme, c.year::int AS year, l.provider_id, l.accepted_fen FROM payment_clearing c
        JOIN payment_clearing_line l ON l.pool_area = c.pool_area AND l.clearing_id = c.id
        WHERE c.pool_area = $1 AND c.state = 'closed'),
      bill AS (SELECT s.scheme, EXTRACT(year FROM s.settle_month)::int AS year, s.provider_id, sum(s.fund_pay_sum_fen) AS amount
        FROM settlement s WHERE s.pool_area = $1 AND EXISTS (SELECT FROM payment_clearing c WHERE c.pool_area = $1
          AND c.state = 'closed' AND c.scheme = s.scheme AND c.year = EXTRACT(year FROM s.settle_month))
        GROUP BY 1, 2, 3)
      SELECT concat_ws(' ', scheme, year, provider_id) AS subject, coalesce(bill.amount, 0)::text AS expected,
        coalesce(line.accepted_fen, 0)::text AS found
      FROM line FULL JOIN bill USING (scheme, year, provider_id)
      WHERE coalesce(line.accepted_fen, 0) <> coalesce(bill.amount, 0)`,
  },
];
