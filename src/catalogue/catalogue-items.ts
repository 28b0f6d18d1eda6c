import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import type { PageQuery } from '../common/http/index.js';
import type { Fen } from '../common/money/index.js';
import type { LocalDate } from '../common/time/index.js';
import type { ItemClass, ItemKind, PriceLevel } from './domain/snapshot.js';

/** An item of the catalogue as it is kept. */
export interface CatalogueRecord {
  readonly code: string;
  readonly kind: ItemKind;
  readonly name: string;
  readonly unit: string;
  readonly class: ItemClass;
  /** Decimal text, 0 … 1. */
  readonly selfpayRate: string;
  readonly referencePrice: Fen;
  readonly special: string | null;
  readonly validFrom: LocalDate;
  /** First day on which it is no longer valid; null = open. */
  readonly validTo: LocalDate | null;
  readonly ceilings: readonly { readonly priceLevel: PriceLevel; readonly ceiling: Fen }[];
}

export interface CatalogueFilter {
  readonly code?: string;
  readonly q?: string;
  readonly kind?: string;
  readonly class?: string;
}

interface Row extends Omit<CatalogueRecord, 'ceilings'> {
  readonly ceilings: { priceLevel: PriceLevel; ceiling: string }[] | null;
}

/** The catalogue in the database; settlement reads `Catalogue.snapshot()` instead. */
@Injectable()
export class CatalogueItems {
  /** Items by code, one page. */
  async list(tx: Tx, filter: CatalogueFilter, page: PageQuery): Promise<CatalogueRecord[]> {
    const rows = await tx.query<Row>(
      `SELECT i.code, i.kind, i.name, i.unit, i.class, i.selfpay_rate AS "selfpayRate",
              i.reference_price_fen AS "referencePrice", i.special,
              lower(i.valid) AS "validFrom", upper(i.valid) AS "validTo",
              (SELECT jsonb_agg(jsonb_build_object('priceLevel', c.price_level, 'ceiling', c.ceiling_fen::text)
                                ORDER BY c.price_level)
                 FROM catalogue_ceiling c WHERE c.item_code = i.code) AS ceilings
         FROM catalogue_item i
        WHERE ($1::text IS NULL OR i.code = $1)
          AND ($2::text IS NULL OR position($2 IN i.name) > 0 OR starts_with(i.code, upper($2)))
          AND ($3::text IS NULL OR i.kind = $3)
          AND ($4::text IS NULL OR i.class = $4)
          AND ($5::text IS NULL OR i.code > $5)
        ORDER BY i.code LIMIT $6`,
      [
        filter.code ?? null,
        filter.q ?? null,
        filter.kind ?? null,
        filter.class ?? null,
        page.after?.[0] ?? null,
        page.limit + 1,
      ],
    );
    return rows.map((row) => ({
      ...row,
      ceilings: (row.ceilings ?? []).map(({ priceLevel, ceiling }) => ({
        priceLevel,
        ceiling: BigInt(ceiling) as Fen,
      })),
    }));
  }

  /** Adds items with their ceilings in two statements. */
  async add(tx: Tx, items: readonly CatalogueRecord[]): Promise<void> {
    await tx.query(
      `INSERT INTO catalogue_item (code, kind, name, unit, class, selfpay_rate, reference_price_fen, special, valid)
       SELECT u.code, u.kind, u.name, u.unit, u.class, u.rate, u.price, u.special, daterange(u.first, u.last)
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::bigint[], $8::text[],
                     $9::date[], $10::date[])
           AS u (code, kind, name, unit, class, rate, price, special, first, last)`,
      [
        items.map((item) => item.code),
        items.map((item) => item.kind),
        items.map((item) => item.name),
        items.map((item) => item.unit),
        items.map((item) => item.class),
        items.map((item) => item.selfpayRate),
        items.map((item) => item.referencePrice),
        items.map((item) => item.special),
        items.map((item) => item.validFrom),
        items.map((item) => item.validTo),
      ],
    );
    const ceilings = items.flatMap((item) => item.ceilings.map((ceiling) => ({ ...ceiling, code: item.code })));
    await tx.query(
      `INSERT INTO catalogue_ceiling (item_code, price_level, ceiling_fen)
       SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])`,
      [
        ceilings.map((ceiling) => ceiling.code),
        ceilings.map((ceiling) => ceiling.priceLevel),
        ceilings.map((ceiling) => ceiling.ceiling),
      ],
    );
  }
}
