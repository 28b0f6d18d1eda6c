import { Injectable } from '@nestjs/common';
import type { Category, Scheme } from '../benefits/index.js';
import type { Tx } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { firstDay, type LocalDate, type Month } from '../common/time/index.js';
import { type BatchOutcome, BatchSettlement } from './batch-settlement.js';
import type { Bill } from './domain/types.js';

/** A claims month of one scheme. */
export interface MonthKey {
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly month: Month;
}

/** A provider's year in one category, for clearing and dual control. */
export interface YearFact {
  readonly providerId: string;
  readonly category: Category;
  /** Visits, net of those taken back. */
  readonly visits: number;
  /** Distinct persons with a live visit. */
  readonly persons: number;
  readonly total: Fen;
  readonly fundPaySum: Fen;
  readonly special: Fen;
}

/** An admission of a person to the same provider soon after a discharge from it. */
export interface Readmission {
  readonly personId: string;
  readonly providerId: string;
  readonly firstSettlementId: string;
  readonly settlementId: string;
  readonly dischargedOn: LocalDate;
  readonly admittedOn: LocalDate;
  readonly daysBetween: number;
}

/** A credit to a personal account. */
export interface AccountCredit {
  readonly personId: string;
  readonly amount: Fen;
}

const YEAR_FACTS = `
SELECT s.provider_id AS "providerId", s.category,
  sum(CASE s.kind WHEN 'settlement' THEN 1 ELSE -1 END)::int AS visits,
  (count(DISTINCT s.person_id) FILTER (WHERE s.kind = 'settlement' AND r.original_id IS NULL))::int AS persons,
  sum(s.total_fen)::bigint AS total, sum(s.fund_pay_sum_fen)::bigint AS fund_pay_sum, sum(s.special_fen)::bigint AS special
FROM settlement AS s
LEFT JOIN settlement_reversal AS r
  ON r.pool_area = s.pool_area AND r.person_id = s.person_id AND r.original_id = s.id
WHERE s.pool_area = $1 AND s.scheme = $2 AND s.settle_month >= $3 AND s.settle_month < $4
GROUP BY s.provider_id, s.category
ORDER BY s.provider_id, s.category`;

const READMISSIONS = `
SELECT * FROM (
  SELECT s.person_id AS "personId", s.provider_id AS "providerId", s.id AS "settlementId", s.admitted_on AS "admittedOn",
    s.settle_month,
    lag(s.id) OVER earlier AS "firstSettlementId", lag(s.discharged_on) OVER earlier AS "dischargedOn",
    (s.admitted_on - lag(s.discharged_on) OVER earlier)::int AS "daysBetween"
  FROM settlement AS s
  WHERE s.pool_area = $1 AND s.scheme = $2 AND s.category = 'inpatient' AND s.kind = 'settlement'
    AND s.settle_month >= $3 AND s.settle_month < $4
    AND NOT EXISTS (SELECT FROM settlement_reversal AS r
      WHERE r.pool_area = s.pool_area AND r.person_id = s.person_id AND r.original_id = s.id)
  WINDOW earlier AS (PARTITION BY s.person_id, s.provider_id ORDER BY s.admitted_on, s.discharged_on, s.id)
) AS stay
WHERE "daysBetween" <= $5
ORDER BY "providerId", "personId", "admittedOn"`;

type SumRow = Record<string, bigint> & { providerId: string; category: Category };

/** What other rooms ask of claims. Everything is set-based and runs in the caller's transaction; no scope is applied. */
@Injectable()
export class Claims {
  constructor(private readonly batches: BatchSettlement) {}

  /** Settles bills of a file or of the demonstration through the one engine; see `BatchSettlement`. */
  settleBatch(tx: Tx, poolArea: string, bills: readonly Bill[], postedBy: string): Promise<BatchOutcome[]> {
    return this.batches.settle(tx, poolArea, bills, postedBy);
  }

