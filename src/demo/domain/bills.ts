import type { Bill, BillLine } from '../../claims/index.js';
import { fen, type Fen, sumFen } from '../../common/money/index.js';
import { addDays, ageOn, type LocalDate, type Month, monthOf, monthsOfYear, yearOf } from '../../common/time/index.js';
import { BillLines } from './bill-lines.js';
import type { Care } from './care.js';
import { coverageOn, daysOf, type Draft, MonthPlans } from './month-plan.js';
import { type BenefitDesk, type PastCase, PastFunds, PastLines } from './past.js';
import type { DemoPerson, People } from './people.js';
import type { Random } from './random.js';
import type { RegionParts } from './recipe.js';
import { Aims, byMonth, type GroupIndex, GROUPS } from './targets.js';

/** A bill that is taken back some days after it was settled. */
export interface DemoReversal {
  readonly billNo: string;
  readonly personId: string;
  readonly providerId: string;
  readonly on: LocalDate;
  readonly reason: string;
}

/** Bills of a year at 1 : 1 in the years that are shown bill by bill. */
const BILLS_A_YEAR = 3_130_000;
/** Mean of a condensed bill of the past, in fen. */
const PAST_MEAN = 1_200_000;
/** Bills that are in memory at a time. */
const CHUNK = 4_000;
/** How near the funds' part of a past month must come; what is missed goes into the next month, of December into nothing. */
const NEAR = { month: { tolerance: 2e-4, tries: 6 }, december: { tolerance: 2e-6, tries: 40 } } as const;
/** The aim moves the cost of a bill by this factor at most. */
const STRETCH = 6;
const DIAGNOSES = [
  ...['J18.900', 'I10.x00', 'E11.900', 'K80.200', 'I63.900', 'M51.202'],
  ...['N20.100', 'J44.100', 'K35.800', 'H25.900', 'S72.000', 'C34.900'],
];
const REASONS = ['患者退费重结', '收费项目录入有误', '参保信息更正后重结'];
const GROUP_INDEXES = GROUPS.map((_, index) => index as GroupIndex);

/** What a group has still to come to in a month, and what the drafts still to be made weigh. */
interface Left {
  target: number;
  base: number;
}

/**
 * The region's stream of bills, month by month and always in the same order. A month of the past comes to its aims in cost
 * and in fund; a month of last year and this year comes to its cost, and the policies of today say what the funds pay.
 */
export class BillStream {
  /** What the counters take back of the month that was read last; whole once its bills are read. */
  reversals: DemoReversal[] = [];
  private readonly plans: MonthPlans;
  private readonly lines: BillLines;
  private readonly pastLines: PastLines;
  private readonly aims: Aims;
  private readonly people: People;
  private readonly funds: readonly PastFunds[];
  /** What earlier months of the year missed, by group: cost and fund, in fen. */
  private missed = GROUPS.map(() => ({ total: 0n, fund: 0n }));
  private readonly reached: Record<Care, { wanted: number; made: number }> = {
    outpatient: { wanted: 1e6, made: 1e6 },
    chronic: { wanted: 1e6, made: 1e6 },
    pharmacy: { wanted: 1e6, made: 1e6 },
    inpatient: { wanted: 1e8, made: 1e8 },
  };
  private serial = 0;

  constructor(
    private readonly seed: Random,
    private readonly parts: RegionParts,
    desk: BenefitDesk,
  ) {
    const { recipe, people, providers, catalogue } = parts;
    this.people = people;
    this.aims = new Aims(recipe.scale.divisor);
    this.plans = new MonthPlans(people, providers, this.aims, recipe.today);
    this.lines = new BillLines(catalogue);
    this.pastLines = new PastLines(catalogue);
    this.funds = GROUPS.map(() => new PastFunds(desk));
  }

  /** The months with bills, oldest first. */
  months(): Month[] {
    const { today, history } = this.parts.recipe;
    const year = yearOf(today);
    const past = history === null ? [] : span(history[0], history[1]);
    return [...past, year - 1, year].flatMap(monthsOfYear).filter((month) => month <= monthOf(today));
  }

  /** Whether a month belongs to the condensed past. */
  isPast(month: Month): boolean {
    return yearOf(month) < yearOf(this.parts.recipe.today) - 1;
  }

