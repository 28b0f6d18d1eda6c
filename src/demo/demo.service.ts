import { Injectable } from '@nestjs/common';
import type { Bill } from '../claims/index.js';
import { Transactions } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { addMonths, type LocalDate, monthOf, monthsOfYear, parseLocalDate, yearOf } from '../common/time/index.js';
import { type Scheme, SCHEMES } from '../enrollment/index.js';
import { DemoAccounts } from '../identity/index.js';
import { BillLoader, settledBy } from './bill-loader.js';
import { type Actors, dayAfter } from './budget-loader.js';
import { DemoSteps } from './demo-steps.js';
import { HistoryLoader } from './history-loader.js';
import { POOL } from './domain/geography.js';
import { generateRegion, type Region } from './domain/region.js';
import { RegisterLoader } from './register-loader.js';

/** What a demonstration is made from. */
export interface DemoOptions {
  readonly seed: string;
  /** 1 = about 12 000 persons and 30 000 bills. */
  readonly scale: number;
  /** The day that is "today" in the region; its history ends the day before. */
  readonly today: LocalDate;
  /** Password of the demonstration's accounts. */
  readonly password: string;
  /** Told once, as soon as the accounts are there: the names that were made. */
  readonly accountsMade?: (names: readonly string[]) => void;
  /** Told after every part, with what was done and how many seconds it took. */
  readonly progress?: (line: string) => void;
}

/** `present` = the database had a whole region or other data before: nothing was done. */
export type DemoResult = 'loaded' | 'present';

/** The demonstration region: a prefecture that lives, made from a seed through the same services as real data. */
@Injectable()
export class Demo {
  constructor(
    private readonly transactions: Transactions,
    private readonly steps: DemoSteps,
    private readonly registers: RegisterLoader,
    private readonly bills: BillLoader,
    private readonly history: HistoryLoader,
    private readonly accounts: DemoAccounts,
  ) {}

  /** Whether the database holds nothing a demonstration could disturb, or a demonstration whose load was interrupted. */
  async isWanted(): Promise<boolean> {
    return this.transactions.read(async (tx) => {
      const { region, filled } = await tx.one<{ region: string | null; filled: boolean }>(
        `SELECT (SELECT state FROM demo_region WHERE pool_area = $1) AS region,
                EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM institution) OR EXISTS (SELECT FROM app_user) AS filled`,
        [POOL.code],
      );
      return region === null ? !filled : region === 'loading';
    });
  }

  /**
   * Loads the region into an empty database. A load that was interrupted goes on where it stopped, with the seed and the
   * day it began with; of two processes that load at once one works and the other finds it done.
   */
  async load(options: DemoOptions): Promise<DemoResult> {
    return this.steps.alone(async () => {
      if (!(await this.isWanted())) return 'present';
      const recipe = await this.recipe(options);
      const region = generateRegion(recipe);
      const timed = timer(options.progress ?? (() => undefined));
      await this.loadRegisters(region, options, timed);
      await this.loadHistory(region, timed);
      await this.transactions.run((tx) =>
        tx.query(`UPDATE demo_region SET state = 'complete', finished_at = now() WHERE pool_area = $1`, [POOL.code]),
      );
      return 'loaded';
    });
  }

  // The first attempt decides: a load that goes on must make the same region.
  private async recipe(options: DemoOptions): Promise<Pick<DemoOptions, 'seed' | 'scale' | 'today'>> {
    return this.transactions.run(async (tx) => {
      await tx.query(
        `INSERT INTO demo_region (pool_area, seed, scale, today) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT demo_region_pk DO NOTHING`,
        [POOL.code, options.seed, options.scale, options.today],
      );
      const row = await tx.one<{ seed: string; scale: string; today: LocalDate }>(
        'SELECT seed, scale, today FROM demo_region WHERE pool_area = $1',
        [POOL.code],
      );
      return { seed: row.seed, scale: Number(row.scale), today: row.today };
    });
  }

  private async loadRegisters(region: Region, options: DemoOptions, timed: Timed): Promise<void> {
    const { today } = region.recipe;
    const hospital = region.providers.institutions.find(({ level }) => level === 'tertiary');
    if (hospital === undefined) throw new Error('the region has no tertiary hospital');
    let made: string[] = [];
    await timed('registers', async () => {
      await this.steps.once(POOL.code, 'registers', today, (tx) => this.registers.registers(tx, region));
      await this.steps.once(POOL.code, 'accounts', today, async (tx) => {
        const { password } = options;
        made = await this.accounts.ensure(tx, { poolArea: POOL.code, password, providerId: hospital.id });
      });
      if (made.length > 0) options.accountsMade?.(made);
      await this.steps.once(POOL.code, 'people', today, (tx) => this.registers.people(tx, region));
    });
    await timed('credits to personal accounts', async () => {
      for (const year of [yearOf(today) - 1, yearOf(today)]) {
        const on = parseLocalDate(`${String(year)}-01-01`);
        await this.steps.once(POOL.code, `credits:${String(year)}`, on, (tx) =>
          this.registers.accountCredits(tx, region, on),
        );
      }
    });
  }

  private async loadHistory(region: Region, timed: Timed): Promise<void> {
    const { today } = region.recipe;
    const actors = await this.history.actors();
    const stream = region.bills();
    for (const month of stream.months()) {
      const made = stream.next(month);
      await timed(`bills of ${month}: ${String(made.bills.length)}`, async () => {
        // Two halves of the people at a time: they have nothing in common but the books, which only grow.
        await Promise.all(
          halves(made.bills).map((half, index) =>
            this.steps.once(POOL.code, `bills:${month}:${String(index + 1)}`, settledBy(made, today), (tx) =>
              this.bills.settle(tx, half),
            ),
          ),
        );
        await this.steps.resumable(POOL.code, `reversals:${month}`, () =>
          this.bills.reverse(actors.clerk, made.reversals),
        );
      });
    }
    await Promise.all(SCHEMES.map((scheme) => this.loadYears(region, actors, scheme, timed)));
  }

  /** The money side of both years of one scheme, in the order of the days. */
  private async loadYears(region: Region, actors: Actors, scheme: Scheme, timed: Timed): Promise<void> {
    const { today } = region.recipe;
    const thisYear = yearOf(today);
    const lastMonth = addMonths(monthOf(today), -1);
    const plan = { region, actors, scheme, today };
    await timed(`budget of ${scheme} ${String(thisYear - 1)}`, () => this.history.lastBudget(plan));
    for (const month of [...monthsOfYear(thisYear - 1), ...monthsOfYear(thisYear)]) {
      if (month > monthOf(today)) break;
      const credit: Fen =
        month.endsWith('-01') && scheme === '310' ? this.registers.creditTotal(region, dayAfter(month, 1)) : fen(0);
      await timed(`${scheme} ${month}`, () => this.history.month(plan, month, credit, lastMonth));
    }
  }
}

/** The bills of one half of the people and of the other, each in their order. */
function halves(bills: readonly Bill[]): [Bill[], Bill[]] {
  const isFirst = (bill: Bill): boolean => /[0-7]$/.test(bill.personId);
  return [bills.filter((bill) => isFirst(bill)), bills.filter((bill) => !isFirst(bill))];
}

type Timed = (what: string, work: () => Promise<unknown>) => Promise<void>;

function timer(progress: (line: string) => void): Timed {
  return async (what, work) => {
    const start = performance.now();
    await work();
    progress(`${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  };
}