  /** A year's visits, heads and amounts per provider and category. */
  async yearFacts(tx: Tx, key: { poolArea: string; scheme: Scheme; year: number }): Promise<YearFact[]> {
    const rows = await tx.query<SumRow>(YEAR_FACTS, [key.poolArea, key.scheme, ...yearSpan(key.year)]);
    return rows.map((row) => ({
      providerId: row.providerId,
      category: row.category,
      visits: Number(row['visits']),
      persons: Number(row['persons']),
      total: amount(row, 'total'),
      fundPaySum: amount(row, 'fund_pay_sum'),
      special: amount(row, 'special'),
    }));
  }

  /** Inpatient stays of the year that began within `withinDays` of a discharge from the same provider. */
  readmissions(
    tx: Tx,
    key: { poolArea: string; scheme: Scheme; year: number; withinDays: number },
  ): Promise<Readmission[]> {
    return tx.query<Readmission & { settle_month: LocalDate }>(READMISSIONS, [
      key.poolArea,
      key.scheme,
      ...yearSpan(key.year),
      key.withinDays,
    ]);
  }

  /** Whether the month still takes bills. A month nobody has closed is open. */
  async isOpen(tx: Tx, key: MonthKey): Promise<boolean> {
    const closed = await tx.query(
      `SELECT FROM claims_month WHERE pool_area = $1 AND scheme = $2 AND month = $3 AND state = 'closed'`,
      [key.poolArea, key.scheme, firstDay(key.month)],
    );
    return closed.length === 0;
  }

  /**
   * Closes a month for bills, for good. Waits for settlements under way, which hold the month's lock in its shared form;
   * the same advisory lock taken by the caller through `lockInOrder` before is simply held on. Must run before the
   * figures of the month are read, in the same READ COMMITTED transaction.
   * @returns whether this call closed it (false = it was closed before)
   */
  async closeMonth(tx: Tx, key: MonthKey, closedBy: string): Promise<boolean> {
    await tx.query(`SELECT pg_advisory_xact_lock(advisory_key('claims-month', $1))`, [
      `${key.poolArea}:${key.scheme}:${key.month}`,
    ]);
    const rows = await tx.query(
      `INSERT INTO claims_month AS m (pool_area, scheme, month, state, closed_at, closed_by, cut_off_xid)
       VALUES ($1, $2, $3, 'closed', clock_timestamp(), $4, pg_current_xact_id())
       ON CONFLICT ON CONSTRAINT claims_month_pk DO UPDATE SET state = 'closed', closed_at = excluded.closed_at,
         closed_by = excluded.closed_by, cut_off_xid = excluded.cut_off_xid
       WHERE m.state = 'open' RETURNING 1`,
      [key.poolArea, key.scheme, firstDay(key.month), closedBy],
    );
    return rows.length === 1;
  }

  /** Adds to personal accounts (个人账户划入). The caller posts the money to the ledger (credit 2101 by person). */
  async creditAccounts(tx: Tx, poolArea: string, credits: readonly AccountCredit[]): Promise<void> {
    await tx.query(
      `INSERT INTO personal_account AS a (pool_area, person_id, balance_fen)
       SELECT $1, u.person_id, sum(u.amount)::bigint FROM unnest($2::uuid[], $3::bigint[]) AS u (person_id, amount)
       GROUP BY u.person_id ORDER BY u.person_id
       ON CONFLICT ON CONSTRAINT personal_account_pk
       DO UPDATE SET balance_fen = a.balance_fen + excluded.balance_fen, version = a.version + 1`,
      [poolArea, credits.map((credit) => credit.personId), credits.map((credit) => credit.amount)],
    );
  }
}

function yearSpan(year: number): [string, string] {
  return [`${String(year)}-01-01`, `${String(year + 1)}-01-01`];
}

function amount(row: SumRow, column: string): Fen {
  return fen(row[column] ?? 0n);
}
