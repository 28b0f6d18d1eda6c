import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../../common/db/index.js';
import { fen, yuanText } from '../../common/money/index.js';
import { Clock, firstDay, type LocalDate, monthOf, yearOf } from '../../common/time/index.js';
import type { Actor } from '../../identity/index.js';
import { LedgerBalances } from '../../ledger/index.js';
import type { KeyFigureDto, WorkplaceDto } from './workplace.dto.js';
import { budgetWarnings, closedMonths, failedJobs, heads, spending, todosOf } from './workplace.queries.js';

/** Deposits at bank in the income, fiscal and expenditure accounts. */
const BANK_ACCOUNTS = new Set(['1001', '1002', '1003']);
const SCHEMES = ['310', '390'];

/** The first page of everybody: what waits, what the figures are, what needs care – over one snapshot. */
@Injectable()
export class Workplaces {
  constructor(
    private readonly transactions: Transactions,
    private readonly balances: LedgerBalances,
    private readonly clock: Clock,
  ) {}

  /** What this person sees on the workplace page; figures are of the actor's scope. */
  async of(actor: Actor): Promise<WorkplaceDto> {
    const today = this.clock.today();
    const month = firstDay(monthOf(today));
    const january = `${today.slice(0, 4)}-01-01` as LocalDate;
    return this.transactions.read(async (tx) => {
      const figures = await spending(tx, actor, month, january);
      if (actor.providerId === null) figures.unshift(...(await heads(tx, actor, today)));
      if (actor.permissions.has('ledger.read')) figures.push(...(await this.bankBalances(tx, actor.poolArea)));
      const jobs = actor.permissions.has('jobs.read') ? await failedJobs(tx, actor.poolArea) : [];
      return {
        asOf: this.clock.now().toISOString(),
        closedMonths: await closedMonths(tx, actor.poolArea),
        todo: await todosOf(tx, actor),
        figures,
        warnings: [...jobs, ...(await budgetWarnings(tx, actor, yearOf(today)))],
      };
    });
  }

  private async bankBalances(tx: Tx, poolArea: string): Promise<KeyFigureDto[]> {
    const figures: KeyFigureDto[] = [];
    for (const scheme of SCHEMES) {
      const rows = await this.balances.trialBalance(tx, { poolArea, scheme });
      const bank = rows.filter((row) => BANK_ACCOUNTS.has(row.account)).reduce((sum, row) => sum + row.balance, 0n);
      figures.push({ code: 'balance', scheme, amount: yuanText(fen(bank)), count: null });
    }
    return figures;
  }
}
