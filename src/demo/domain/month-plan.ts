import {
  addDays,
  daysBetween,
  firstDay,
  lastDay,
  type LocalDate,
  type Month,
  parseLocalDate,
  yearOf,
} from '../../common/time/index.js';
import { CARE, type Care, costOf, PAST_CARE, stayDays } from './care.js';
import { ProviderChoices } from './choices.js';
import type { DemoInstitution, DemoProviders } from './institutions.js';
import { Patients } from './patients.js';
import type { DemoPerson, People } from './people.js';
import type { Random } from './random.js';
import { type Aims, type GroupIndex, GROUPS } from './targets.js';

/** A bill that will be made: who, where, when, and what it would cost before the month's aim is laid over it. */
export interface Draft {
  /** Position of the person. */
  readonly person: number;
  readonly group: GroupIndex;
  readonly care: Care;
  readonly provider: DemoInstitution;
  readonly on: LocalDate;
  readonly admittedOn: LocalDate;
  readonly days: number;
  /** Fen before the aim. */
  readonly base: number;
  /** Fen that it was expected to come to when its provider was chosen. */
  readonly expected: number;
  /** Settled although the agreement is suspended: a rescue. */
  readonly isRescue: boolean;
}

/** A patient of a small or special hospital who will be admitted there again soon. */
interface Return {
  readonly person: number;
  readonly group: GroupIndex;
  readonly provider: DemoInstitution;
  readonly on: LocalDate;
}

/** Days of a month that bills are made for, and how many of each group. */
export interface MonthFrame {
  readonly month: Month;
  readonly end: LocalDate;
  readonly isPast: boolean;
  readonly counts: readonly number[];
}

const EPOCH = parseLocalDate('2000-01-01');
/** A month of the past with fewer bills of a group is stays only: a few visits could not carry what it cost. */
const FEW = 6;
/** Draws after which a bill is given up: nobody of the group can be at a counter on these days. */
const TRIES = 12;

/**
 * Plans the bills of the months, always in the same order. A month depends on those before it – nobody lies in two beds
 * at once, patients come back – so a resumed load plans the finished months again.
 */
export class MonthPlans {
  private readonly patients: Patients;
  private readonly choices: ProviderChoices;
  /** Last day in a bed by person, in days since 2000; 0 = none. */
  private readonly inBedUntil: Int32Array;
  private returning: Return[] = [];
  /** By what the aim stretched the bills of a group in the month before. */
  private readonly stretch = GROUPS.map(() => 1);

  constructor(
    private readonly people: People,
    private readonly providers: DemoProviders,
    aims: Aims,
    today: LocalDate,
  ) {
    this.patients = new Patients(people);
    this.choices = new ProviderChoices(providers, aims, today);
    this.inBedUntil = new Int32Array(people.count);
  }

