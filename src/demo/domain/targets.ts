import { allocate, fen, type Fen } from '../../common/money/index.js';
import { PUBLISHED_SHARES, PUBLISHED_YEARS } from './published.js';

/**
 * A part of the insured for which yearly amounts are aimed at: a scheme, and whether they live in a district of the city
 * itself (市本级) or in another county.
 */
export const GROUPS = [
  { scheme: '310', city: true },
  { scheme: '310', city: false },
  { scheme: '390', city: true },
  { scheme: '390', city: false },
] as const;

export type GroupIndex = 0 | 1 | 2 | 3;

export function groupOf(scheme: '310' | '390', city: boolean): GroupIndex {
  return ((scheme === '310' ? 0 : 2) + (city ? 0 : 1)) as GroupIndex;
}

/** What the bills of a group come to in a year, in fen: cost, and what the funds pay of it. */
export interface YearAim {
  readonly total: Fen;
  readonly fund: Fen;
}

/** [whole total, whole fund, city total, city fund] in 10⁴ yuan. */
type Aim = readonly [number, number, number, number];

/** Nothing was published about residents before 2014 and about their city level: chosen to fit what was. */
const RESIDENTS_EARLIER: Readonly<Record<number, readonly [number, number]>> = {
  2011: [224_000, 89_000],
  2012: [249_000, 101_500],
  2013: [274_500, 113_800],
};
const RESIDENTS_CITY = { total: 0.168, fund: 0.163 } as const;

/** Growth of the cost after 2015, per mille, employees and residents: chosen; 2020 is the year of the epidemic. */
const GROWTH: Readonly<Record<number, readonly [number, number]>> = {
  2016: [92, 68],
  2017: [85, 74],
  2018: [88, 81],
  2019: [93, 86],
  2020: [-21, -34],
  2021: [96, 101],
  2022: [23, 31],
  2023: [118, 109],
  2024: [57, 52],
  2025: [46, 41],
  2026: [45, 38],
};
const LATER: readonly [number, number] = [42, 40];
const LAST_PUBLISHED = 2015;

/** Where the share of the funds in the cost is going after 2015: to what the policies of today give. */
const FUND_SHARE_NOW = { '310': 0.712, '390': 0.572 } as const;
const FUND_SHARE_YEARS = 9;

/** The yearly aims of a region. Years after 2015 continue what was published. */
export class Aims {
  private readonly years = new Map<string, Aim>();

  /** @param divisor N of the scale 1 : N */
  constructor(private readonly divisor: number) {}

  /** What a group's bills of a year come to. */
  of(group: GroupIndex, year: number): YearAim {
    const { scheme, city } = GROUPS[group];
    const [total, fund, cityTotal, cityFund] = this.aim(scheme, year);
    return city
      ? { total: this.scaled(cityTotal), fund: this.scaled(cityFund) }
      : { total: this.scaled(total - cityTotal), fund: this.scaled(fund - cityFund) };
  }

  /** What all bills of a year come to. */
  whole(year: number): Fen {
    return fen(([0, 1, 2, 3] as const).reduce((sum, group) => sum + this.of(group, year).total, 0n));
  }

  /**
   * The share of the tertiary hospitals in the inpatient cost of employees outside the city, so that with the city's share
   * the whole prefecture's comes out as published.
   */
  tertiaryOutside(year: number): number {
    const [total, , city] = this.aim('310', year);
    return (PUBLISHED_SHARES.tertiaryWhole * total - PUBLISHED_SHARES.tertiaryCity * city) / (total - city);
  }

  private aim(scheme: '310' | '390', year: number): Aim {
    const key = `${scheme}/${String(year)}`;
    const known = this.years.get(key);
    if (known !== undefined) return known;
    const aim = year > LAST_PUBLISHED ? this.continued(scheme, year) : published(scheme, year);
    this.years.set(key, aim);
    return aim;
  }

  private continued(scheme: '310' | '390', year: number): Aim {
    const [total, , city] = this.aim(scheme, year - 1);
    const growth = 1 + (GROWTH[year] ?? LATER)[scheme === '310' ? 0 : 1] / 1000;
    const way = Math.min(1, (year - LAST_PUBLISHED) / FUND_SHARE_YEARS);
    const share = (part: 'whole' | 'city'): number => {
      const [whole, wholeFund, cityTotal, cityFund] = this.aim(scheme, LAST_PUBLISHED);
      const then = part === 'city' ? cityFund / cityTotal : wholeFund / whole;
      return then + (FUND_SHARE_NOW[scheme] - then) * way;
    };
    return [total * growth, total * growth * share('whole'), city * growth, city * growth * share('city')];
  }

  // 10⁴ yuan are 10⁶ fen.
  private scaled(amount: number): Fen {
    return fen(Math.round((amount * 1_000_000) / this.divisor));
  }
}

function published(scheme: '310' | '390', year: number): Aim {
  const find = (scope: string): readonly [number, number] | undefined =>
    PUBLISHED_YEARS.find((row) => row.scheme === scheme && row.year === year && row.scope === scope)?.aim;
  const whole = find('whole-city') ?? RESIDENTS_EARLIER[year];
  if (whole === undefined) throw new RangeError(`nothing is known of ${scheme} in ${String(year)}`);
  const city = find('city-level') ?? [whole[0] * RESIDENTS_CITY.total, whole[1] * RESIDENTS_CITY.fund];
  return [whole[0], whole[1], city[0], city[1]];
}

/** Bills per month against the mean, per mille, January first: a winter peak, a dip at the Spring Festival. */
export const SEASONS = [1090, 860, 1060, 1020, 985, 960, 950, 955, 975, 990, 1050, 1105] as const;

/** Splits a year's amount over its months; the parts sum to it exactly. */
export function byMonth(amount: Fen): Fen[] {
  return allocate(
    amount,
    SEASONS.map((weight) => BigInt(weight)),
  );
}
