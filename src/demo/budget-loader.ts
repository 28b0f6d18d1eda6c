import { Injectable } from '@nestjs/common';
import { Claims } from '../claims/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { fen, type Fen, multiplyRate, ratio, sumFen } from '../common/money/index.js';
import { firstDay, type LocalDate, type Month, monthsOfYear, parseLocalDate } from '../common/time/index.js';
import { Roster, type Scheme } from '../enrollment/index.js';
import { Funding } from '../funding/index.js';
import type { Actor } from '../identity/index.js';
import { BudgetHistory, Budgets, computeAvailable, type HistoryMonth, PaymentPolicies } from '../payment/index.js';
import { POOL } from './domain/geography.js';
import { incomeFor, splitIncome } from './domain/funds.js';
import type { DemoInstitution } from './domain/institutions.js';
import { onDay } from './demo-steps.js';

/** What a provider used under the budget, by month. */
interface Use {
  readonly provider: DemoInstitution;
  readonly months: ReadonlyMap<Month, { readonly used: Fen; readonly visits: number }>;
}

/** The budget of this year against what this year will use, per mille: a little tight, as a bureau's is. */
const THIS_YEAR = 992n;
/** Visits of the year before the first one, per mille of it. */
const VISITS_BEFORE = 970;

/** Forecasts the income of a year and makes its budget: drafted, published, negotiated, approved by a second person. */
@Injectable()
export class BudgetLoader {
  constructor(
    private readonly claims: Claims,
    private readonly funding: Funding,
    private readonly budgets: Budgets,
    private readonly history: BudgetHistory,
    private readonly policies: PaymentPolicies,
    private readonly roster: Roster,
  ) {}

  /**
   * Last year's budget. Its providers have no year before in this system, so one is recorded whose shares lead to what each
   * was allowed; the allowances make some overspend and others save.
   */
  async lastYear(
    tx: Tx,
    actors: Actors,
    scheme: Scheme,
    year: number,
    providers: readonly DemoInstitution[],
  ): Promise<void> {
    const uses = await this.uses(tx, scheme, monthsOfYear(year), providers);
    const on = parseLocalDate(`${String(year)}-01-03`);
    const policy = this.policies.inForce(POOL.code, scheme, on);
    const coefficientOf = (provider: DemoInstitution): Fen => {
      const group = policy.budget.groups.find((known) => known.levels.includes(provider.level));
      return (group?.coefficients ?? []).reduce((sum, { value }) => multiplyRate(sum, value), fen(1_000_000));
    };
    const rows = uses.flatMap(({ provider, months }) =>
      [...months].map(([month, { used, visits }]): HistoryMonth => ({
        providerId: provider.id,
        month: `${String(year - 1)}${month.slice(4)}` as Month,
        budgeted: multiplyRate(allowed(used, provider), ratio(1_000_000n, coefficientOf(provider))),
        visits: Math.round((visits * VISITS_BEFORE) / 1000),
      })),
    );
    await this.history.record(tx, actors.clerk, scheme, rows);
    const wanted = sumFen(
      uses.flatMap(({ provider, months }) => [...months.values()].map(({ used }) => allowed(used, provider))),
    );
    await this.approve(tx, actors, scheme, year, wanted);
  }

  /** This year's budget: by formula from last year's closed months, with one negotiated amount. */
  async thisYear(
    tx: Tx,
    actors: Actors,
    scheme: Scheme,
    year: number,
    months: readonly Month[],
    providers: readonly DemoInstitution[],
  ): Promise<void> {
    const uses = await this.uses(tx, scheme, months, providers);
    const used = sumFen(uses.flatMap((use) => [...use.months.values()].map((month) => month.used)));
    const wanted = fen((used * 12n * THIS_YEAR) / (BigInt(months.length) * 1000n));
    await this.approve(tx, actors, scheme, year, wanted);
  }

  private async approve(tx: Tx, actors: Actors, scheme: Scheme, year: number, wanted: Fen): Promise<void> {
    const { clerk, approver } = actors;
    const on = parseLocalDate(`${String(year)}-01-03`);
    const policy = this.policies.inForce(POOL.code, scheme, on);
    const insured = await this.insured(tx, scheme, year);
    const income = incomeFor(
      wanted,
      (amount) => computeAvailable(amount, policy.budget.reserveRate, policy.budget.setAsides, insured).available,
    );
    for (const { source, amount } of splitIncome(scheme, income)) {
      const { kind, tier, basis } = source;
      await this.funding.setForecast(tx, { scheme, year, kind, tier, forecast: amount, basis, version: 0 }, clerk);
    }
    await onDay(on, async () => {
      const id = await this.budgets.draft(tx, clerk, { scheme, year });
      await this.budgets.publish(tx, clerk, id, on);
      await this.budgets.submit(tx, clerk, id);
      await this.budgets.approve(tx, approver, id, parseLocalDate(`${String(year)}-01-20`));
    });
  }

  // As the budget counts them: everybody covered on any day of the year; the roster's head-count on a day comes close.
  private async insured(tx: Tx, scheme: Scheme, year: number): Promise<bigint> {
    return BigInt(await this.roster.insuredCount(tx, POOL.code, scheme, parseLocalDate(`${String(year)}-06-30`)));
  }

  private async uses(
    tx: Tx,
    scheme: Scheme,
    months: readonly Month[],
    providers: readonly DemoInstitution[],
  ): Promise<Use[]> {
    const byProvider = new Map(
      providers
        .filter((provider) => provider.type !== 'pharmacy')
        .map((provider) => [provider.id, { provider, months: new Map<Month, { used: Fen; visits: number }>() }]),
    );
    for (const month of months) {
      for (const row of await this.claims.accepted(tx, { poolArea: POOL.code, scheme, month })) {
        const use = byProvider.get(row.providerId);
        if (use === undefined) continue;
        const before = use.months.get(month) ?? { used: fen(0), visits: 0 };
        const stays = row.category === 'inpatient' ? row.count : 0;
        // What special drugs take of the basic pool is paid as billed, outside the budget.
        const used = fen(before.used + row.funds.hifp - minimum(row.special, row.funds.hifp));
        use.months.set(month, { used: used > 0n ? used : fen(0), visits: before.visits + stays });
      }
    }
    return [...byProvider.values()];
  }
}

/** Those by whose hands the demonstration's history is made. */
export interface Actors {
  readonly clerk: Actor;
  readonly reviewer: Actor;
  readonly approver: Actor;
  readonly inspector: Actor;
}

/** The actors of a pool's demonstration accounts. */
export async function demoActors(
  transactions: Transactions,
  read: (tx: Tx) => Promise<ReadonlyMap<string, Actor>>,
): Promise<Actors> {
  const known = await transactions.read(read);
  const get = (name: string): Actor => {
    const actor = known.get(name);
    if (actor === undefined) throw new Error(`the demonstration has no account ${name}`);
    return actor;
  };
  return { clerk: get('clerk'), reviewer: get('reviewer'), approver: get('approver'), inspector: get('inspector') };
}

/** The first day of a month after the given one. */
export function dayAfter(month: Month, offset: number): LocalDate {
  return parseLocalDate(`${firstDay(month).slice(0, 8)}${String(offset).padStart(2, '0')}`);
}

function allowed(used: Fen, provider: DemoInstitution): Fen {
  return multiplyRate(used, ratio(BigInt(provider.allowance), 1000n));
}

function minimum(one: Fen, other: Fen): Fen {
  return one < other ? one : other;
}
