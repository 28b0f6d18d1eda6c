import type { Bill, BillLine } from '../../claims/index.js';
import { type Fen, fen, yuanText } from '../../common/money/index.js';
import {
  addDays,
  ageOn,
  daysBetween,
  firstDay,
  lastDay,
  type LocalDate,
  type Month,
  monthOf,
  monthsOfYear,
  yearOf,
} from '../../common/time/index.js';
import type { DemoItem, ItemUse } from './catalogue.js';
import type { DemoInstitution, DemoProviders } from './institutions.js';
import type { DemoPerson } from './people.js';
import { Random, WeightedDraw } from './random.js';

/** A bill that is taken back some days after it was settled. */
export interface DemoReversal {
  readonly billNo: string;
  readonly personId: string;
  readonly providerId: string;
  readonly on: LocalDate;
  readonly reason: string;
}

/** Everything that happens at the counters in a month, in the order of the days. */
export interface DemoMonth {
  readonly month: Month;
  readonly bills: readonly Bill[];
  readonly reversals: readonly DemoReversal[];
}

/** A patient of a small or special hospital who will be admitted there again soon. */
interface Return {
  readonly person: DemoPerson;
  readonly provider: DemoInstitution;
  readonly on: LocalDate;
}

type Care = 'outpatient' | 'chronic' | 'pharmacy' | 'inpatient';

/** Bills per month against the mean, per mille, January first: a winter peak, a dip at the Spring Festival. */
const SEASONS = [1090, 860, 1060, 1020, 985, 960, 950, 955, 975, 990, 1050, 1105];
const CARE = new WeightedDraw<{ care: Care; weight: number }>(
  [
    { care: 'outpatient', weight: 530 },
    { care: 'chronic', weight: 190 },
    { care: 'pharmacy', weight: 120 },
    { care: 'inpatient', weight: 160 },
  ],
  (item) => item.weight,
);

/** Mean cost in fen of a visit by level. */
const COST = {
  outpatient: { tertiary: 42_000, secondary: 26_000, primary: 11_500 },
  chronic: { tertiary: 61_000, secondary: 44_000, primary: 24_000 },
  pharmacy: { tertiary: 0, secondary: 0, primary: 9_800 },
  inpatient: { tertiary: 1_450_000, secondary: 680_000, primary: 265_000 },
} as const;
const STAY_DAYS = { tertiary: [5, 14], secondary: [4, 12], primary: [3, 9] } as const;
const PRICE_PERMILLE = { tertiary: 1060, secondary: 1000, primary: 940 } as const;
const DIAGNOSES = [
  'J18.900',
  'I10.x00',
  'E11.900',
  'K80.200',
  'I63.900',
  'M51.202',
  'N20.100',
  'J44.100',
  'K35.800',
  'H25.900',
  'S72.000',
  'C34.900',
];
const REASONS = ['患者退费重结', '收费项目录入有误', '参保信息更正后重结'];

/**
 * The region's stream of bills, month by month and always in the same order. Months depend on those before (nobody lies in
 * two beds at once), so a resumed load walks the finished months again without writing them.
 */
export class BillStream {
  private readonly items: ReadonlyMap<ItemUse, readonly DemoItem[]>;
  private readonly people: WeightedDraw<DemoPerson>;
  private readonly chronics: WeightedDraw<DemoPerson>;
  private readonly choices = new Map<string, WeightedDraw<DemoInstitution>>();
  private readonly lastDischarge = new Map<string, LocalDate>();
  private returning: Return[] = [];
  private serial = 0;

  constructor(
    private readonly seed: Random,
    persons: readonly DemoPerson[],
    private readonly providers: DemoProviders,
    items: readonly DemoItem[],
    private readonly perMonth: number,
    private readonly today: LocalDate,
  ) {
    this.items = groupByUse(items);
    this.people = new WeightedDraw(persons, (person) => person.frailty);
    this.chronics = new WeightedDraw(persons, (person) => (person.chronicCode === null ? 0 : person.frailty));
  }

