import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AreaEntity } from '../catalogue/index.js';

/** An insured person (参保人). The number is shown masked; looking at it in full is a permission of its own and is logged. */
@Entity('person')
@Unique('person_uq_id_no', ['poolArea', 'idNo'])
@ForeignKey(() => AreaEntity, ['poolArea'], ['code'], { name: 'person_fk_pool' })
@ForeignKey(() => AreaEntity, ['areaCode'], ['code'], { name: 'person_fk_area' })
@Check('person_ck_id_no', `id_no ~ '^[0-9]{17}[0-9X]$'`)
@Check('person_ck_sex', `sex IN ('1', '2')`)
@Check('person_ck_name', 'char_length(name) BETWEEN 1 AND 100')
@Index('person_ix_area', ['poolArea', 'areaCode', 'id'])
@Index('person_ix_name_characters', { synchronize: false })
export class PersonEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'person_pk' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'person_pk' })
  id: string;

  /** Resident identity number (公民身份号码) or residence permit number of the same shape, X upper case. */
  @Column({ name: 'id_no', type: 'text' })
  idNo: string;

  @Column({ type: 'text' })
  name: string;

  /** GB/T 2261.1: '1' male, '2' female. */
  @Column({ type: 'text' })
  sex: string;

  @Column({ name: 'birth_date', type: 'date' })
  birthDate: string;

  /** County that covers the person. */
  @Column({ name: 'area_code', type: 'text' })
  areaCode: string;

  @Column({ type: 'text', nullable: true })
  phone: string | null;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}

/** An identity mark with its days (身份标识), e.g. 特困 from 2025-01-01 to 2026-01-01 (exclusive; null = open). */
@Entity('person_mark')
@ForeignKey(() => PersonEntity, ['poolArea', 'personId'], ['poolArea', 'id'], { name: 'person_mark_fk_person' })
@Check('person_mark_ck_mark', `mark ~ '^[a-z][a-z-]{1,30}$'`)
@Check('person_mark_ck_period', 'valid_to > valid_from')
@Exclusion(
  'person_mark_no_overlap',
  'USING gist (pool_area WITH =, person_id WITH =, mark WITH =, daterange(valid_from, valid_to) WITH &&)',
)
export class PersonMarkEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'person_mark_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'person_id', type: 'uuid', primaryKeyConstraintName: 'person_mark_pk' })
  personId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'person_mark_pk' })
  mark: string;

  @PrimaryColumn({ name: 'valid_from', type: 'date', primaryKeyConstraintName: 'person_mark_pk' })
  validFrom: string;

  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo: string | null;

  @Column({ type: 'text', nullable: true })
  evidence: string | null;
}
