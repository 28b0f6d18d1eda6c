import { BillStream } from './bills.js';
import { generateCatalogue } from './catalogue.js';
import { generateProviders } from './institutions.js';
import type { BenefitDesk } from './past.js';
import { People } from './people.js';
import { Random } from './random.js';
import type { RegionParts, RegionRecipe } from './recipe.js';

/** A region before it is written: pure values, and persons and bills that are made when they are asked for. */
export interface Region extends RegionParts {
  /** A fresh stream of the bills; see `BillStream`. */
  bills(desk: BenefitDesk): BillStream;
  /** An independent sequence for whatever else the load decides. */
  random(label: string): Random;
}

/** Makes a region. Parts draw from sequences of their own, so that more of one changes nothing in another. */
export function generateRegion(recipe: RegionRecipe): Region {
  const root = new Random(recipe.seed);
  const parts = {
    recipe,
    catalogue: generateCatalogue(root.fork('catalogue')),
    providers: generateProviders(root.fork('providers'), recipe.scale, recipe.today),
    people: new People(root.fork('people'), recipe.scale, recipe.today),
  };
  return {
    ...parts,
    bills: (desk) => new BillStream(root, parts, desk),
    random: (label) => root.fork(label),
  };
}
