import type { DemoInstitution } from './institutions.js';
import { type Random, WeightedDraw } from './random.js';

/** What a bill is for; the clearing categories. */
export type Care = 'outpatient' | 'chronic' | 'pharmacy' | 'inpatient';

const mix = (weights: Readonly<Record<Care, number>>): WeightedDraw<Care> =>
  new WeightedDraw(Object.keys(weights) as Care[], (care) => weights[care]);

/** Kinds of bills by number: of the years that are shown bill by bill, and of the condensed years before. */
export const CARE = mix({ outpatient: 430, chronic: 180, pharmacy: 110, inpatient: 280 });
export const PAST_CARE = mix({ outpatient: 330, chronic: 110, pharmacy: 30, inpatient: 530 });

/** Mean cost in fen of a visit by level; the year's aim moves all of them together. */
const COST = {
  outpatient: { tertiary: 42_000, secondary: 26_000, primary: 11_500 },
  chronic: { tertiary: 61_000, secondary: 44_000, primary: 24_000 },
  pharmacy: { tertiary: 9_800, secondary: 9_800, primary: 9_800 },
  inpatient: { tertiary: 1_450_000, secondary: 680_000, primary: 265_000 },
} as const;

/** A bill of the condensed past stands for several visits of its kind. */
const CONDENSED: Readonly<Record<Care, number>> = { outpatient: 12, chronic: 12, pharmacy: 15, inpatient: 2 };

const STAY_DAYS = { tertiary: [5, 14], secondary: [4, 12], primary: [3, 9] } as const;

/** What a visit costs before the year's aim is laid over it, in fen. */
export function costOf(random: Random, care: Care, provider: DemoInstitution, isPast: boolean): number {
  const mean = COST[care][provider.level] * (isPast ? CONDENSED[care] : 1);
  // The product of two draws has the long upper tail that bills have.
  const spread = (random.int(450, 1450) * random.int(550, 1500)) / 960_000;
  const tail = random.chance(18) ? random.int(16, 30) / 10 : 1;
  return (mean * spread * tail * provider.dear) / 1000;
}

/** Days of a stay: longer where minds and limbs are mended. */
export function stayDays(random: Random, provider: DemoInstitution): number {
  const [low, high] = STAY_DAYS[provider.level];
  const longer = provider.speciality === 'psychiatric' || provider.speciality === 'rehabilitation' ? 2 : 1;
  return random.int(low, high) * longer;
}
