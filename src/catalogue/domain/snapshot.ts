import type { Fen, Rate } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';

/** Catalogue class (目录等级): A 甲 fully in scope, B 乙 with a self-paid share first, C 丙 outside. */
export type ItemClass = 'A' | 'B' | 'C';

export type ItemKind = 'drug' | 'service' | 'consumable';

export type PriceLevel = 'tertiary' | 'secondary' | 'primary';

/** An item as settlement needs it. */
export interface CatalogueItem {
  readonly code: string;
  readonly kind: ItemKind;
  readonly name: string;
  readonly unit: string;
  readonly class: ItemClass;
  /** Share of a 乙 item that the person pays first, 0 … 1. */
  readonly selfpayRate: Rate;
  /** Price limit per unit by price level of the provider; a missing level has no limit. */
  readonly ceilings: Readonly<Partial<Record<PriceLevel, Fen>>>;
  /** Tag that chooses a plan of its own, e.g. 'special-drug' (特药). */
  readonly special: string | null;
  readonly validFrom: LocalDate;
  /** First day on which the item is no longer valid; null = open. */
  readonly validTo: LocalDate | null;
}

/** The whole catalogue as it stood at one version; never changes once built. */
export class CatalogueSnapshot {
  private readonly items: ReadonlyMap<string, CatalogueItem>;

  /** @param version grows with every change of the catalogue in the database */
  constructor(
    readonly version: bigint,
    items: Iterable<CatalogueItem>,
  ) {
    this.items = new Map(Array.from(items, (item) => [item.code, item]));
  }

  get size(): number {
    return this.items.size;
  }

  /** The item of a code if it is valid on the day; undefined means: not in the catalogue that day, so own-pay. */
  find(code: string, on: LocalDate): CatalogueItem | undefined {
    const item = this.items.get(code);
    if (item === undefined || on < item.validFrom) return undefined;
    return item.validTo !== null && on >= item.validTo ? undefined : item;
  }

  /** Whether the code exists at all, whatever the day. */
  has(code: string): boolean {
    return this.items.has(code);
  }
}
