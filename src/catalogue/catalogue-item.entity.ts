import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A drug, service or consumable of the insurance catalogue (医保目录). National: the same in every pool. */
@Entity('catalogue_item')
@Check('catalogue_item_ck_kind', `kind IN ('drug', 'service', 'consumable')`)
@Check('catalogue_item_ck_class', `class IN ('A', 'B', 'C')`)
@Check(
  'catalogue_item_ck_selfpay_rate',
  `CASE class WHEN 'A' THEN selfpay_rate = 0 WHEN 'C' THEN selfpay_rate = 1 ELSE selfpay_rate >= 0 AND selfpay_rate < 1 END`,
)
@Check('catalogue_item_ck_reference_price', 'reference_price_fen > 0')
@Check('catalogue_item_ck_valid', 'NOT isempty(valid) AND NOT lower_inf(valid)')
export class CatalogueItemEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'catalogue_item_pk' })
  code: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  unit: string;

  /** 甲 A, 乙 B, 丙 C. */
  @Column({ type: 'text' })
  class: string;

  /** Share of a 乙 item that the person pays first, 0 … 1. */
  @Column({ name: 'selfpay_rate', type: 'numeric', precision: 5, scale: 4 })
  selfpayRate: string;

  @Column({ name: 'reference_price_fen', type: 'bigint' })
  referencePriceFen: bigint;

  /** Tag that chooses a plan of its own, e.g. 'special-drug' (特药); null for an ordinary item. */
  @Column({ type: 'text', nullable: true })
  special: string | null;

  @Column({ type: 'daterange' })
  valid: string;
}

/** The price limit of an item for a price level of providers (医保支付标准). */
@Entity('catalogue_ceiling')
@Check('catalogue_ceiling_ck_price_level', `price_level IN ('tertiary', 'secondary', 'primary')`)
@Check('catalogue_ceiling_ck_ceiling', 'ceiling_fen > 0')
export class CatalogueCeilingEntity {
  @PrimaryColumn({ name: 'item_code', type: 'text', primaryKeyConstraintName: 'catalogue_ceiling_pk' })
  @ForeignKey(() => CatalogueItemEntity, 'code', { name: 'catalogue_ceiling_fk_item' })
  itemCode: string;

  @PrimaryColumn({ name: 'price_level', type: 'text', primaryKeyConstraintName: 'catalogue_ceiling_pk' })
  priceLevel: string;

  @Column({ name: 'ceiling_fen', type: 'bigint' })
  ceilingFen: bigint;
}

/** The one row that says which version of the catalogue the database holds. */
@Entity('catalogue_version')
@Check('catalogue_version_ck_one_row', 'id = 1')
export class CatalogueVersionEntity {
  @PrimaryColumn({ type: 'smallint', primaryKeyConstraintName: 'catalogue_version_pk' })
  id: number;

  @Column({ type: 'bigint' })
  version: bigint;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt: Date;
}
