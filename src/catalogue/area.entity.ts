import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** A division of the area tree (行政区划): pool (prefecture) → county → town → village. */
@Entity('area')
@Unique('area_uq_path', ['path'])
@Check('area_ck_code', `code ~ '^[0-9]{6}([0-9]{3}){0,2}$'`)
@Check('area_ck_level', `level IN ('pool', 'county', 'town', 'village')`)
@Check('area_ck_root', `(level = 'pool') = (parent_code IS NULL)`)
@Check('area_ck_path', `path = code OR path LIKE '%.' || code`)
export class AreaEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'area_pk' })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  level: string;

  @Column({ name: 'parent_code', type: 'text', nullable: true })
  @ForeignKey(() => AreaEntity, 'code', { name: 'area_fk_parent' })
  parentCode: string | null;

  /** Codes from the root to the division, joined by dots. */
  @Column({ type: 'text' })
  path: string;
}
