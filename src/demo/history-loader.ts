import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import {
  addDays,
  addMonths,
  type LocalDate,
  type Month,
  monthOf,
  monthsOfYear,
  parseLocalDate,
  yearOf,
} from '../common/time/index.js';
import type { Scheme } from '../enrollment/index.js';
import { DemoAccounts } from '../identity/index.js';
import { type Actors, BudgetLoader, dayAfter, demoActors } from './budget-loader.js';
import { DemoSteps } from './demo-steps.js';
import { POOL } from './domain/geography.js';
import type { Region } from './domain/region.js';
import { type MonthGoal, MonthLoader } from './month-loader.js';
import type { Timed } from './progress.js';
import { YearLoader } from './year-loader.js';

/** What the money side of one scheme is made of. */
export interface SchemePlan {
  readonly region: Region;
  readonly actors: Actors;
  readonly scheme: Scheme;
  readonly today: LocalDate;
}

/** The last month of the first quarter, after which a year is cleared: its December was paid in January. */
const CLEARING_AFTER = 3;

/** The day on which the clearing of the year before is paid and its books are closed. */
const clearedBy = (year: number): LocalDate => parseLocalDate(`${String(year)}-04-30`);

/** Puts the years of one scheme in their order: budget, income, deductions, months, assessments, clearing. */
@Injectable()
export class HistoryLoader {
  constructor(
    private readonly steps: DemoSteps,
    private readonly budgets: BudgetLoader,
    private readonly months: MonthLoader,
    private readonly years: YearLoader,
    private readonly accounts: DemoAccounts,
    private readonly transactions: Transactions,
  ) {}

  /** Makes the demonstration's accounts, once. @returns the names of those that were made */
  async accountsFor(password: string, region: Region): Promise<string[]> {
    const hospital = region.providers.institutions.find(({ level }) => level === 'tertiary');
    if (hospital === undefined) throw new Error('the region has no tertiary hospital');
    let made: string[] = [];
    await this.steps.once(POOL.code, 'accounts', region.recipe.today, async (tx) => {
      made = await this.accounts.ensure(tx, { poolArea: POOL.code, password, providerId: hospital.id });
    });
    return made;
  }

  actors(): Promise<Actors> {
    return demoActors(this.transactions, (tx) => this.accounts.actors(tx, POOL.code));
  }

  /**
   * The money side of last year and this year of one scheme, in the order of the days.
   * @param credits what goes to employees' own accounts each January, by year
   */
  async load(plan: SchemePlan, credits: ReadonlyMap<number, Fen>, timed: Timed): Promise<void> {
    const { scheme, today } = plan;
    const thisYear = yearOf(today);
    const lastMonth = addMonths(monthOf(today), -1);
    const uncounted = async (work: Promise<unknown>): Promise<number> => {
      await work;
      return 0;
    };
    await timed('budgets', `${scheme} ${String(thisYear - 1)}`, () => uncounted(this.lastBudget(plan)));
    for (const month of [thisYear - 1, thisYear].flatMap(monthsOfYear)) {
      if (month > monthOf(today)) break;
      const credit = month.endsWith('-01') && scheme === '310' ? credits.get(yearOf(month)) : undefined;
      await timed('months', `${scheme} ${month}`, () =>
        uncounted(this.month(plan, month, credit ?? fen(0), lastMonth)),
      );
    }
  }

  private async lastBudget({ region, actors, scheme, today }: SchemePlan): Promise<void> {
    const year = yearOf(today) - 1;
    const { institutions } = region.providers;
    await this.steps.once(
      POOL.code,
      `budget:${scheme}:${String(year)}`,
      parseLocalDate(`${String(year)}-01-20`),
      (tx) => this.budgets.lastYear(tx, actors, scheme, year, institutions),
    );
  }

  /**
   * What happens in a calendar month: its income comes, the month before is settled, and in its time the new budget is
   * approved and the old year cleared.
   * @param lastMonth the newest month that is over: it is left for people to go on with
   */
  private async month(plan: SchemePlan, month: Month, credit: Fen, lastMonth: Month): Promise<void> {
    const { region, actors, scheme, today } = plan;
    const settled = addMonths(month, -1);
    // This year's budget looks back on last year, whose December is closed in January: until then there is none.
    if (yearOf(settled) >= yearOf(today) - 1) await this.settle(plan, settled, lastMonth);
    if (month === `${String(yearOf(today))}-01` && settled < lastMonth) await this.thisBudget(plan);
    if (dayAfter(month, 3) <= today && (yearOf(month) < yearOf(today) || settled < lastMonth || month > lastMonth)) {
      await this.steps.once(POOL.code, `income:${scheme}:${month}`, dayAfter(month, 3), (tx) =>
        this.months.receive(tx, actors.clerk, scheme, month, credit),
      );
    }
    const on = dayAfter(month, 20) <= today ? dayAfter(month, 20) : addDays(today, -1);
    if (monthOf(on) === month) {
      const decided = month <= lastMonth;
      await this.steps.once(POOL.code, `deductions:${scheme}:${month}`, on, (tx) =>
        this.years.deduct(
          tx,
          actors,
          { scheme, month, on, decided },
          region.providers.institutions,
          region.random(`deductions/${scheme}/${month}`),
        ),
      );
    }
    const clearingDue = `${String(yearOf(today))}-${String(CLEARING_AFTER).padStart(2, '0')}`;
    if (month === clearingDue && today >= clearedBy(yearOf(today))) await this.clear(plan);
  }

  private async settle(plan: SchemePlan, month: Month, lastMonth: Month): Promise<void> {
    const { actors, scheme, today } = plan;
    if (month > lastMonth || today < dayAfter(addMonths(month, 1), 11)) return;
    const newest = addMonths(lastMonth, -1);
    // The newest month waits for the reviewer in one scheme and for the clerk in the other; the orders of the one before
    // it wait for their signature in one scheme.
    const goal: MonthGoal =
      month === lastMonth
        ? scheme === '310'
          ? 'submitted'
          : 'trial'
        : month === newest && scheme === '390'
          ? 'approved-orders'
          : 'paid';
    await this.steps.resumable(POOL.code, `month:${scheme}:${month}`, () =>
      this.months.settle(actors, scheme, month, goal),
    );
  }

  private async thisBudget({ region, actors, scheme, today }: SchemePlan): Promise<void> {
    const year = yearOf(today);
    const months = monthsOfYear(year).filter((month) => month < monthOf(today));
    const base = months.length > 0 ? months : monthsOfYear(year - 1);
    await this.steps.once(
      POOL.code,
      `budget:${scheme}:${String(year)}`,
      parseLocalDate(`${String(year)}-01-20`),
      (tx) => this.budgets.thisYear(tx, actors, scheme, year, base, region.providers.institutions),
    );
  }

  private async clear({ region, actors, scheme, today }: SchemePlan): Promise<void> {
    const year = yearOf(today) - 1;
    const { institutions } = region.providers;
    const on = parseLocalDate(`${String(year + 1)}-03-10`);
    // The score of an institution is one for both schemes.
    await this.steps.once(POOL.code, `assessments:${String(year)}`, on, (tx) =>
      this.years.assess(tx, actors, year, institutions, region.random('assessments')),
    );
    await this.steps.once(POOL.code, `readmissions:${scheme}:${String(year)}`, on, (tx) =>
      this.years.review(tx, actors, { scheme, year, on, decide: true }),
    );
    await this.steps.resumable(POOL.code, `clearing:${scheme}:${String(year)}`, () =>
      this.years.clear(actors, scheme, year),
    );
  }
}
