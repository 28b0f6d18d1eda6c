import type { RosterPerson } from '../../enrollment/index.js';
import { addDays, ageOn, daysBetween, type LocalDate, parseLocalDate, yearOf } from '../../common/time/index.js';
import { COUNTIES, CITY_COUNTY, type County } from './geography.js';
import { personName } from './names.js';
import { PUBLISHED_HEADS } from './published.js';
import { Random, WeightedDraw } from './random.js';
import { FIRST_YEAR, type Scale } from './scale.js';
import { Tally } from './tally.js';

/** A made-up person: what is written to the register and what only the generator knows. */
export interface DemoPerson extends RosterPerson {
  /** Filed chronic or special disease. */
  readonly chronicCode: string | null;
}

/** What the draws of patients need to know of every person, kept small: a prefecture at 1 : 1 has 2.5 million. */
export interface PersonSketch {
  readonly birthYear: number;
  readonly inCity: boolean;
  readonly isChronic: boolean;
  /** First year on whose 1 January the person is an employee; 0 = never (insured as a resident, or not at all). */
  readonly employeeSince: number;
  readonly isInsured: boolean;
}

type Kind = 'employed' | 'retired' | 'resident' | 'outside';
type Span = DemoPerson['coverages'][number];

interface AgeBand {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

const bands = (...rows: (readonly [number, number, number])[]): WeightedDraw<AgeBand> =>
  new WeightedDraw(
    rows.map(([from, to, weight]) => ({ from, to, weight })),
    (band) => band.weight,
  );
const RESIDENT_AGES = bands(
  [0, 0, 8],
  [1, 6, 60],
  [7, 18, 150],
  [19, 39, 180],
  [40, 59, 330],
  [60, 74, 200],
  [75, 95, 72],
);
const EMPLOYED_AGES = bands([22, 39, 520], [40, 59, 480]);
const RETIRED_AGES = bands([61, 70, 600], [71, 94, 400]);
const RESIDENT_COUNTIES = new WeightedDraw(COUNTIES, (county) => county.people);
const EMPLOYEE_COUNTIES = new WeightedDraw(COUNTIES, (county) => county.work);

const CHRONIC = ['M03900', 'M03900', 'M03900', 'M01600', 'M01600', 'M05300', 'M02500'] as const;
const SPECIAL = ['M00500', 'M07800', 'M08300'] as const;
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** Of the insured at 1 : 200 and less there is one of everything at least. */
const FEWEST = { employees: 8, residents: 32 } as const;
const FIRST_DAY = parseLocalDate(`${String(FIRST_YEAR)}-01-01`);
const MOVED_PERMILLE = 40;
const EPOCH = parseLocalDate('1900-01-01');

/**
 * The persons of a region. Each is made from the seed and its position alone, so nobody has to be kept: what stays in
 * memory is eleven bytes a person, for the draws of patients and for the order number of the ID.
 */
export class People {
  readonly count: number;
  private readonly employees: number;
  private readonly insured: number;
  /** How many persons before this one share area, birthday and sex. */
  private readonly sameDay: Uint16Array;
  private readonly birthYears: Int16Array;
  private readonly since: Int16Array;
  private readonly flags: Uint8Array;

  constructor(
    private readonly seed: Random,
    scale: Scale,
    private readonly today: LocalDate,
  ) {
    const { employees, residents, participation } = PUBLISHED_HEADS;
    this.employees = Math.max(FEWEST.employees, Math.round(employees / scale.divisor));
    this.insured = this.employees + Math.max(FEWEST.residents, Math.round(residents / scale.divisor));
    this.count = Math.ceil(this.insured / participation);
    this.sameDay = new Uint16Array(this.count);
    this.birthYears = new Int16Array(this.count);
    this.since = new Int16Array(this.count);
    this.flags = new Uint8Array(this.count);
    const tally = new Tally(this.count);
    for (let index = 0; index < this.count; index += 1) this.sketch(index, tally);
  }

  /** The person at a position, whole. */
  at(index: number): DemoPerson {
    const base = this.base(index);
    const { random, kind, county, birthDate, sex } = base;
    return {
      id: random.uuid(parseLocalDate('2011-01-04')),
      idNo: idNumberOf(county.code, birthDate, sex, this.sameDay[index] ?? 0),
      name: personName(random, sex),
      sex,
      birthDate,
      areaCode: county.code,
      phone: random.chance(850)
        ? `1${random.pick(['38', '39', '57', '86', '99'])}0000${String(random.int(0, 9999)).padStart(4, '0')}`
        : null,
      coverages: coveragesOf(random, { kind, birthDate, since: base.since, movedOn: base.movedOn }, this.today),
      marks: marksOf(random, kind, birthDate, this.today),
      chronicCode: base.chronicCode,
    };
  }