  /** The months of the history: January of last year to the month of today. */
  months(): Month[] {
    const year = yearOf(this.today);
    return [...monthsOfYear(year - 1), ...monthsOfYear(year)].filter((month) => month <= monthOf(this.today));
  }

  /** The next month's bills; call it once per month, in order. Ends at the day before today. */
  next(month: Month): DemoMonth {
    const random = this.seed.fork(`bills/${month}`);
    const end = lastDay(month) < this.today ? lastDay(month) : addDays(this.today, -1);
    if (end < firstDay(month)) return { month, bills: [], reversals: [] };
    const share = (daysBetween(firstDay(month), end) + 1) / (daysBetween(firstDay(month), lastDay(month)) + 1);
    const season = SEASONS[Number(month.slice(5)) - 1] ?? 1000;
    const growth = yearOf(month) === yearOf(this.today) ? 1045 : 1000;
    const count = Math.round((this.perMonth * season * growth * share) / 1_000_000);
    const bills = this.readmissions(random, end);
    for (let made = 0; made < count; made += 1) {
      const bill = this.bill(random, month, end);
      if (bill !== null) bills.push(bill);
    }
    bills.sort((one, other) => (one.settledOn < other.settledOn ? -1 : one.settledOn > other.settledOn ? 1 : 0));
    return { month, bills, reversals: this.reversals(random, bills) };
  }

  private bill(random: Random, month: Month, end: LocalDate): Bill | null {
    const { care } = CARE.draw(random);
    const on = addDays(firstDay(month), random.int(0, daysBetween(firstDay(month), end)));
    const person = (care === 'chronic' ? this.chronics : this.people).draw(random);
    const scheme = schemeOn(person, on);
    // A newborn before its birth, or a day between two coverages: nobody at the counter.
    if (scheme === undefined) return null;
    const provider = this.choose(random, care, scheme, person);
    return this.visit(random, care, person, provider, on);
  }

  /** Stays of patients who come back: the readmissions that a reviewer will look at. */
  private readmissions(random: Random, end: LocalDate): Bill[] {
    const due = this.returning.filter(({ on }) => on <= end);
    this.returning = this.returning.filter(({ on }) => on > end);
    return due
      .filter(({ person, on }) => schemeOn(person, on) !== undefined)
      .flatMap(({ person, provider, on }) => this.visit(random, 'inpatient', person, provider, on) ?? []);
  }

  private visit(random: Random, care: Care, person: DemoPerson, provider: DemoInstitution, on: LocalDate): Bill | null {
    const { suspension } = this.providers;
    const suspended = provider.id === suspension.institutionId && on >= suspension.from && on < suspension.to;
    // While the hospital is suspended only a rescue is still settled there.
    if (suspended && (care !== 'inpatient' || !random.chance(120))) return null;
    const stay = care === 'inpatient' ? this.stay(random, person, provider, on) : { admittedOn: on, days: 1 };
    if (stay === null) return null;
    const cost = costOf(random, care, provider, yearOf(on) === yearOf(this.today));
    const lines = this.lines(random, care, person, provider, cost, { days: stay.days, on });
    this.serial += 1;
    const reviewed = provider.speciality === 'maternity' || provider.speciality === 'orthopaedics';
    if (care === 'inpatient' && random.chance(reviewed ? 110 : 12)) {
      this.returning.push({ person, provider, on: addDays(on, random.int(14, 30)) });
    }
    return this.complete(random, { care, person, provider, on, admittedOn: stay.admittedOn, suspended, lines });
  }