  /** The bills of the next month, some thousand at a time; to be read to the end, once per month, in order. */
  *next(month: Month): Generator<Bill[]> {
    this.reversals = [];
    const days = daysOf(month, this.parts.recipe.today);
    if (days === null) return;
    if (month.endsWith('-01')) this.turn();
    const random = this.seed.fork(`bills/${month}`);
    const isPast = this.isPast(month);
    const targets = GROUP_INDEXES.map((group) => this.monthAim(group, month, days.share));
    const mean = isPast ? PAST_MEAN : this.meanOfToday();
    const counts = targets.map(({ total }) => Math.max(1, Math.round(Number(total) / mean)));
    const drafts = this.plans.plan(random.fork('plan'), { month, end: days.end, isPast, counts });
    yield* isPast ? this.past(random, month, drafts, targets) : this.present(random, drafts, targets);
  }

  private turn(): void {
    this.missed = GROUPS.map(() => ({ total: 0n, fund: 0n }));
    for (const funds of this.funds) funds.turn();
  }

  private monthAim(
    group: GroupIndex,
    month: Month,
    [made, whole]: readonly [bigint, bigint],
  ): { total: Fen; fund: Fen } {
    const { total, fund } = this.aims.of(group, yearOf(month));
    const index = Number(month.slice(5)) - 1;
    const missed = this.missed[group] ?? { total: 0n, fund: 0n };
    const part = (amount: Fen): bigint => ((byMonth(amount)[index] ?? 0n) * made) / whole;
    return { total: fen(part(total) + missed.total), fund: fen(part(fund) + missed.fund) };
  }

  // Of last year, so that a year with more cost has more bills.
  private meanOfToday(): number {
    const { today, scale } = this.parts.recipe;
    return Number(this.aims.whole(yearOf(today) - 1)) / (BILLS_A_YEAR / scale.divisor);
  }

  /** Last year and this year: each bill is stretched so that the month comes to its cost, the last bill of a group nearly. */
  private *present(random: Random, drafts: readonly Draft[], targets: readonly { total: Fen }[]): Generator<Bill[]> {
    const left = targets.map(({ total }): Left => ({ target: Number(total), base: 0 }));
    for (const { group, base } of drafts) of(left, group).base += base;
    const draws = random.fork('lines');
    const reversals = random.fork('reversals');
    const costs: number[] = [];
    let chunk: Bill[] = [];
    for (const draft of drafts) {
      const rest = of(left, draft.group);
      const stretch = Math.min(STRETCH, Math.max(1 / STRETCH, rest.target / rest.base));
      const person = this.people.at(draft.person);
      const wanted = draft.base * stretch;
      const lines = this.lines.of(
        draws,
        { ...draft, chronicCode: person.chronicCode },
        wanted / this.reach(draft.care),
      );
      const bill = this.bill(draws, draft, person, lines);
      const made = Number(sumFen(lines.map(({ amount }) => amount)));
      this.learn(draft.care, wanted, made);
      costs.push(made);
      rest.base -= draft.base;
      rest.target -= made;
      if (reversals.chance(6)) this.takeBack(reversals, bill);
      chunk.push(bill);
      if (chunk.length === CHUNK) {
        yield chunk;
        chunk = [];
      }
    }
    this.plans.came(drafts, costs);
    this.missed = left.map(({ target }) => ({ total: BigInt(Math.round(target)), fund: 0n }));
    yield chunk;
  }

  // Prices and quantities do not reach every cost: what the lines came to so far, against what was wanted of them.
  private reach(care: Care): number {
    const { wanted, made } = this.reached[care];
    return Math.min(1.5, Math.max(0.5, made / wanted));
  }

  private learn(care: Care, wanted: number, made: number): void {
    const known = this.reached[care];
    const reach = this.reach(care);
    this.reached[care] = { wanted: known.wanted + wanted, made: known.made + made * reach };
  }

