import { Injectable } from '@nestjs/common';
import { Claims } from '../claims/index.js';
import type { Tx } from '../common/db/index.js';
import { allocate, fen, type Fen, sumFen } from '../common/money/index.js';
import { firstDay, lastDay, type LocalDate, type Month, monthsOfYear, parseLocalDate } from '../common/time/index.js';
import { type Scheme, SCHEMES } from '../enrollment/index.js';
import { Funding } from '../funding/index.js';
import { type Actor } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { pastIncome, splitIncome } from './domain/funds.js';
import { POOL } from './domain/geography.js';
import { DemoSteps } from './demo-steps.js';

const QUARTERS = [1, 4, 7, 10] as const;

interface Owed {
  readonly month: LocalDate;
  readonly providerId: string;
  readonly amount: Fen;
}

/**
 * The years before last year, as a bureau takes them over from the system it had: the bills are settled by the engine,
 * but what was paid for them was paid by the old system. So the fund's income is booked by quarter, what providers were
 * owed is booked as paid at the end of its month, and the months are closed for bills and for postings.
 */
@Injectable()
export class PastLoader {
  constructor(
    private readonly steps: DemoSteps,
    private readonly claims: Claims,
    private readonly funding: Funding,
    private readonly ledger: Ledger,
  ) {}

  /** Months of the past have partitions only when somebody asks for them. */
  async partitions(year: number, today: LocalDate): Promise<void> {
    await this.steps.once(POOL.code, `partitions:${String(year)}`, today, (tx) =>
      tx.query('SELECT ensure_month_partitions(m) FROM unnest($1::date[]) AS m', [monthsOfYear(year).map(firstDay)]),
    );
  }

  /** Books and closes a year whose bills are all there. */
  async takeOver(actor: Actor, closer: Actor, year: number): Promise<void> {
    for (const scheme of SCHEMES) {
      const end = parseLocalDate(`${String(year)}-12-31`);
      await this.steps.once(POOL.code, `taken-over:${scheme}:${String(year)}`, end, async (tx) => {
        const owed = await this.owed(tx, scheme, year);
        await this.receive(tx, actor, scheme, year, sumFen(owed.map(({ amount }) => amount)));
        for (const month of monthsOfYear(year)) await this.pay(tx, actor, scheme, month, owed);
      });
      await this.close(closer, scheme, year);
    }
  }

  private owed(tx: Tx, scheme: Scheme, year: number): Promise<Owed[]> {
    return tx.query<Owed>(
      `SELECT settle_month AS month, provider_id AS "providerId", sum(fund_pay_sum_fen + acct_pay_fen)::bigint AS amount
         FROM settlement WHERE pool_area = $1 AND scheme = $2 AND settle_month = ANY ($3::date[])
        GROUP BY settle_month, provider_id HAVING sum(fund_pay_sum_fen + acct_pay_fen) > 0 ORDER BY 1, 2`,
      [POOL.code, scheme, monthsOfYear(year).map(firstDay)],
    );
  }

  private async receive(tx: Tx, actor: Actor, scheme: Scheme, year: number, paid: Fen): Promise<void> {
    let first = fen(0);
    for (const { source, amount } of splitIncome(scheme, pastIncome(scheme, year, paid))) {
      const { kind, tier, basis } = source;
      const row = { scheme, year, kind, tier, forecast: amount, basis, version: 0 };
      const { id: incomeId } = await this.funding.setForecast(tx, row, actor);
      const quarters = allocate(amount, [1n, 1n, 1n, 1n]);
      for (const [index, month] of QUARTERS.entries()) {
        const receivedOn = parseLocalDate(`${String(year)}-${String(month).padStart(2, '0')}-02`);
        const part = quarters[index] ?? fen(0);
        if (part === 0n) continue;
        const reference = `PAST-${scheme}-${String(year)}-${String(month)}-${kind}-${tier}`;
        await this.funding.receive(tx, { incomeId, receivedOn, amount: part, reference }, actor);
        first = fen(first + part);
      }
    }
    // What came in goes on to the fiscal account, and what the providers were paid from there to the expenditure account.
    const movedOn = parseLocalDate(`${String(year)}-12-30`);
    const way = [
      { from: '1001', to: '1002', amount: first, what: '上解' },
      { from: '1002', to: '1003', amount: paid, what: '拨款' },
    ];
    for (const { what, ...move } of way) {
      const reference = `PAST-${scheme}-${String(year)}-${what}`;
      if (move.amount > 0n) await this.funding.transfer(tx, { scheme, ...move, movedOn, reference }, actor);
    }
  }

  private async pay(tx: Tx, actor: Actor, scheme: Scheme, month: Month, owed: readonly Owed[]): Promise<void> {
    const lines = owed
      .filter((row) => row.month === firstDay(month))
      .map(({ providerId, amount }) => ({
        ...{ debit: '2001', debitParty: providerId },
        ...{ credit: '1003', amount },
      }));
    if (lines.length === 0) return;
    await this.ledger.post(
      tx,
      {
        poolArea: POOL.code,
        scheme,
        period: month,
        postedOn: lastDay(month),
        sourceKind: 'paid-before',
        sourceId: `${scheme}:${month}`,
        memo: `上线前系统已支付 ${month}`,
        lines,
      },
      actor,
    );
  }

  // A year that was taken over takes neither bills nor postings.
  private async close(actor: Actor, scheme: Scheme, year: number): Promise<void> {
    const today = parseLocalDate(`${String(year + 1)}-01-15`);
    await this.steps.once(POOL.code, `closed:${scheme}:${String(year)}`, today, async (tx) => {
      for (const month of monthsOfYear(year)) {
        await this.claims.closeMonth(tx, { poolArea: POOL.code, scheme, month }, actor.username);
        await this.ledger.closePeriod(tx, { poolArea: POOL.code, scheme, period: month }, today, actor);
      }
    });
  }
}