  private complete(
    random: Random,
    facts: {
      care: Care;
      person: DemoPerson;
      provider: DemoInstitution;
      on: LocalDate;
      admittedOn: LocalDate;
      suspended: boolean;
      lines: BillLine[];
    },
  ): Bill {
    const { care, person, provider, on } = facts;
    const doctor = provider.staff.length === 0 ? undefined : random.pick(provider.staff);
    const tertiaryStay = care === 'inpatient' && provider.level === 'tertiary';
    const referred = random.chance(780) ? 'referred' : random.chance(300) ? 'emergency' : 'none';
    return {
      billNo: `${monthOf(on).replace('-', '')}-${String(this.serial).padStart(7, '0')}`,
      personId: person.id,
      providerId: provider.id,
      category: care,
      admittedOn: facts.admittedOn,
      dischargedOn: on,
      settledOn: on,
      settleMonth: monthOf(on),
      referral: facts.suspended ? 'emergency' : tertiaryStay ? referred : 'not-needed',
      chronicCode: care === 'chronic' ? (person.chronicCode ?? undefined) : undefined,
      physicianId: doctor?.physicianId,
      departmentCode: doctor?.departmentCode,
      mainDiagnosis: care === 'pharmacy' ? undefined : random.pick(DIAGNOSES),
      lines: facts.lines,
      source: 'demo',
    };
  }

  /** Days of a stay that ends on a day; null when the person would lie in two beds at once or was not yet born. */
  private stay(
    random: Random,
    person: DemoPerson,
    provider: DemoInstitution,
    on: LocalDate,
  ): { admittedOn: LocalDate; days: number } | null {
    const [low, high] = STAY_DAYS[provider.level];
    const longer = provider.speciality === 'psychiatric' || provider.speciality === 'rehabilitation' ? 2 : 1;
    const days = random.int(low, high) * longer;
    const admittedOn = addDays(on, -days);
    const last = this.lastDischarge.get(person.id);
    if (admittedOn < person.birthDate || (last !== undefined && admittedOn <= last)) return null;
    this.lastDischarge.set(person.id, on);
    return { admittedOn, days };
  }

  private choose(random: Random, care: Care, scheme: '310' | '390', person: DemoPerson): DemoInstitution {
    const maternity = person.sex === '2' && ageOn(person.birthDate, this.today) < 45;
    const key = `${care}/${scheme}/${person.areaCode}/${maternity ? 'f' : ''}`;
    const known = this.choices.get(key);
    if (known !== undefined) return known.draw(random);
    const fitting = this.providers.institutions.filter((provider) =>
      care === 'pharmacy'
        ? provider.type === 'pharmacy'
        : provider.type !== 'pharmacy' && (maternity || provider.speciality !== 'maternity'),
    );
    const draw = new WeightedDraw(fitting, (provider) => pullOf(provider, care, scheme, person.areaCode));
    this.choices.set(key, draw);
    return draw.draw(random);
  }

  private lines(
    random: Random,
    care: Care,
    person: DemoPerson,
    provider: DemoInstitution,
    cost: number,
    { days, on }: { readonly days: number; readonly on: LocalDate },
  ): BillLine[] {
    const lines: BillLine[] = [];
    const add = (use: ItemUse, wanted: number, maxQuantity: number): void => {
      const item = this.fitting(random, use, wanted, maxQuantity);
      const unit = Math.round((Number(item.referencePrice) * PRICE_PERMILLE[provider.priceLevel]) / 1000);
      const quantity = Math.min(maxQuantity, Math.max(1, Math.round(wanted / unit)));
      lines.push(lineOf(lines.length + 1, item.code, fen(unit), quantity, on));
    };
    if (care !== 'pharmacy') add('consultation', 1_500 * days, days);
    if (care === 'inpatient') inpatientLines(random, add, cost, days);
    if (care === 'outpatient') outpatientLines(random, add, cost);
    if (care === 'pharmacy') for (let line = random.int(2, 4); line > 0; line -= 1) add('drug', cost / 3, 4);
    if (care === 'chronic') {
      const special = person.chronicCode === 'M00500' && random.chance(160);
      if (special) add('special-drug', 400_000, 1);
      for (let line = random.int(3, 6); line > 0; line -= 1)
        add(random.chance(600) ? 'chronic-drug' : 'drug', cost / 4.5, 6);
      add('laboratory', cost / 6, 1);
    }
    return lines;
  }