  /** What the draws know of a person. */
  sketchOf(index: number): PersonSketch {
    const flags = this.flags[index] ?? 0;
    return {
      birthYear: this.birthYears[index] ?? 0,
      inCity: (flags & 1) > 0,
      isChronic: (flags & 2) > 0,
      employeeSince: this.since[index] ?? 0,
      isInsured: (flags & 4) > 0,
    };
  }

  /** All persons, some at a time. */
  *chunks(size: number): Generator<DemoPerson[]> {
    for (let start = 0; start < this.count; start += size) {
      const end = Math.min(this.count, start + size);
      yield Array.from({ length: end - start }, (_, offset) => this.at(start + offset));
    }
  }

  private sketch(index: number, tally: Tally): void {
    const { kind, county, birthDate, sex, since, chronicCode } = this.base(index);
    const area = COUNTIES.indexOf(county);
    this.sameDay[index] = tally.add((daysBetween(EPOCH, birthDate) * COUNTIES.length + area) * 2 + Number(sex) - 1);
    this.birthYears[index] = yearOf(birthDate);
    this.since[index] = since;
    this.flags[index] =
      (county.code === CITY_COUNTY ? 1 : 0) + (chronicCode === null ? 0 : 2) + (kind === 'outside' ? 0 : 4);
  }

  // The draws that everything else of a person depends on, always first and in this order.
  private base(index: number): PersonBase {
    const random = this.seed.fork(String(index));
    const kind = this.kindOf(index, random);
    const isEmployee = kind === 'employed' || kind === 'retired';
    const county = (isEmployee ? EMPLOYEE_COUNTIES : RESIDENT_COUNTIES).draw(random);
    const ages = kind === 'employed' ? EMPLOYED_AGES : kind === 'retired' ? RETIRED_AGES : RESIDENT_AGES;
    const { from, to } = ages.draw(random);
    const birthDate = birthOf(random, random.int(from, to), this.today);
    const sex = random.chance(510) ? '1' : '2';
    const moved = kind === 'employed' && random.chance(MOVED_PERMILLE);
    const start = Math.max(FIRST_YEAR, yearOf(birthDate) + random.int(20, 24));
    const since = !isEmployee ? 0 : moved ? yearOf(this.today) + 1 : Math.min(start, yearOf(this.today) - 1);
    const movedOn = moved ? this.dayOfMove(random) : null;
    return {
      random,
      kind,
      county,
      birthDate,
      sex,
      since,
      movedOn,
      chronicCode: chronicOf(random, ageOn(birthDate, this.today)),
    };
  }

  // Kinds are spread evenly over the positions, so their numbers are exact at every scale.
  private kindOf(index: number, random: Random): Kind {
    const share = (part: number): boolean =>
      Math.floor(((index + 1) * part) / this.count) > Math.floor((index * part) / this.count);
    const isRetired = random.chance(300);
    if (share(this.employees)) return isRetired ? 'retired' : 'employed';
    // Those outside are counted among all who are not employees, in the same even way.
    const others = index + 1 - Math.floor(((index + 1) * this.employees) / this.count);
    const [outside, all] = [this.count - this.insured, this.count - this.employees];
    return Math.floor((others * outside) / all) > Math.floor(((others - 1) * outside) / all) ? 'outside' : 'resident';
  }

