import type { LocalDate } from '../../common/time/index.js';
import { BillStream } from './bills.js';
import { type DemoItem, generateCatalogue } from './catalogue.js';
import { type DemoProviders, generateProviders } from './institutions.js';
import { type DemoPerson, generatePeople } from './people.js';
import { Random } from './random.js';

const PERSONS = 12_000;
const BILLS = 30_000;
/** Months of history the number of bills is spread over. */
const MONTHS = 23;

/** What a region is made from: the same values give the same region. */
export interface RegionRecipe {
  readonly seed: string;
  /** 1 = about 12 000 persons and 30 000 bills. */
  readonly scale: number;
  readonly today: LocalDate;
}

/** A region before it is written: pure values. */
export interface Region {
  readonly recipe: RegionRecipe;
  readonly catalogue: readonly DemoItem[];
  readonly providers: DemoProviders;
  readonly people: readonly DemoPerson[];
  /** A fresh stream of the bills; see `BillStream`. */
  bills(): BillStream;
  /** An independent sequence for whatever else the load decides. */
  random(label: string): Random;
}

/** Makes a region. Parts draw from sequences of their own: another scale changes neither catalogue nor providers. */
export function generateRegion(recipe: RegionRecipe): Region {
  const root = new Random(recipe.seed);
  const catalogue = generateCatalogue(root.fork('catalogue'));
  const providers = generateProviders(root.fork('providers'), recipe.today);
  const people = generatePeople(root.fork('people'), Math.max(40, Math.round(PERSONS * recipe.scale)), recipe.today);
  const perMonth = (BILLS * recipe.scale) / MONTHS;
  return {
    recipe,
    catalogue,
    providers,
    people,
    bills: () => new BillStream(root, people, providers, catalogue, perMonth, recipe.today),
    random: (label) => root.fork(label),
  };
}
