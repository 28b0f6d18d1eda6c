/**
 * What a real prefecture's bureau published in March 2016 about 2011–2015: facts, for the calibration of a fictitious
 * region. Amounts in 亿元 with two decimals and growth in percent as that bureau printed them (丽水市, 2016-03).
 */

export type PublishedScope = 'city-level' | 'whole-city';

/** One line of the published table. Amounts in 10⁸ yuan, growth in percent; null where nothing was printed. */
export interface PublishedYear {
  readonly scheme: '310' | '390';
  readonly year: number;
  readonly scope: PublishedScope;
  readonly total: number;
  readonly totalGrowth: number | null;
  readonly fund: number;
  readonly fundGrowth: number | null;
  /**
   * The amounts in 10⁴ yuan that the generator aims at: they round to the printed ones, and their growth to the printed
   * growth within 0.06 points – the bureau had computed its growth from figures it did not print.
   */
  readonly aim: readonly [total: number, fund: number];
}

type Row = readonly [total: number, growth: number | null, fund: number, growth: number | null, aim: [number, number]];

const table = (scheme: '310' | '390', scope: PublishedScope, first: number, rows: readonly Row[]): PublishedYear[] =>
  rows.map(([total, totalGrowth, fund, fundGrowth, aim], index) => ({
    ...{ scheme, scope, year: first + index, total, totalGrowth, fund, fundGrowth, aim },
  }));

export const PUBLISHED_YEARS: readonly PublishedYear[] = [
  ...table('310', 'city-level', 2011, [
    [2.49, null, 1.81, null, [24_900, 18_100]],
    [3.31, 32.93, 2.38, 31.49, [33_100, 23_800]],
    [3.97, 19.94, 2.85, 19.75, [39_700, 28_500]],
    [4.47, 12.59, 3.17, 11.23, [44_700, 31_700]],
    [4.9, 9.62, 3.45, 8.83, [49_000, 34_500]],
  ]),
  ...table('310', 'whole-city', 2011, [
    [7.64, null, 5.76, null, [76_400, 57_600]],
    [10.4, 36.12, 7.73, 34.13, [104_000, 77_255]],
    [12, 15.41, 8.93, 15.63, [120_000, 89_330]],
    [13.76, 14.67, 10.17, 13.73, [137_600, 101_650]],
    [15.32, 11.34, 11.02, 8.36, [153_200, 110_150]],
  ]),
  ...table('390', 'whole-city', 2014, [
    [29.73, null, 12.56, null, [297_300, 125_600]],
    [31.87, 7.2, 13.92, 10.83, [318_700, 139_200]],
  ]),
];

/** Published heads and institutions of the whole prefecture. */
export const PUBLISHED_HEADS = {
  employees: 380_000,
  residents: 2_000_000,
  /** "Over 95 %" of the permanent population take part; the generator aims at this. */
  participation: 0.962,
  institutions: 643,
  pharmacies: 256,
} as const;

/** Published shares of inpatient cost, as parts of one. */
export const PUBLISHED_SHARES = {
  /** Public hospitals, of all inpatient cost. */
  publicHospitals: 0.95,
  /** The two tertiary hospitals, of the inpatient cost of employees: insured in the city itself, and in the whole prefecture. */
  tertiaryCity: 0.61,
  tertiaryWhole: 0.46,
} as const;