  // In this year and before today; early in January nobody can have moved yet, then it was on the first.
  private dayOfMove(random: Random): LocalDate {
    const first = parseLocalDate(`${String(yearOf(this.today))}-01-01`);
    const last = Math.min(120, daysBetween(first, this.today) - 1);
    return addDays(first, last <= 1 ? 0 : random.int(1, last));
  }
}

interface PersonBase {
  readonly random: Random;
  readonly kind: Kind;
  readonly county: County;
  readonly birthDate: LocalDate;
  readonly sex: '1' | '2';
  readonly since: number;
  /** The day in this year on which a resident found work; null = nothing of the kind. */
  readonly movedOn: LocalDate | null;
  readonly chronicCode: string | null;
}

function birthOf(random: Random, age: number, today: LocalDate): LocalDate {
  if (age === 0) return addDays(today, -random.int(40, 330));
  const month = String(random.int(1, 12)).padStart(2, '0');
  const day = String(random.int(1, 28)).padStart(2, '0');
  return parseLocalDate(`${String(yearOf(today) - age - 1)}-${month}-${day}`);
}

/** A number with a valid check digit (GB 11643, ISO 7064 MOD 11-2), told apart from its neighbours by the order number. */
function idNumberOf(area: string, birth: LocalDate, sex: '1' | '2', sameDay: number): string {
  if (sameDay >= 500) throw new RangeError(`more than 500 persons of one sex were born in ${area} on ${birth}`);
  // Not from zero upwards: order numbers are strewn, and 7 has no factor in common with 500.
  const order = ((sameDay * 7 + 131 + Number(birth.slice(8)) * 13) % 500) * 2 + (sex === '1' ? 1 : 0);
  const body = `${area}${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

interface CoverageFacts {
  readonly kind: Kind;
  readonly birthDate: LocalDate;
  readonly since: number;
  readonly movedOn: LocalDate | null;
}

function coveragesOf(random: Random, facts: CoverageFacts, today: LocalDate): DemoPerson['coverages'] {
  const { kind, birthDate, since, movedOn } = facts;
  if (kind === 'outside') return [];
  const day = (year: number): LocalDate => parseLocalDate(`${String(year)}-01-01`);
  const span = (
    scheme: '310' | '390',
    insuredType: Span['insuredType'],
    from: LocalDate,
    to: LocalDate | null,
  ): Span => ({
    ...{ id: random.uuid(from), scheme, insuredType, from, to },
  });
  const begin = birthDate > FIRST_DAY ? birthDate : FIRST_DAY;
  const thisYear = yearOf(today);
  if (kind === 'resident') {
    return residentSpans(span, birthDate, begin, [day(thisYear - 1), day(thisYear), day(thisYear + 1)]);
  }
  const work = movedOn ?? day(since);
  const before = begin < work ? residentSpans(span, birthDate, begin, [work]) : [];
  const from = begin > work ? begin : work;
  // A retired person was an employee once: the type changes in the January after the last year of work.
  const retired = day(Math.min(thisYear - 1, yearOf(birthDate) + 60));
  if (kind === 'employed') return [...before, span('310', 'employed', from, null)];
  if (retired <= from) return [...before, span('310', 'retired', from, null)];
  return [...before, span('310', 'employed', from, retired), span('310', 'retired', retired, null)];
}

/** Resident spans from a day on to the last of the ends, cut at each end and where the type of insured person changes. */
function residentSpans(
  span: (scheme: '390', type: Span['insuredType'], from: LocalDate, to: LocalDate) => Span,
  birthDate: LocalDate,
  begin: LocalDate,
  ends: readonly LocalDate[],
): Span[] {
  const adult = parseLocalDate(`${String(yearOf(birthDate) + 19)}-01-01`);
  const infancy = parseLocalDate(`${String(yearOf(birthDate) + 1)}-01-01`);
  const cuts = [...new Set([...ends, infancy, adult])]
    .filter((end) => end > begin && end <= (ends.at(-1) ?? begin))
    .sort();
  let from = begin;
  return cuts.map((to) => {
    const made = span('390', from === birthDate ? 'newborn' : from < adult ? 'student' : 'adult', from, to);
    from = to;
    return made;
  });
}

function marksOf(random: Random, kind: Kind, birth: LocalDate, today: LocalDate): DemoPerson['marks'] {
  const since = parseLocalDate(`${String(yearOf(today) - 1)}-01-01`);
  const from = birth > since ? birth : since;
  const marks: DemoPerson['marks'][number][] = [];
  const give = (permille: number, mark: string): void => {
    if (random.chance(permille)) marks.push({ mark, from, to: null });
  };
  if (kind === 'resident') {
    give(8, 'tekun');
    if (marks.length === 0) give(32, 'dibao');
  } else if (kind !== 'outside') {
    give(130, 'civil-servant');
  }
  if (kind !== 'outside') give(180, 'family-doctor');
  return marks;
}

function chronicOf(random: Random, age: number): string | null {
  if (random.chance(age >= 40 ? 9 : 2)) return random.pick(SPECIAL);
  return random.chance(age >= 60 ? 420 : age >= 40 ? 170 : 6) ? random.pick(CHRONIC) : null;
}

/** How often people of an age fall ill, against others. */
export function frailtyOf(age: number): number {
  if (age < 3) return 8;
  if (age < 18) return 3;
  if (age < 45) return 4;
  if (age < 60) return 7;
  return age < 75 ? 13 : 18;
}
