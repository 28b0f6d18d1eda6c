import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { type Fen, fen } from '../common/money/index.js';
import { firstDay, type Month } from '../common/time/index.js';
import { accountTotals, type AccountTotals } from './domain/trial-balance.js';

/** Which part of the books to add up; without a month: all of history. */
export interface BalanceFilter {
  readonly poolArea: string;
  readonly scheme?: string | undefined;
  /** The last month that counts. */
  readonly upTo?: Month | undefined;
}

/** What one provider or person has on an account: credit − debit, so what is owed to them is above zero. */
export interface PartyBalance {
  readonly party: string;
  readonly owed: Fen;
}

export type TrialBalanceRow = AccountTotals & {
  readonly nameZh: string;
  readonly nameEn: string;
  readonly nature: 'asset' | 'liability' | 'equity' | 'income' | 'expense';
};

// $1 pool, $2 scheme or null, $3 last month or null. A month is looked at by itself, so that only its partition is read.
const OPEN_MONTHS = `
  span AS (SELECT min(period) AS first, max(period) AS last FROM ledger_journal WHERE pool_area = $1),
  month AS (SELECT m::date AS period FROM span, generate_series(first, least(last, $3::date), interval '1 month') AS m
    WHERE NOT EXISTS (SELECT FROM ledger_period p WHERE p.pool_area = $1 AND p.scheme = $2 AND p.period = m::date))`;

const TRIAL_BALANCE = `
  WITH ${OPEN_MONTHS}, side AS (
    SELECT b.account, b.debit_fen, b.credit_fen FROM ledger_period_balance b
    WHERE b.pool_area = $1 AND ($2::text IS NULL OR b.scheme = $2) AND ($3::date IS NULL OR b.period <= $3)
    UNION ALL
    SELECT s.account, s.debit_fen, s.credit_fen FROM month CROSS JOIN LATERAL (
      SELECT v.account, v.debit_fen, v.credit_fen FROM ledger_line l
      CROSS JOIN LATERAL (VALUES (l.debit_account, l.amount_fen, 0), (l.credit_account, 0, l.amount_fen))
        AS v (account, debit_fen, credit_fen)
      WHERE l.pool_area = $1 AND l.period = month.period AND ($2::text IS NULL OR l.scheme = $2)
        AND NOT EXISTS (SELECT FROM ledger_period p
          WHERE p.pool_area = l.pool_area AND p.scheme = l.scheme AND p.period = l.period)) AS s
  )
  SELECT a.code AS account, a.name_zh AS "nameZh", a.name_en AS "nameEn", a.nature,
    sum(s.debit_fen)::bigint AS debit, sum(s.credit_fen)::bigint AS credit
  FROM side s JOIN ledger_account a ON a.code = s.account
  GROUP BY a.code ORDER BY a.code`;

/** Reading the books. */
@Injectable()
export class LedgerBalances {
  /**
   * Turnover and balance of every account that was ever used. Closed months come from the figures they were sealed with,
   * open ones from their lines; `npm run reconcile` proves that this equals the sum of all history.
   */
  async trialBalance(tx: Tx, filter: BalanceFilter): Promise<TrialBalanceRow[]> {
    const rows = await tx.query<Omit<TrialBalanceRow, 'balance'>>(TRIAL_BALANCE, parametersOf(filter));
    return rows.map((row) => ({ ...row, ...accountTotals(row.account, row.debit, row.credit) }));
  }

  /** What is owed to each party on an account kept by party; parties with nothing are left out. */
  async partyBalances(tx: Tx, filter: BalanceFilter & { readonly account: string }): Promise<PartyBalance[]> {
    return tx.query<PartyBalance>(
      `SELECT side.party, sum(side.amount)::bigint AS owed FROM (
         SELECT l.credit_party AS party, l.amount_fen AS amount FROM ledger_line l
         WHERE l.pool_area = $1 AND l.credit_account = $4 AND ($2::text IS NULL OR l.scheme = $2)
           AND ($3::date IS NULL OR l.period <= $3)
         UNION ALL
         SELECT l.debit_party, -l.amount_fen FROM ledger_line l
         WHERE l.pool_area = $1 AND l.debit_account = $4 AND ($2::text IS NULL OR l.scheme = $2)
           AND ($3::date IS NULL OR l.period <= $3)
       ) AS side GROUP BY side.party HAVING sum(side.amount) <> 0 ORDER BY side.party`,
      [...parametersOf(filter), filter.account],
    );
  }

  /** What is owed to one party on an account: credit − debit. */
  async owedTo(tx: Tx, filter: BalanceFilter & { readonly account: string; readonly party: string }): Promise<Fen> {
    const row = await tx.one<{ owed: bigint }>(
      `SELECT coalesce(sum(CASE WHEN l.credit_account = $4 AND l.credit_party = $5 THEN l.amount_fen ELSE 0 END
                         - CASE WHEN l.debit_account = $4 AND l.debit_party = $5 THEN l.amount_fen ELSE 0 END), 0)::bigint
         AS owed
       FROM ledger_line l
       WHERE l.pool_area = $1 AND ($2::text IS NULL OR l.scheme = $2) AND ($3::date IS NULL OR l.period <= $3)
         AND (l.credit_party = $5::uuid OR l.debit_party = $5::uuid)`,
      [...parametersOf(filter), filter.account, filter.party],
    );
    return fen(row.owed);
  }
}

function parametersOf(filter: BalanceFilter): unknown[] {
  return [filter.poolArea, filter.scheme ?? null, filter.upTo === undefined ? null : firstDay(filter.upTo)];
}
