import type { LocalDate } from '../../common/time/index.js';
import type { DemoItem } from './catalogue.js';
import type { DemoProviders } from './institutions.js';
import type { People } from './people.js';
import type { History, Scale } from './scale.js';

/** What a region is made from: the same values give the same region. */
export interface RegionRecipe {
  readonly seed: string;
  readonly scale: Scale;
  /** The years before last year. */
  readonly history: History;
  readonly today: LocalDate;
}

/** What the bills of a region are made from. */
export interface RegionParts {
  readonly recipe: RegionRecipe;
  readonly catalogue: readonly DemoItem[];
  readonly providers: DemoProviders;
  readonly people: People;
}