  /** The drafts of a month, in the order of the days. */
  plan(random: Random, frame: MonthFrame): Draft[] {
    const drafts = this.readmissions(random, frame.end);
    frame.counts.forEach((count, group) => {
      const care = frame.isPast ? (count < FEW ? null : PAST_CARE) : CARE;
      for (let made = 0; made < count; made += 1) {
        const draft = this.draft(random, care?.draw(random) ?? 'inpatient', group as GroupIndex, frame);
        if (draft !== undefined) drafts.push(draft);
      }
    });
    return drafts.sort((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
  }

  /** Tells what the bills of a month came to, in the order of its drafts: later patients are led by it. */
  came(drafts: readonly Draft[], costs: readonly number[]): void {
    const sums = GROUPS.map(() => ({ base: 0, cost: 0 }));
    drafts.forEach(({ care, group, provider, base, expected }, index) => {
      const cost = costs[index] ?? 0;
      const sum = sums[group];
      if (sum !== undefined) [sum.base, sum.cost] = [sum.base + base, sum.cost + cost];
      if (care === 'inpatient') this.choices.spend(group, provider, cost - expected);
    });
    sums.forEach(({ base, cost }, group) => {
      if (base > 0) this.stretch[group] = cost / base;
    });
  }

  private draft(random: Random, care: Care, group: GroupIndex, { month, end, isPast }: MonthFrame): Draft | undefined {
    const year = yearOf(month);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const position = this.patients.draw(random, year, group, care === 'chronic');
      if (position === undefined) return undefined;
      const person = this.people.at(position);
      const on = addDays(firstDay(month), random.int(0, daysBetween(firstDay(month), end)));
      if (schemeOn(person, on) !== GROUPS[group].scheme) continue;
      const provider = this.choices.choose(random, care, group, person, year);
      const draft = this.visit(random, { care, group, position, person, provider, on, isPast });
      if (draft !== undefined) return draft;
    }
    return undefined;
  }

  /** Stays of patients who come back: the readmissions that a reviewer will look at. */
  private readmissions(random: Random, end: LocalDate): Draft[] {
    const due = this.returning.filter(({ on }) => on <= end);
    this.returning = this.returning.filter(({ on }) => on > end);
    return due.flatMap(({ person: position, group, provider, on }) => {
      const person = this.people.at(position);
      if (schemeOn(person, on) !== GROUPS[group].scheme) return [];
      return this.visit(random, { care: 'inpatient', group, position, person, provider, on, isPast: false }) ?? [];
    });
  }

  private visit(random: Random, visit: Visit): Draft | undefined {
    const { care, group, position, person, provider, on, isPast } = visit;
    const { suspension } = this.providers;
    const suspended = provider.id === suspension.institutionId && on >= suspension.from && on < suspension.to;
    // While the hospital is suspended only a rescue is still settled there.
    if (suspended && (care !== 'inpatient' || !random.chance(120))) return undefined;
    const days = care === 'inpatient' ? stayDays(random, provider) : 1;
    const admittedOn = care === 'inpatient' ? addDays(on, -days) : on;
    if (care === 'inpatient' && !this.takeBed(position, person, admittedOn, on)) return undefined;
    const base = costOf(random, care, provider, isPast);
    const expected = base * (this.stretch[group] ?? 1);
    if (care === 'inpatient') this.choices.spend(group, provider, expected);
    const reviewed = provider.speciality === 'maternity' || provider.speciality === 'orthopaedics';
    if (care === 'inpatient' && !isPast && random.chance(reviewed ? 110 : 12)) {
      this.returning.push({ person: position, group, provider, on: addDays(on, random.int(14, 30)) });
    }
    return { person: position, group, care, provider, on, admittedOn, days, base, expected, isRescue: suspended };
  }

  /** False when the person would lie in two beds at once, or was not yet born. */
  private takeBed(position: number, person: DemoPerson, from: LocalDate, to: LocalDate): boolean {
    const start = daysBetween(EPOCH, from);
    if (from < person.birthDate || start <= (this.inBedUntil[position] ?? 0)) return false;
    this.inBedUntil[position] = daysBetween(EPOCH, to);
    return true;
  }
}

interface Visit {
  readonly care: Care;
  readonly group: GroupIndex;
  readonly position: number;
  readonly person: DemoPerson;
  readonly provider: DemoInstitution;
  readonly on: LocalDate;
  readonly isPast: boolean;
}

/** The scheme that covers a person on a day. */
export function schemeOn(person: DemoPerson, on: LocalDate): '310' | '390' | undefined {
  return coverageOn(person, on)?.scheme;
}

export function coverageOn(person: DemoPerson, on: LocalDate): DemoPerson['coverages'][number] | undefined {
  return person.coverages.find(({ from, to }) => from <= on && (to === null || on < to));
}

/** The days of a month that lie before today; null when there is none. */
export function daysOf(month: Month, today: LocalDate): { end: LocalDate; share: readonly [bigint, bigint] } | null {
  const end = lastDay(month) < today ? lastDay(month) : addDays(today, -1);
  if (end < firstDay(month)) return null;
  const [made, whole] = [end, lastDay(month)].map((day) => BigInt(daysBetween(firstDay(month), day) + 1));
  return { end, share: [made ?? 1n, whole ?? 1n] };
}
