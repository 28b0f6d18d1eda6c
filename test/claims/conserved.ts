import { expect } from '@jest/globals';
import type { ClaimsPool } from './claims-pool.js';

/**
 * The invariants of claims over the whole database, whatever the tests before did: lines sum to their settlement, a
 * person's year is the sum of the deltas of its settlements, every settlement that the fund or an account paid has its
 * one journal of that amount, and every reversal is its original negated.
 */
export async function conserved(pool: ClaimsPool): Promise<void> {
  for (const [name, sql] of Object.entries(CHECKS)) {
    expect([name, await pool.database.query(sql)]).toEqual([name, []]);
  }
}

const CHECKS: Readonly<Record<string, string>> = {
  'lines sum to their settlement': `
    SELECT s.id FROM settlement AS s
    LEFT JOIN claim_line AS l ON l.pool_area = s.pool_area AND l.person_id = s.person_id
      AND l.settle_month = s.settle_month AND l.settlement_id = s.id
    GROUP BY s.id, s.total_fen, s.inscp_fen, s.preselfpay_fen, s.fulamt_ownpay_fen, s.overlmt_selfpay_fen, s.line_count
    HAVING coalesce(sum(l.amount_fen), 0) <> s.total_fen OR coalesce(sum(l.inscp_fen), 0) <> s.inscp_fen
      OR coalesce(sum(l.preselfpay_fen), 0) <> s.preselfpay_fen OR count(l.*) <> s.line_count
      OR coalesce(sum(l.fulamt_ownpay_fen), 0) <> s.fulamt_ownpay_fen
      OR coalesce(sum(l.overlmt_selfpay_fen), 0) <> s.overlmt_selfpay_fen`,
  'a year is the sum of its deltas': `
    SELECT a.person_id FROM benefit_accumulator AS a
    LEFT JOIN settlement AS s ON s.pool_area = a.pool_area AND s.person_id = a.person_id AND s.scheme = a.scheme
      AND s.benefit_year = a.year
    GROUP BY a.pool_area, a.person_id, a.scheme, a.year
    HAVING a.admissions <> coalesce(sum((s.delta ->> 'admissions')::int), 0)
      OR a.inscp_fen <> coalesce(sum((s.delta ->> 'inscp')::bigint), 0)
      OR a.deductible_paid_fen <> coalesce(sum((s.delta ->> 'deductiblePaid')::bigint), 0)
      OR a.pool_paid_fen <> coalesce(sum((s.delta ->> 'poolPaid')::bigint), 0)
      OR a.burden_fen <> coalesce(sum((s.delta ->> 'burden')::bigint), 0)
      OR a.outpatient_paid_fen <> coalesce(sum((s.delta ->> 'outpatientPaid')::bigint), 0)
      OR a.outpatient_deductible_fen <> coalesce(sum((s.delta ->> 'outpatientDeductible')::bigint), 0)`,
  'one journal of the paid amount per settlement': `
    SELECT s.id FROM settlement AS s
    LEFT JOIN ledger_journal AS j ON j.pool_area = s.pool_area AND j.period = s.settle_month
      AND j.source_id = coalesce(s.reverses_id, s.id)::text
      AND j.source_kind = CASE s.kind WHEN 'settlement' THEN 'settlement' ELSE 'settlement-reversal' END
    WHERE abs(s.fund_pay_sum_fen + s.acct_pay_fen) <> coalesce(j.total_fen, 0)`,
  'a reversal is its original negated': `
    SELECT r.id FROM settlement AS r
    LEFT JOIN settlement AS o ON o.pool_area = r.pool_area AND o.person_id = r.person_id AND o.id = r.reverses_id
    WHERE r.kind = 'reversal' AND (o.id IS NULL OR r.total_fen <> -o.total_fen OR r.fund_pay_sum_fen <> -o.fund_pay_sum_fen
      OR r.hifp_fen <> -o.hifp_fen OR r.acct_pay_fen <> -o.acct_pay_fen OR r.cash_pay_fen <> -o.cash_pay_fen)`,
  'a visit is reversed exactly when its settlement is': `
    SELECT v.id FROM visit AS v
    LEFT JOIN settlement_reversal AS r ON r.pool_area = v.pool_area AND r.person_id = v.person_id
      AND r.original_id = v.settlement_id
    WHERE (v.state = 'reversed') <> (r.original_id IS NOT NULL)`,
};
