import type { Invariant } from './invariant.js';

/** Jobs, approvals, the fund's own money, and the registers. */
export const OPERATIONS_INVARIANTS: readonly Invariant[] = [
  {
    code: 'R401',
    zh: '每次作业的每个单元恰完成一次，完成的作业没有剩余单元',
    en: 'every unit of every run was done once, and a run that is done has none left',
    sql: `
      WITH u AS (SELECT run_id, count(*) AS planned, count(*) FILTER (WHERE state = 'done') AS done,
          max(fence) AS fence FROM job_unit WHERE pool_area = $1 GROUP BY run_id)
      SELECT r.kind || ' ' || r.period || ' ' || r.id AS subject, concat_ws('/', r.units_done, r.units_planned) AS expected,
        concat_ws('/', coalesce(u.done, 0), coalesce(u.planned, 0)) AS found
      FROM job_run r LEFT JOIN u ON u.run_id = r.id
      WHERE r.pool_area = $1 AND (r.units_done <> coalesce(u.done, 0)
        OR coalesce(r.units_planned, 0) <> coalesce(u.planned, 0)
        OR (r.state = 'done' AND coalesce(u.done, 0) <> coalesce(u.planned, 0)) OR u.fence > r.fence)`,
  },
  {
    code: 'R402',
    zh: '每轮审批从提交开始，各环节由不同的人办理',
    en: 'every round of approval begins with a submission, and every step has its own person',
    sql: `
      SELECT concat_ws(' ', subject_kind, subject_id, 'round', round) AS subject, 'submit first, one step a person' AS expected,
        string_agg(step || ' ' || actor_name, ', ' ORDER BY acted_at) AS found
      FROM approval_act WHERE pool_area = $1 GROUP BY subject_kind, subject_id, round
      HAVING count(*) <> count(DISTINCT actor_id) OR (array_agg(step ORDER BY acted_at))[1] <> 'submit'`,
  },
  {
    code: 'R403',
    zh: '每笔基金收入到账与划转恰有一张凭证，金额一致',
    en: 'every receipt and transfer of the fund has one journal of its amount',
    sql: `
      WITH event AS (
        SELECT 'fund-receipt' AS kind, id::text AS source, amount_fen FROM fund_receipt WHERE pool_area = $1
        UNION ALL SELECT 'fund-transfer', id::text, amount_fen FROM fund_transfer WHERE pool_area = $1),
      booked AS (SELECT source_kind AS kind, source_id AS source, sum(total_fen) AS amount FROM ledger_journal
        WHERE pool_area = $1 AND source_kind IN ('fund-receipt', 'fund-transfer') GROUP BY 1, 2)
      SELECT concat_ws(' ', kind, source) AS subject, coalesce(event.amount_fen, 0)::text AS expected,
        coalesce(booked.amount, 0)::text AS found
      FROM event FULL JOIN booked USING (kind, source)
      WHERE coalesce(event.amount_fen, 0) <> coalesce(booked.amount, 0)`,
  },
  {
    code: 'R411',
    zh: '每个参保人有证件，每份证件属于一个参保人',
    en: 'every person has a certificate, and every certificate its person',
    sql: `
      SELECT coalesce('person ' || p.id, 'certificate ' || c.id) AS subject, 'a person and a certificate' AS expected,
        CASE WHEN c.id IS NULL THEN 'no certificate' ELSE 'no person' END AS found
      FROM (SELECT id FROM person WHERE pool_area = $1) AS p
      FULL JOIN (SELECT id, person_id FROM person_certificate WHERE pool_area = $1) AS c ON c.person_id = p.id
      WHERE p.id IS NULL OR c.id IS NULL`,
  },
];
