import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { Fen } from '../common/money/index.js';
import { type LocalDate, parseLocalDate, yearOf } from '../common/time/index.js';
import { SCHEMES } from '../enrollment/index.js';
import { CounterLoader } from './counter-loader.js';
import { DemoSteps } from './demo-steps.js';
import { POOL } from './domain/geography.js';
import type { RegionRecipe } from './domain/recipe.js';
import { generateRegion, type Region } from './domain/region.js';
import { demoErrors, parseScale, parseYears, yearsText } from './domain/scale.js';
import { HistoryLoader } from './history-loader.js';
import { PeopleLoader } from './people-loader.js';
import { type DemoPart, type Timed, timer } from './progress.js';
import { RegisterLoader } from './register-loader.js';

/** What a demonstration is made from. */
export interface DemoOptions {
  readonly seed: string;
  /** "1:200": one person of the region stands for 200 of the published prefecture. Error `demo.bad-scale`. */
  readonly scale: string;
  /** Years before last year: "2011-2015", "none", or "all" since 2011. Error `demo.bad-years`. */
  readonly years: string;
  /** The day that is "today" in the region; its bills end the day before. */
  readonly today: LocalDate;
  /** Password of the demonstration's accounts. */
  readonly password: string;
  /** Told once, as soon as the accounts are there: the names that were made. */
  readonly accountsMade?: (names: readonly string[]) => void;
  /** Told after every part. */
  readonly progress?: (part: DemoPart) => void;
}

/** `present` = the database has a whole region: nothing was done. */
export type DemoResult = 'loaded' | 'present';

/** The demonstration region: a prefecture that lives, made from a seed through the same services as real data. */
@Injectable()
export class Demo {
  constructor(
    private readonly transactions: Transactions,
    private readonly steps: DemoSteps,
    private readonly registers: RegisterLoader,
    private readonly people: PeopleLoader,
    private readonly counters: CounterLoader,
    private readonly history: HistoryLoader,
  ) {}

  /** Whether the database holds nothing a demonstration could disturb, a load that was interrupted, or a whole region. */
  private async state(): Promise<'empty' | 'loading' | 'complete'> {
    const { region, filled } = await this.transactions.read((tx) =>
      tx.one<{ region: 'loading' | 'complete' | null; filled: boolean }>(
        `SELECT (SELECT state FROM demo_region WHERE pool_area = $1) AS region,
                EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM institution) OR EXISTS (SELECT FROM app_user) AS filled`,
        [POOL.code],
      ),
    );
    if (region === null && filled) throw new DomainError(demoErrors['database-not-empty']);
    return region ?? 'empty';
  }

  /**
   * Loads the region into an empty database. A load that was interrupted goes on where it stopped, with the seed, scale,
   * years and day it began with; of two processes that load at once one works and the other finds it done.
   * @throws DomainError `demo.database-not-empty`, `demo.bad-scale`, `demo.bad-years`
   */
  async load(options: DemoOptions): Promise<DemoResult> {
    const wanted = wantedRecipe(options);
    return this.steps.alone(async () => {
      if ((await this.state()) === 'complete') return 'present';
      const region = generateRegion(await this.recipe(wanted));
      const timed = timer(options.progress ?? (() => undefined));
      const credits = await this.loadRegisters(region, options, timed);
      await this.loadYears(region, credits, timed);
      await this.transactions.run((tx) =>
        tx.query(`UPDATE demo_region SET state = 'complete', finished_at = now() WHERE pool_area = $1`, [POOL.code]),
      );
      return 'loaded';
    });
  }

  // The first attempt decides: a load that goes on must make the same region.
  private async recipe(wanted: RegionRecipe): Promise<RegionRecipe> {
    return this.transactions.run(async (tx) => {
      await tx.query(
        `INSERT INTO demo_region (pool_area, seed, scale, years, today) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT demo_region_pk DO NOTHING`,
        [POOL.code, wanted.seed, wanted.scale.text, yearsText(wanted.history), wanted.today],
      );
      const row = await tx.one<{ seed: string; scale: string; years: string; today: LocalDate }>(
        'SELECT seed, scale, years, today FROM demo_region WHERE pool_area = $1',
        [POOL.code],
      );
      return wantedRecipe(row);
    });
  }

  /** @returns what goes to employees' own accounts each January, by year */
  private async loadRegisters(region: Region, options: DemoOptions, timed: Timed): Promise<Map<number, Fen>> {
    const { today } = region.recipe;
    await timed('registers', 'catalogue and providers', async () => {
      await this.registers.load(region);
      const made = await this.history.accountsFor(options.password, region);
      if (made.length > 0) options.accountsMade?.(made);
      return region.providers.institutions.length;
    });
    await timed('people', 'persons', () => this.people.load(region));
    const credits = new Map<number, Fen>();
    for (const year of [yearOf(today) - 1, yearOf(today)]) {
      await timed('credits', String(year), async () => {
        credits.set(year, await this.people.credits(region, parseLocalDate(`${String(year)}-01-01`)));
        return 0;
      });
    }
    return credits;
  }

  private async loadYears(region: Region, credits: ReadonlyMap<number, Fen>, timed: Timed): Promise<void> {
    const actors = await this.history.actors();
    await this.counters.load(region, actors, timed);
    const { today } = region.recipe;
    await Promise.all(SCHEMES.map((scheme) => this.history.load({ region, actors, scheme, today }, credits, timed)));
  }
}

function wantedRecipe(from: Pick<DemoOptions, 'seed' | 'scale' | 'years' | 'today'>): RegionRecipe {
  const { seed, today } = from;
  return { seed, today, scale: parseScale(from.scale), history: parseYears(from.years, yearOf(today) - 2) };
}
