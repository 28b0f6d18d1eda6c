import type { RosterPerson } from '../../enrollment/index.js';
import { addDays, ageOn, type LocalDate, parseLocalDate, yearOf } from '../../common/time/index.js';
import { COUNTIES, type County } from './geography.js';
import { personName } from './names.js';
import { Random, WeightedDraw } from './random.js';

/** A made-up person: what is written to the register and what only the generator knows. */
export interface DemoPerson extends RosterPerson {
  /** How often the person falls ill, against others. */
  readonly frailty: number;
  /** Filed chronic or special disease. */
  readonly chronicCode: string | null;
}

interface AgeBand {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

const RESIDENT_AGES: readonly AgeBand[] = [
  { from: 0, to: 0, weight: 8 },
  { from: 1, to: 6, weight: 60 },
  { from: 7, to: 18, weight: 150 },
  { from: 19, to: 39, weight: 180 },
  { from: 40, to: 59, weight: 330 },
  { from: 60, to: 74, weight: 200 },
  { from: 75, to: 95, weight: 72 },
];
const EMPLOYED_AGES: readonly AgeBand[] = [
  { from: 22, to: 39, weight: 520 },
  { from: 40, to: 59, weight: 480 },
];
const RETIRED_AGES: readonly AgeBand[] = [
  { from: 56, to: 70, weight: 600 },
  { from: 71, to: 94, weight: 400 },
];

const CHRONIC = ['M03900', 'M03900', 'M03900', 'M01600', 'M01600', 'M05300', 'M02500'] as const;
const SPECIAL = ['M00500', 'M07800', 'M08300'] as const;

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Makes `count` persons of both schemes, all covered from 1 January of last year on (or from birth). */
export function generatePeople(random: Random, count: number, today: LocalDate): DemoPerson[] {
  const taken = new Set<string>();
  const counties = new WeightedDraw(COUNTIES, (county) => county.people);
  return Array.from({ length: count }, () => onePerson(random, counties.draw(random), today, taken));
}

function onePerson(random: Random, county: County, today: LocalDate, taken: Set<string>): DemoPerson {
  const kind = random.chance(220) ? (random.chance(700) ? 'employed' : 'retired') : 'resident';
  const bands = kind === 'resident' ? RESIDENT_AGES : kind === 'employed' ? EMPLOYED_AGES : RETIRED_AGES;
  const band = new WeightedDraw(bands, (item) => item.weight).draw(random);
  const birthDate = birthOf(random, random.int(band.from, band.to), today);
  const sex = random.chance(510) ? '1' : '2';
  const id = random.uuid(parseLocalDate('2024-01-02'));
  const age = ageOn(birthDate, today);
  const chronicCode = chronicOf(random, age);
  return {
    id,
    idNo: idNumberOf(random, county.code, birthDate, sex, taken),
    name: personName(random, sex),
    sex,
    birthDate,
    areaCode: county.code,
    phone: random.chance(850)
      ? `1${random.pick(['38', '39', '57', '86', '99'])}0000${String(random.int(0, 9999)).padStart(4, '0')}`
      : null,
    coverages: coveragesOf(random, kind, birthDate, today),
    marks: marksOf(random, kind, birthDate, today),
    frailty: frailtyOf(age) * (chronicCode === null ? 2 : 5),
    chronicCode,
  };
}

function birthOf(random: Random, age: number, today: LocalDate): LocalDate {
  if (age === 0) return addDays(today, -random.int(40, 330));
  const month = String(random.int(1, 12)).padStart(2, '0');
  const day = String(random.int(1, 28)).padStart(2, '0');
  return parseLocalDate(`${String(yearOf(today) - age - 1)}-${month}-${day}`);
}

/** A number with a valid check digit (GB 11643, ISO 7064 MOD 11-2) that nobody else in the region has. */
function idNumberOf(random: Random, area: string, birth: LocalDate, sex: '1' | '2', taken: Set<string>): string {
  for (;;) {
    const order = random.int(0, 499) * 2 + (sex === '1' ? 1 : 0);
    const body = `${area}${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
    if (taken.has(body)) continue;
    taken.add(body);
    const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
    return body + '10X98765432'.charAt(sum % 11);
  }
}

function coveragesOf(random: Random, kind: string, birth: LocalDate, today: LocalDate): DemoPerson['coverages'] {
  const thisYear = parseLocalDate(`${String(yearOf(today))}-01-01`);
  const lastYear = parseLocalDate(`${String(yearOf(today) - 1)}-01-01`);
  const nextYear = parseLocalDate(`${String(yearOf(today) + 1)}-01-01`);
  if (kind !== 'resident') {
    const insuredType = kind === 'retired' ? ('retired' as const) : ('employed' as const);
    return [{ id: random.uuid(lastYear), scheme: '310' as const, insuredType, from: lastYear, to: null }];
  }
  const year = (from: LocalDate, to: LocalDate | null): DemoPerson['coverages'][number] => {
    const age = ageOn(birth, from);
    const insuredType = age < 1 ? 'newborn' : age <= 18 ? 'student' : 'adult';
    return { id: random.uuid(from), scheme: '390', insuredType, from, to };
  };
  const spans = [
    ...(birth < thisYear ? [year(birth > lastYear ? birth : lastYear, thisYear)] : []),
    year(birth > thisYear ? birth : thisYear, nextYear),
  ];
  const age = ageOn(birth, today);
  // Some residents found work during the year: one scheme ends on the day the other begins.
  if (age < 20 || age > 45 || !random.chance(15)) return spans;
  const moved = addDays(thisYear, random.int(40, 120));
  const employee = {
    id: random.uuid(moved),
    scheme: '310' as const,
    insuredType: 'employed' as const,
    from: moved,
    to: null,
  };
  return moved >= today ? spans : [...spans.slice(0, -1), year(thisYear, moved), employee];
}

function marksOf(random: Random, kind: string, birth: LocalDate, today: LocalDate): DemoPerson['marks'] {
  const since = parseLocalDate(`${String(yearOf(today) - 1)}-01-01`);
  const from = birth > since ? birth : since;
  const marks: DemoPerson['marks'][number][] = [];
  const give = (permille: number, mark: string): void => {
    if (random.chance(permille)) marks.push({ mark, from, to: null });
  };
  if (kind === 'resident') {
    give(8, 'tekun');
    if (marks.length === 0) give(32, 'dibao');
  } else {
    give(130, 'civil-servant');
  }
  give(180, 'family-doctor');
  return marks;
}

function chronicOf(random: Random, age: number): string | null {
  if (random.chance(age >= 40 ? 9 : 2)) return random.pick(SPECIAL);
  return random.chance(age >= 60 ? 420 : age >= 40 ? 170 : 6) ? random.pick(CHRONIC) : null;
}

function frailtyOf(age: number): number {
  if (age < 3) return 8;
  if (age < 18) return 3;
  if (age < 45) return 4;
  if (age < 60) return 7;
  return age < 75 ? 13 : 18;
}
