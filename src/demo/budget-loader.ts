import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { allocate, fen, type Fen, multiplyRate, ratio, sumFen } from '../common/money/index.js';
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

// Under the budget is the basic pool without what special drugs take of it, as the month settlement counts it.
const USED = `
  SELECT provider_id AS "providerId", to_char(settle_month, 'YYYY-MM') AS month,
    sum(hifp_fen - CASE WHEN special_fen >= 0 THEN least(special_fen, hifp_fen) ELSE greatest(special_fen, hifp_fen) END)::bigint
      AS used,
    (sum(CASE kind WHEN 'settlement' THEN 1 ELSE -1 END) FILTER (WHERE category = 'inpatient'))::int AS stays
  FROM settlement
  WHERE pool_area = $1 AND scheme = $2 AND settle_month = ANY ($3::date[]) AND category <> 'pharmacy'
  GROUP BY provider_id, settle_month`;

/** Budget ÷ use of the hospital that has used 106.2 % of its budget. */
const OVERSPENT = ratio(1000n, 1062n);
/** Visits of the year before the first one, per mille of it. */
const VISITS_BEFORE = 970;

/** Forecasts the income of a year and makes its budget: drafted, published, negotiated, approved by a second person. */
@Injectable()
export class BudgetLoader {
  constructor(
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
    const rows = uses.flatMap(({ provider, months }) =>
      [...months].map(([month, { used, visits }]): HistoryMonth => ({
        providerId: provider.id,
        month: `${String(year - 1)}${month.slice(4)}` as Month,
        budgeted: this.uncoefficiented(allowed(used, provider), provider, scheme, year),
        visits: Math.round((visits * VISITS_BEFORE) / 1000),
      })),
    );
    await this.history.record(tx, actors.clerk, scheme, rows);
    const wanted = sumFen(
      uses.flatMap(({ provider, months }) => [...months.values()].map(({ used }) => allowed(used, provider))),
    );
    await this.approve(tx, actors, scheme, year, wanted);
  }

  /**
   * This year's budget: by formula from last year's closed months, then negotiated where a provider's year looks different.
   * The largest hospital of the employee scheme has already used 106.2 % of what it was given: the case of journey J2.
   */
  async thisYear(
    tx: Tx,
    actors: Actors,
    scheme: Scheme,
    year: number,
    months: readonly Month[],
    providers: readonly DemoInstitution[],
  ): Promise<void> {
    const targets = new Map<string, Fen>();
    for (const { provider, months: used } of await this.uses(tx, scheme, months, providers)) {
      const soFar = sumFen([...used.values()].map((month) => month.used));
      const isOverspender = scheme === '310' && provider === providers[0];
      const wholeYear = multiplyRate(soFar, ratio(12n, BigInt(months.length)));
      targets.set(provider.id, isOverspender ? multiplyRate(soFar, OVERSPENT) : allowed(wholeYear, provider));
    }
    await this.recordEarlier(tx, actors, { scheme, year, targets }, providers);
    await this.approve(tx, actors, scheme, year, sumFen(targets.values()), (id) =>
      this.negotiate(tx, actors, id, targets, providers),
    );
  }

  /**
   * The third year back, which the first budget had no need of: so much that the weighted years come to what this year
   * looks like. Chance moves small groups of the demonstration more than it moves a prefecture.
   */
  private async recordEarlier(
    tx: Tx,
    actors: Actors,
    key: { scheme: Scheme; year: number; targets: ReadonlyMap<string, Fen> },
    providers: readonly DemoInstitution[],
  ): Promise<void> {
    const { scheme, year, targets } = key;
    const { historyWeights } = this.policyOf(scheme, year).budget;
    const [last, before, third] = historyWeights;
    if (last === undefined || before === undefined || third === undefined) return;
    const rows = (await this.uses(tx, scheme, monthsOfYear(year - 1), providers)).flatMap(({ provider, months }) => {
      const used = sumFen([...months.values()].map((month) => month.used));
      const recorded = this.uncoefficiented(allowed(used, provider), provider, scheme, year - 1);
      const wanted = this.uncoefficiented(targets.get(provider.id) ?? fen(0), provider, scheme, year);
      const missing = fen(wanted - multiplyRate(used, last) - multiplyRate(recorded, before));
      if (missing <= 0n) return [];
      const whole = multiplyRate(missing, ratio(third.denominator, third.numerator));
      const parts = allocate(
        whole,
        Array.from({ length: 12 }, () => 1n),
      );
      return monthsOfYear(year - 3).map((month, index): HistoryMonth => ({
        providerId: provider.id,
        month,
        budgeted: parts[index] ?? fen(0),
        visits: 0,
      }));
    });
    await this.history.record(tx, actors.clerk, scheme, rows);
  }

  // Inside a group the sum stays, so the targets are brought to the group's total first; small differences are left alone.
  private async negotiate(
    tx: Tx,
    actors: Actors,
    id: string,
    targets: ReadonlyMap<string, Fen>,
    providers: readonly DemoInstitution[],
  ): Promise<void> {
    const lines = await this.budgets.whatIf(tx, actors.clerk, id, {});
    for (const level of ['tertiary', 'secondary', 'primary'] as const) {
      const members = lines.filter(({ providerId }) => providers.find((one) => one.id === providerId)?.level === level);
      const total = sumFen(members.map(({ amount }) => amount));
      const wanted = sumFen(members.map(({ providerId }) => targets.get(providerId) ?? fen(0)));
      // The largest of the others takes what is left of the group.
      const absorber = members
        .filter(({ providerId }) => providerId !== providers[0]?.id)
        .reduce((one, other) => (other.amount > one.amount ? other : one));
      if (wanted === 0n) continue;
      for (const { providerId, amount } of members) {
        const isOverspender = providerId === providers[0]?.id;
        const target = targets.get(providerId) ?? fen(0);
        const agreed = isOverspender ? target : multiplyRate(target, ratio(total, wanted));
        const gap = agreed > amount ? agreed - amount : amount - agreed;
        if (gap * 20n < amount || providerId === absorber.providerId) continue;
        const line = { providerId, amount: agreed, reason: '按当年服务量协商' };
        await this.budgets.negotiate(tx, actors.clerk, id, line);
      }
    }
  }

  /** An amount without the coefficients that the budget's formula will put on it. */
  private uncoefficiented(amount: Fen, provider: DemoInstitution, scheme: Scheme, year: number): Fen {
    const group = this.policyOf(scheme, year).budget.groups.find((known) => known.levels.includes(provider.level));
    const unit = 1_000_000n;
    const factor = (group?.coefficients ?? []).reduce((sum, { value }) => multiplyRate(sum, value), fen(unit));
    return multiplyRate(amount, ratio(unit, factor));
  }

  private policyOf(scheme: Scheme, year: number): ReturnType<PaymentPolicies['inForce']> {
    return this.policies.inForce(POOL.code, scheme, parseLocalDate(`${String(year)}-01-03`));
  }

  private async approve(
    tx: Tx,
    actors: Actors,
    scheme: Scheme,
    year: number,
    wanted: Fen,
    negotiate: (id: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { clerk, approver } = actors;
    const on = parseLocalDate(`${String(year)}-01-03`);
    const policy = this.policyOf(scheme, year);
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
      await negotiate(id);
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
    const rows = await tx.query<{ providerId: string; month: Month; used: bigint; stays: number | null }>(USED, [
      POOL.code,
      scheme,
      months.map(firstDay),
    ]);
    for (const { providerId, month, used, stays } of rows) {
      byProvider.get(providerId)?.months.set(month, { used: fen(used > 0n ? used : 0n), visits: stays ?? 0 });
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
