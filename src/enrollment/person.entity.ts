import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AreaEntity } from '../catalogue/index.js';

/**
 * An insured person (参保人). The numbers of their certificates lie in `person_certificate`, sealed; here is only how lists show
 * them, sealed as well. Looking at a number in full is a permission of its own, counted and logged.
 */
@Entity('person')
@ForeignKey(() => AreaEntity, ['poolArea'], ['code'], { name: 'person_fk_pool' })
@ForeignKey(() => AreaEntity, ['areaCode'], ['code'], { name: 'person_fk_area' })
@Check('person_ck_sex', `sex IN ('1', '2')`)
@Check('person_ck_name', 'char_length(name) BETWEEN 1 AND 100')
@Check('person_ck_phone', '(phone IS NULL) = (phone_masked IS NULL)')
@Index('person_ix_area', ['poolArea', 'areaCode', 'id'])
@Index('person_ix_name_characters', { synchronize: false })
export class PersonEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'person_pk' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'person_pk' })
  id: string;

  /** The number of the first certificate as lists show it, sealed: the birth date beside it would complete it. */
  @Column({ name: 'certificate_mask', type: 'bytea' })
  certificateMask: Buffer;

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

  /** Sealed. */
  @Column({ type: 'bytea', nullable: true })
  phone: Buffer | null;

  @Column({ name: 'phone_masked', type: 'text', nullable: true })
  phoneMasked: string | null;

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
