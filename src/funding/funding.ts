import { Injectable } from '@nestjs/common';
import { isUniqueViolation, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import { lockInOrder } from '../common/locks/index.js';
import { type Fen, fen, yuanText } from '../common/money/index.js';
import { Clock, type LocalDate, monthOf } from '../common/time/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { Ledger, LedgerBalances } from '../ledger/index.js';
import { checkPath, checkTier, incomeAccount, type IncomeKind, type Tier } from './domain/income.js';
import { fundingErrors } from './errors.js';

/** What the fund expects of one source in a year, and what came of it. */
export interface FundIncome {
  readonly id: string;
  readonly scheme: string;
  readonly year: number;
  readonly kind: IncomeKind;
  readonly tier: Tier;
  readonly forecast: Fen;
  readonly received: Fen;
  readonly basis: string;
  readonly version: number;
}

/** Which year's income; schemes and years that are left out do not filter. */
export interface IncomeFilter {
  readonly poolArea: string;
  readonly scheme?: string | undefined;
  readonly year?: number | undefined;
}

const SELECT = `
  SELECT i.id, i.scheme, i.year::int AS year, i.kind, i.tier, i.forecast_fen AS forecast, i.basis, i.version,
    coalesce((SELECT sum(r.amount_fen) FROM fund_receipt r WHERE r.pool_area = i.pool_area AND r.income_id = i.id), 0)::bigint
      AS received
  FROM fund_income i`;

/** Income of the fund: the forecast that budgets are made from, and the money as it comes in and moves. */
@Injectable()
export class Funding {
  constructor(
    private readonly ledger: Ledger,
    private readonly balances: LedgerBalances,
    private readonly clock: Clock,
  ) {}

  /** Rows of income with what was received of them. */
  list(tx: Tx, filter: IncomeFilter): Promise<FundIncome[]> {
    return tx.query<FundIncome>(
      `${SELECT} WHERE i.pool_area = $1 AND ($2::text IS NULL OR i.scheme = $2) AND ($3::int IS NULL OR i.year = $3)
       ORDER BY i.year DESC, i.scheme, i.kind, i.tier LIMIT 1000`,
      [filter.poolArea, filter.scheme ?? null, filter.year ?? null],
    );
  }

  /** Σ forecast of a pool × scheme × year: what the budget of the year starts from (以收定支). Zero when there is none. */
  async forecastIncome(tx: Tx, key: { poolArea: string; scheme: string; year: number }): Promise<Fen> {
    const row = await tx.one<{ total: bigint }>(
      `SELECT coalesce(sum(forecast_fen), 0)::bigint AS total FROM fund_income
       WHERE pool_area = $1 AND scheme = $2 AND year = $3`,
      [key.poolArea, key.scheme, key.year],
    );
    return fen(row.total);
  }

  /**
   * Sets the forecast of one source in a year. `version` is the one that was read, 0 for a new row: a change that was made
   * meanwhile is not overwritten.
   * @throws DomainError `funding.bad-tier`, `funding.version-changed`
   */
  async setForecast(
    tx: Tx,
    row: { scheme: string; year: number; kind: IncomeKind; tier: Tier; forecast: Fen; basis?: string; version: number },
    actor: Actor,
  ): Promise<FundIncome> {
    checkTier(row.kind, row.tier);
    const saved = await tx.maybe<{ id: string }>(
      `INSERT INTO fund_income (pool_area, id, scheme, year, kind, tier, forecast_fen, basis, updated_by)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE $10 = 0 OR EXISTS (SELECT FROM fund_income
         WHERE pool_area = $1 AND scheme = $3 AND year = $4 AND kind = $5 AND tier = $6)
       ON CONFLICT ON CONSTRAINT uq_fund_income_row DO UPDATE SET forecast_fen = excluded.forecast_fen,
         basis = excluded.basis, updated_by = excluded.updated_by, updated_at = clock_timestamp(),
         version = fund_income.version + 1
         WHERE fund_income.version = $10
       RETURNING id`,
      [
        actor.poolArea,
        uuid7(),
        row.scheme,
        row.year,
        row.kind,
        row.tier,
        row.forecast,
        row.basis ?? '',
        actor.username,
        row.version,
      ],
    );
    if (saved === undefined) throw new DomainError(fundingErrors['version-changed']);
    await Audit.record(tx, actor, {
      action: 'funding.forecast-set',
      subjectKind: 'fund-income',
      subjectId: saved.id,
      details: { ...row, forecast: yuanText(row.forecast) },
    });
    return this.get(tx, actor.poolArea, saved.id);
  }

  /**
   * Records money that came and posts it: Dr 1001 Cr 4001–4004, into the month of its day.
   * @throws DomainError `funding.not-found`, `funding.nothing-received`, `funding.future-day`, `funding.reference-used`,
   *   `ledger.period-closed`
   */
  async receive(
    tx: Tx,
    receipt: { incomeId: string; receivedOn: LocalDate; amount: Fen; reference: string },
    actor: Actor,
  ): Promise<string> {
    const income = await this.get(tx, actor.poolArea, receipt.incomeId);
    this.checkMoney(receipt.amount, receipt.receivedOn);
    const id = uuid7();
    await once(receipt.reference, () =>
      tx.query(
        `INSERT INTO fund_receipt (pool_area, id, income_id, received_on, amount_fen, reference, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [actor.poolArea, id, income.id, receipt.receivedOn, receipt.amount, receipt.reference, actor.username],
      ),
    );
    const lines = [{ debit: '1001', credit: incomeAccount(income.kind), amount: receipt.amount }];
    await this.book(tx, { scheme: income.scheme, on: receipt.receivedOn, kind: 'fund-receipt', id, lines }, actor);
    return id;
  }

  /**
   * Moves money between the income, fiscal and expenditure accounts and posts it (上解、拨款).
   * @throws DomainError `funding.bad-path`, `funding.not-enough`, `funding.nothing-received`, `funding.future-day`,
   *   `funding.reference-used`, `ledger.period-closed`
   */
  async transfer(
    tx: Tx,
    move: { scheme: string; from: string; to: string; movedOn: LocalDate; amount: Fen; reference: string },
    actor: Actor,
  ): Promise<string> {
    checkPath(move.from, move.to);
    this.checkMoney(move.amount, move.movedOn);
    // Two transfers at once must not both see the same money.
    await lockInOrder(tx, [{ kind: 'fund-income', key: `${actor.poolArea}:${move.scheme}` }]);
    const accounts = await this.balances.trialBalance(tx, { poolArea: actor.poolArea, scheme: move.scheme });
    const available = accounts.find(({ account }) => account === move.from)?.balance ?? fen(0);
    if (available < move.amount) {
      const facts = { account: move.from, available: yuanText(available), amount: yuanText(move.amount) };
      throw new DomainError(fundingErrors['not-enough'], facts);
    }
    const id = uuid7();
    await once(move.reference, () =>
      tx.query(
        `INSERT INTO fund_transfer (pool_area, id, scheme, from_account, to_account, moved_on, amount_fen, reference,
           recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          actor.poolArea,
          id,
          move.scheme,
          move.from,
          move.to,
          move.movedOn,
          move.amount,
          move.reference,
          actor.username,
        ],
      ),
    );
    const lines = [{ debit: move.to, credit: move.from, amount: move.amount }];
    await this.book(tx, { scheme: move.scheme, on: move.movedOn, kind: 'fund-transfer', id, lines }, actor);
    return id;
  }

  /** @throws DomainError `funding.not-found` */
  async get(tx: Tx, poolArea: string, id: string): Promise<FundIncome> {
    const income = await tx.maybe<FundIncome>(`${SELECT} WHERE i.pool_area = $1 AND i.id = $2`, [poolArea, id]);
    if (income === undefined) throw new DomainError(fundingErrors['not-found']);
    return income;
  }

  private async book(
    tx: Tx,
    event: {
      scheme: string;
      on: LocalDate;
      kind: string;
      id: string;
      lines: { debit: string; credit: string; amount: Fen }[];
    },
    actor: Actor,
  ): Promise<void> {
    const { scheme, on, kind, id, lines } = event;
    const journal = { poolArea: actor.poolArea, scheme, period: monthOf(on), postedOn: on };
    await this.ledger.post(tx, { ...journal, sourceKind: kind, sourceId: id, lines }, actor);
    const details = lines.map(({ debit, credit, amount }) => ({ debit, credit, amount: yuanText(amount) }));
    await Audit.record(tx, actor, {
      action: `funding.${kind}`,
      subjectKind: kind,
      subjectId: id,
      details: { lines: details },
    });
  }

  private checkMoney(amount: Fen, on: LocalDate): void {
    if (amount <= 0n) throw new DomainError(fundingErrors['nothing-received']);
    if (on > this.clock.today()) throw new DomainError(fundingErrors['future-day'], { day: on });
  }
}

async function once(reference: string, insert: () => Promise<unknown>): Promise<void> {
  try {
    await insert();
  } catch (error) {
    throw isUniqueViolation(error) ? new DomainError(fundingErrors['reference-used'], { reference }) : error;
  }
}