  /** The past: cost to the fen, and the funds' part led to its aim by the share of own pay. */
  private *past(
    random: Random,
    month: Month,
    drafts: readonly Draft[],
    targets: readonly { total: Fen; fund: Fen }[],
  ): Generator<Bill[]> {
    const near = month.endsWith('-12') ? NEAR.december : NEAR.month;
    const costs = exactCosts(drafts, targets);
    this.plans.came(drafts, costs);
    const shares = GROUP_INDEXES.map((group) => {
      const { total, fund } = of(targets, group);
      const cases = drafts.flatMap((draft, index) =>
        draft.group === group ? [this.caseOf(draft, costs[index] ?? 0)] : [],
      );
      if (cases.length === 0) {
        this.missed[group] = { total, fund };
        return 0;
      }
      const led = of(this.funds, group).lead(cases, fund, near.tolerance, near.tries);
      this.missed[group] = { total: 0n, fund: fund - led.fund };
      return led.share;
    });
    const draws = random.fork('lines');
    let chunk: Bill[] = [];
    for (const [index, draft] of drafts.entries()) {
      const lines = this.pastLines.of(draws, draft.care, costs[index] ?? 0, of(shares, draft.group), draft.on);
      chunk.push(this.bill(draws, draft, this.people.at(draft.person), lines));
      if (chunk.length === CHUNK) {
        yield chunk;
        chunk = [];
      }
    }
    yield chunk;
  }

  private caseOf(draft: Draft, cost: number): PastCase {
    const person = this.people.at(draft.person);
    const coverage = coverageOn(person, draft.on);
    if (coverage === undefined) throw new Error('a draft is made for insured days only');
    return {
      person: draft.person,
      cost,
      input: {
        scheme: coverage.scheme,
        insuredType: coverage.insuredType,
        identityMarks: person.marks.filter(({ from }) => from <= draft.on).map(({ mark }) => mark),
        ageYears: ageOn(person.birthDate, draft.on),
        category: draft.care,
        level: draft.provider.level,
        priceLevel: draft.provider.priceLevel,
        visitDate: draft.on,
        place: 'in-pool',
        referral: referralOfPast(draft),
        ...(draft.care === 'chronic' && person.chronicCode !== null ? { chronicCode: person.chronicCode } : {}),
        accountBalance: fen(0),
      },
    };
  }

  private bill(random: Random, draft: Draft, person: DemoPerson, lines: BillLine[]): Bill {
    const { care, provider, on, isRescue } = draft;
    const doctor = provider.staff.length === 0 ? undefined : random.pick(provider.staff);
    const tertiaryStay = care === 'inpatient' && provider.level === 'tertiary';
    const referred = random.chance(780) ? 'referred' : random.chance(300) ? 'emergency' : 'none';
    const ofPresent = isRescue ? 'emergency' : tertiaryStay ? referred : 'not-needed';
    this.serial += 1;
    return {
      billNo: `${monthOf(on).replace('-', '')}-${String(this.serial).padStart(8, '0')}`,
      personId: person.id,
      providerId: provider.id,
      category: care,
      admittedOn: draft.admittedOn,
      dischargedOn: on,
      settledOn: on,
      settleMonth: monthOf(on),
      referral: this.isPast(monthOf(on)) ? referralOfPast(draft) : ofPresent,
      chronicCode: care === 'chronic' ? (person.chronicCode ?? undefined) : undefined,
      physicianId: doctor?.physicianId,
      departmentCode: doctor?.departmentCode,
      mainDiagnosis: care === 'pharmacy' ? undefined : random.pick(DIAGNOSES),
      lines,
      source: 'demo',
    };
  }

  private takeBack(random: Random, bill: Bill): void {
    const on = addDays(bill.settledOn, random.int(0, 12));
    if (on >= this.parts.recipe.today) return;
    const { billNo, personId, providerId } = bill;
    this.reversals.push({ billNo, personId, providerId, on, reason: random.pick(REASONS) });
  }
}

function referralOfPast({ care, provider }: Draft): 'referred' | 'not-needed' {
  return care === 'inpatient' && provider.level === 'tertiary' ? 'referred' : 'not-needed';
}

/** Costs in fen in the proportions of the drafts; those of a group sum to its target exactly. */
function exactCosts(drafts: readonly Draft[], targets: readonly { total: Fen }[]): number[] {
  const left = targets.map(({ total }): Left => ({ target: Number(total), base: 0 }));
  for (const { group, base } of drafts) of(left, group).base += base;
  return drafts.map(({ group, base }) => {
    const rest = of(left, group);
    const cost = Math.round((rest.target * base) / rest.base);
    rest.base -= base;
    rest.target -= cost;
    return cost;
  });
}

function of<T>(list: readonly T[], group: GroupIndex): T {
  const found = list[group];
  if (found === undefined) throw new RangeError('a group without a value');
  return found;
}

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
