import type { Invariant } from './invariant.js';

const SIDES = `CROSS JOIN LATERAL (VALUES (l.debit_account, l.amount_fen, 0::bigint), (l.credit_account, 0::bigint, l.amount_fen))
    AS s (account, debit, credit)`;

/** The books against themselves. */
export const LEDGER_INVARIANTS: readonly Invariant[] = [
  {
    code: 'R101',
    zh: '每张凭证的分录数与金额等于凭证头，且没有无头分录',
    en: 'the lines of every journal make its head, and no line is without one',
    sql: `
      WITH l AS (SELECT period, journal_id, scheme, count(*) AS lines, sum(amount_fen) AS total, max(line_no) AS last
        FROM ledger_line WHERE pool_area = $1 GROUP BY period, journal_id, scheme),
      j AS (SELECT period, id, scheme, line_count, total_fen FROM ledger_journal WHERE pool_area = $1)
      SELECT coalesce(j.id, l.journal_id)::text AS subject, concat_ws('/', j.scheme, j.line_count, j.total_fen) AS expected,
        concat_ws('/', l.scheme, l.lines, l.total) AS found
      FROM j FULL JOIN l ON l.period = j.period AND l.journal_id = j.id AND l.scheme = j.scheme
      WHERE (j.line_count, j.total_fen, j.line_count) IS DISTINCT FROM (l.lines, l.total, l.last)`,
  },
  {
    code: 'R102',
    zh: '每条分录的科目都存在，对方单位该有则有、不该有则无',
    en: 'every line is on accounts that exist, with a party exactly where the account asks for one',
    sql: `
      SELECT l.journal_id || '#' || l.line_no AS subject, 'account and party' AS expected,
        concat_ws('/', l.debit_account, l.credit_account) AS found
      FROM ledger_line l
      LEFT JOIN ledger_account d ON d.code = l.debit_account LEFT JOIN ledger_account c ON c.code = l.credit_account
      WHERE l.pool_area = $1 AND (d.code IS NULL OR c.code IS NULL
        OR (d.party_kind IS NULL) <> (l.debit_party IS NULL) OR (c.party_kind IS NULL) <> (l.credit_party IS NULL))`,
  },
  {
    code: 'R103',
    zh: '已结账期保存的科目发生额等于全部历史分录的合计',
    en: 'the turnover kept for closed periods equals the sum of all their history',
    sql: `
      WITH h AS (SELECT l.scheme, l.period, s.account, sum(s.debit) AS debit, sum(s.credit) AS credit
        FROM ledger_line l ${SIDES}
        WHERE l.pool_area = $1 AND EXISTS (SELECT FROM ledger_period p
          WHERE p.pool_area = l.pool_area AND p.scheme = l.scheme AND p.period = l.period)
        GROUP BY l.scheme, l.period, s.account),
      b AS (SELECT scheme, period, account, debit_fen, credit_fen FROM ledger_period_balance WHERE pool_area = $1)
      SELECT concat_ws(' ', coalesce(h.scheme, b.scheme), coalesce(h.period, b.period), coalesce(h.account, b.account)) AS subject,
        concat_ws('/', h.debit, h.credit) AS expected, concat_ws('/', b.debit_fen, b.credit_fen) AS found
      FROM h FULL JOIN b USING (scheme, period, account)
      WHERE (h.debit, h.credit) IS DISTINCT FROM (b.debit_fen, b.credit_fen)`,
  },
  {
    code: 'R104',
    zh: '已结账期的内容与结账时的封印一致',
    en: 'closed periods hold what they were sealed with',
    sql: `
      SELECT concat_ws(' ', p.scheme, p.period) AS subject,
        concat_ws('/', p.journal_count, p.line_count, p.total_fen, left(p.content_hash, 12)) AS expected,
        concat_ws('/', c.journal_count, c.line_count, c.total_fen, left(c.content_hash, 12)) AS found
      FROM ledger_period p CROSS JOIN LATERAL ledger_period_content(p.pool_area, p.scheme, p.period) AS c
      WHERE p.pool_area = $1 AND (p.journal_count, p.line_count, p.total_fen, p.content_hash)
        IS DISTINCT FROM (c.journal_count, c.line_count, c.total_fen, c.content_hash)`,
  },
  {
    code: 'R105',
    zh: '每个业务事项只记账一次（跨账期）',
    en: 'every event was posted once, over all periods',
    sql: `
      SELECT source_kind || ' ' || source_id AS subject, '1' AS expected, count(*)::text AS found
      FROM ledger_journal WHERE pool_area = $1 GROUP BY source_kind, source_id HAVING count(*) > 1`,
  },
  {
    code: 'R106',
    zh: '每张冲销凭证恰为原凭证借贷互换',
    en: 'every reversal is its original with the sides swapped',
    sql: `
      WITH pair AS (SELECT r.id AS reversal, r.period AS reversal_period, o.id AS original, o.period AS original_period
        FROM ledger_journal r LEFT JOIN ledger_journal o ON o.pool_area = r.pool_area AND o.source_id = r.source_id
          AND o.source_kind || '-reversal' = r.source_kind
        WHERE r.pool_area = $1 AND r.source_kind LIKE '%-reversal'),
      effect AS (
        SELECT p.reversal, l.debit_account, l.debit_party, l.credit_account, l.credit_party, l.amount_fen
        FROM pair p JOIN ledger_line l ON l.pool_area = $1 AND l.period = p.reversal_period AND l.journal_id = p.reversal
        UNION ALL
        SELECT p.reversal, l.credit_account, l.credit_party, l.debit_account, l.debit_party, -l.amount_fen
        FROM pair p JOIN ledger_line l ON l.pool_area = $1 AND l.period = p.original_period AND l.journal_id = p.original)
      SELECT reversal::text AS subject, '0' AS expected, sum(amount_fen)::text AS found
      FROM effect GROUP BY reversal, debit_account, debit_party, credit_account, credit_party HAVING sum(amount_fen) <> 0
      UNION ALL
      SELECT reversal::text, 'an original', 'none' FROM pair WHERE original IS NULL`,
  },
];