  /** An item whose price lets the wanted amount be reached: the best of a few draws. */
  private fitting(random: Random, use: ItemUse, wanted: number, maxQuantity: number): DemoItem {
    const items = this.items.get(use) ?? [];
    let best = random.pick(items);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const other = random.pick(items);
      if (missOf(other, wanted, maxQuantity) < missOf(best, wanted, maxQuantity)) best = other;
    }
    return best;
  }

  private reversals(random: Random, bills: readonly Bill[]): DemoReversal[] {
    return bills
      .filter(() => random.chance(6))
      .map((bill) => ({
        billNo: bill.billNo,
        personId: bill.personId,
        providerId: bill.providerId,
        on: addDays(bill.settledOn, random.int(0, 12)),
        reason: random.pick(REASONS),
      }))
      .filter((reversal) => reversal.on < this.today);
  }
}

function schemeOn(person: DemoPerson, on: LocalDate): '310' | '390' | undefined {
  return person.coverages.find(({ from, to }) => from <= on && (to === null || on < to))?.scheme;
}

type AddLine = (use: ItemUse, wanted: number, maxQuantity: number) => void;

function inpatientLines(random: Random, add: AddLine, cost: number, days: number): void {
  add('bed', 4_000 * days, days);
  add('nursing', 2_400 * days, days);
  const rest = Math.max(20_000, cost - 8_000 * days);
  const surgical = random.chance(330);
  if (surgical) {
    add('operation', rest * 0.38, 1);
    add('consumable', rest * 0.18, 3);
  }
  const left = surgical ? rest * 0.44 : rest;
  add('laboratory', left * 0.16, 4);
  add('imaging', left * 0.2, 2);
  add('treatment', left * 0.16, days * 2);
  for (let line = 0; line < 3; line += 1) add('drug', left * 0.16, days * 3);
}

function outpatientLines(random: Random, add: AddLine, cost: number): void {
  if (random.chance(550)) add('laboratory', cost * 0.3, 2);
  if (random.chance(280)) add('imaging', cost * 0.5, 1);
  if (random.chance(300)) add('treatment', cost * 0.2, 3);
  for (let line = random.int(2, 6); line > 0; line -= 1) add('drug', cost * 0.16, 5);
}

function pullOf(provider: DemoInstitution, care: Care, scheme: '310' | '390', area: string): number {
  const near = provider.areaCode === area;
  if (provider.level === 'tertiary') {
    const city = near ? 2 : 1;
    const people = scheme === '310' ? 10 : 6;
    return provider.pull * (care === 'inpatient' ? people : people / 2) * city;
  }
  if (provider.level === 'secondary') return provider.pull * (near ? 24 : provider.speciality === 'general' ? 1 : 4);
  return provider.pull * (near ? (care === 'inpatient' ? 14 : 70) : 0) + (provider.pull > 0 && !near ? 1 : 0);
}

function costOf(random: Random, care: Care, provider: DemoInstitution, thisYear: boolean): number {
  const mean = COST[care][provider.level];
  // The product of two draws has the long upper tail that bills have.
  const spread = (random.int(450, 1450) * random.int(550, 1500)) / 960_000;
  const tail = random.chance(18) ? random.int(16, 30) / 10 : 1;
  const year = thisYear ? 1042 : 1000;
  return (mean * spread * tail * provider.dear * year) / 1_000_000;
}

function missOf(item: DemoItem, wanted: number, maxQuantity: number): number {
  const price = Number(item.referencePrice);
  const reached = price * Math.min(maxQuantity, Math.max(1, Math.round(wanted / price)));
  return Math.abs(reached - wanted);
}

function lineOf(lineNo: number, itemCode: string, unitPrice: Fen, quantity: number, feeDate: LocalDate): BillLine {
  const amount = fen(unitPrice * BigInt(quantity));
  return { lineNo, itemCode, quantity: String(quantity), unitPrice: yuanText(unitPrice), amount, feeDate };
}

function groupByUse(items: readonly DemoItem[]): Map<ItemUse, DemoItem[]> {
  const groups = new Map<ItemUse, DemoItem[]>();
  for (const item of items) {
    const group = groups.get(item.use);
    if (group === undefined) groups.set(item.use, [item]);
    else group.push(item);
  }
  return groups;
}
