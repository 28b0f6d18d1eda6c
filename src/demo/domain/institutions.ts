import type { ProviderRegister } from '../../providers/index.js';
import { addDays, type LocalDate, parseLocalDate, yearOf } from '../../common/time/index.js';
import { CITY_COUNTY, COUNTIES, type County } from './geography.js';
import { personName } from './names.js';
import { PUBLISHED_HEADS } from './published.js';
import type { Random } from './random.js';
import { FIRST_YEAR, type Scale } from './scale.js';

type InstitutionRow = ProviderRegister['institutions'][number];

/** A made-up institution: what is registered, and how the generator uses it. */
export interface DemoInstitution extends InstitutionRow {
  /** How many stays it draws against others of its kind, and visits. */
  readonly pull: number;
  /** How its costs stand against the usual of its level, per mille. */
  readonly dear: number;
  /** What the bureau allows it against what it will use, per mille of its use: below 1000 it overspends. */
  readonly allowance: number;
  /** Departments and physicians of it, for its bills. */
  readonly staff: readonly { readonly physicianId: string; readonly departmentCode: string }[];
}

/** The part of the year in which one institution is suspended. */
export interface DemoSuspension {
  readonly institutionId: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Everything about providers of the region. */
export interface DemoProviders {
  readonly institutions: readonly DemoInstitution[];
  readonly register: ProviderRegister;
  readonly suspension: DemoSuspension;
}

interface Plan {
  readonly name: string;
  readonly type: 'hospital' | 'primary' | 'pharmacy';
  readonly level: 'tertiary' | 'secondary' | 'primary';
  readonly area: string;
  readonly beds: number;
  readonly pull: number;
  readonly dear: number;
  readonly allowance: number;
  readonly speciality?: string;
  readonly ownership?: string;
}

// 1000 / 1.062 = 942: the first hospital ends the year at 106.2 % of its budget, the second at 104.1 %.
const CITY: readonly Plan[] = [
  hospital('莲城中心医院', 'tertiary', 1400, 56, 1060, 942),
  hospital('莲城仁和医院', 'tertiary', 1150, 44, 1010, 961),
  hospital('莲城妇幼保健院', 'secondary', 180, 14, 880, 1034, 'maternity'),
  hospital('莲城骨伤医院', 'secondary', 90, 9, 1030, 893, 'orthopaedics', 'private'),
  hospital('莲城康宁医院', 'secondary', 160, 8, 900, 1015, 'psychiatric'),
  hospital('莲城颐养康复医院', 'secondary', 120, 10, 960, 970, 'rehabilitation', 'private'),
  hospital('莲城中医院', 'secondary', 320, 20, 940, 1008, 'tcm'),
];

const COUNTY_HOSPITALS: readonly (readonly [string, number, number, number])[] = [
  ['331121', 520, 34, 1021],
  ['331122', 480, 32, 985],
  ['331123', 300, 22, 1046],
  ['331124', 310, 22, 1003],
  ['331125', 210, 15, 1087],
  ['331126', 240, 18, 976],
  ['331127', 200, 15, 1052],
  ['331181', 420, 28, 994],
];

function hospital(
  name: string,
  level: 'tertiary' | 'secondary',
  beds: number,
  pull: number,
  dear: number,
  ...[allowance, speciality, ownership]: [number, string?, string?]
): Plan {
  const kind = {
    ...(speciality === undefined ? {} : { speciality }),
    ...(ownership === undefined ? {} : { ownership }),
  };
  return { name, type: 'hospital', level, area: CITY_COUNTY, beds, pull, dear, allowance, ...kind };
}

function plans(scale: Scale): Plan[] {
  const counties = COUNTY_HOSPITALS.map(([area, beds, pull, allowance]): Plan => {
    const short = COUNTIES.find((county) => county.code === area)?.short ?? '';
    return { name: `${short}瓯江医院`, type: 'hospital', level: 'secondary', area, beds, pull, dear: 980, allowance };
  });
  const hospitals = CITY.length + counties.length;
  const wanted = {
    primary: thinned(PUBLISHED_HEADS.institutions, scale, hospitals + FEWEST_PRIMARIES) - hospitals,
    pharmacy: thinned(PUBLISHED_HEADS.pharmacies, scale, COUNTIES.length),
  };
  const primaries = COUNTIES.flatMap((county, index) => primariesOf(county, index, shareOf(wanted.primary, index)));
  const pharmacies = COUNTIES.flatMap((county, index) => pharmaciesOf(county, shareOf(wanted.pharmacy, index)));
  return [...CITY, ...counties, ...primaries, ...pharmacies];
}

/** Patients of the primary institutions of a county, whatever their number. */
const PRIMARY_PULL = 20;
const FEWEST_PRIMARIES = 14;
const THINNING = 0.6;

/**
 * How many institutions a region has: all at 1 : 1, and fewer than people shrink below – at 1 : 200 three hospitals would
 * be a proportion and no picture of a prefecture.
 */
function thinned(atFull: number, scale: Scale, fewest: number): number {
  return Math.max(fewest, Math.round(atFull / scale.divisor ** THINNING));
}

/** The part of a total that falls to a county, the first ones taking the rest; the parts sum to it. */
function shareOf(total: number, index: number): number {
  const counties = COUNTIES.length;
  return Math.floor(total / counties) + (index < total % counties ? 1 : 0);
}

function primariesOf({ code, short }: County, index: number, count: number): Plan[] {
  return Array.from({ length: count }, (_, at): Plan => {
    const isCentre = at % 2 === 1;
    return {
      name: `${short}${placeName(at)}${isCentre ? '社区卫生服务中心' : '卫生院'}`,
      type: 'primary',
      level: 'primary',
      area: code,
      dear: 1000,
      beds: isCentre ? 12 : 30,
      pull: PRIMARY_PULL / count,
      allowance: isCentre ? 1040 - index * 7 : 990 + index * 9,
    };
  });
}

function pharmaciesOf({ code, short }: County, count: number): Plan[] {
  return Array.from({ length: count }, (_, at): Plan => {
    const name = `${short}${at === 0 ? '百草' : placeName(at)}堂药店`;
    return {
      ...{ name, type: 'pharmacy', level: 'primary', area: code, beds: 0, dear: 1000, allowance: 1000 },
      pull: 10 / count,
      ownership: 'private',
    };
  });
}

const PLACES = ['清云石白青金双龙松竹梅桃', '溪岭塘岩坑源口湖田山坪桥'].map((text) => Array.from(text));

/** A made-up name of a village, another one for every number below 144: 清溪, 云岭 … */
function placeName(at: number): string {
  const [first = [], second = []] = PLACES;
  const turn = Math.floor(at / first.length);
  return `${first[at % first.length] ?? ''}${second[(at + turn) % second.length] ?? ''}`;
}

const DEPARTMENTS: readonly (readonly [string, string])[] = [
  ['03', '内科'],
  ['04', '外科'],
  ['05', '妇产科'],
  ['07', '儿科'],
  ['10', '眼科'],
  ['19', '肿瘤科'],
  ['21', '康复医学科'],
  ['50', '中医科'],
];
const DEPARTMENTS_BY_LEVEL = { tertiary: 8, secondary: 5, primary: 2 } as const;
const PHYSICIANS_BY_LEVEL = { tertiary: 32, secondary: 10, primary: 3 } as const;
const TITLES = ['主任医师', '副主任医师', '主治医师', '主治医师', '医师'];

/** Makes the institutions with departments, physicians and the agreements of every year since the first. */
export function generateProviders(random: Random, scale: Scale, today: LocalDate): DemoProviders {
  const since = parseLocalDate(`${String(FIRST_YEAR)}-01-01`);
  const made = plans(scale).map((plan, index) => oneInstitution(random, plan, index, since));
  const institutions = made.map(({ institution }) => institution);
  const agreements = institutions.flatMap((institution) => agreementsOf(random, institution, yearOf(today)));
  const suspended = institutions.find((institution) => institution.speciality === 'orthopaedics');
  const agreement = agreements.find(
    ({ institutionId, from }) => institutionId === suspended?.id && yearOf(from) === yearOf(today) - 1,
  );
  if (suspended === undefined || agreement === undefined) throw new Error('the plan has an orthopaedic hospital');
  const from = addDays(agreement.from, 151);
  const suspension = { institutionId: suspended.id, from, to: addDays(from, 45) };
  return {
    institutions,
    suspension,
    register: {
      institutions,
      departments: made.flatMap(({ departments }) => departments),
      physicians: made.flatMap(({ physicians }) => physicians),
      agreements,
      suspensions: [
        { ...suspension, id: random.uuid(from), agreementId: agreement.id, reason: '串换项目，责令整改期间中止协议' },
      ],
    },
  };
}

function oneInstitution(
  random: Random,
  plan: Plan,
  index: number,
  since: LocalDate,
): {
  institution: DemoInstitution;
  departments: ProviderRegister['departments'];
  physicians: ProviderRegister['physicians'];
} {
  const id = random.uuid(since);
  const serial = String(index + 1).padStart(5, '0');
  const wanted = plan.type === 'pharmacy' ? 0 : DEPARTMENTS_BY_LEVEL[plan.level];
  const departments = DEPARTMENTS.slice(0, wanted).map(([code, name]) => ({
    id: random.uuid(since),
    institutionId: id,
    code,
    name,
  }));
  const heads = plan.type === 'pharmacy' ? 0 : PHYSICIANS_BY_LEVEL[plan.level];
  const physicians = Array.from({ length: heads }, (_, number) => {
    const department = random.pick(departments);
    return {
      id: random.uuid(since),
      name: personName(random, random.chance(550) ? '1' : '2'),
      licenceNo: `D${plan.area}${serial}${String(number + 1).padStart(3, '0')}`,
      title: random.pick(TITLES),
      institutionId: id,
      departmentId: department.id,
      privilegeId: random.uuid(since),
      from: since,
    };
  });
  const codeOf = new Map(departments.map((department) => [department.id, department.code]));
  const staff = physicians.map((physician) => ({
    physicianId: physician.id,
    departmentCode: codeOf.get(physician.departmentId) ?? '',
  }));
  return { institution: institutionOf(random, plan, id, serial, staff), departments, physicians };
}

function institutionOf(
  random: Random,
  plan: Plan,
  id: string,
  serial: string,
  staff: DemoInstitution['staff'],
): DemoInstitution {
  return {
    id,
    code12: `${plan.type === 'pharmacy' ? 'P' : 'H'}${plan.area}${serial}`,
    name: plan.name,
    type: plan.type,
    level: plan.level,
    speciality: plan.speciality ?? 'general',
    ownership: plan.ownership ?? 'public',
    areaCode: plan.area,
    priceLevel: plan.level,
    beds: plan.beds,
    payeeName: plan.name,
    payeeBank: '瓯江示范银行营业部',
    payeeAccount: `9900${plan.area}${serial}${String(random.int(0, 9999)).padStart(4, '0')}`,
    pull: plan.pull,
    dear: plan.dear,
    allowance: plan.allowance,
    staff,
  };
}

function agreementsOf(
  random: Random,
  institution: DemoInstitution,
  thisYear: number,
): ProviderRegister['agreements'][number][] {
  return Array.from({ length: thisYear - FIRST_YEAR + 1 }, (_, index) => {
    const year = FIRST_YEAR + index;
    const from = parseLocalDate(`${String(year)}-01-01`);
    return {
      id: random.uuid(from),
      institutionId: institution.id,
      agreementNo: `丽医保协〔${String(year)}〕${institution.code12.slice(-5)}号`,
      from,
      to: parseLocalDate(`${String(year + 1)}-01-01`),
      paymentMethod: methodsOf(institution, year),
      depositRate: institution.type === 'pharmacy' ? '0' : '0.05',
      signedOn: addDays(from, -12),
    };
  });
}

/** First year of the global budget and of bed-day payment, as published; before, everything was paid as billed. */
const SINCE = { globalBudget: 2013, bedDay: 2014 } as const;
const BED_DAY_SPECIALITIES: readonly string[] = ['psychiatric', 'rehabilitation'];

function methodsOf({ type, speciality }: DemoInstitution, year: number): Readonly<Record<string, string>> {
  if (type === 'pharmacy') return { pharmacy: 'as-billed' };
  const method = year < SINCE.globalBudget ? 'as-billed' : 'global-budget';
  const byBedDay = year >= SINCE.bedDay && BED_DAY_SPECIALITIES.includes(speciality);
  return { outpatient: method, chronic: method, inpatient: byBedDay ? 'bed-day' : method };
}
