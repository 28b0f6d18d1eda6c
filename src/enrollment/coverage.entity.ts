import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PersonEntity } from './person.entity.js';

/** A span of coverage (参保关系) of a person in one scheme. Spans of one person never overlap: the database refuses it. */
@Entity('coverage')
@ForeignKey(() => PersonEntity, ['poolArea', 'personId'], ['poolArea', 'id'], { name: 'coverage_fk_person' })
@Check('coverage_ck_scheme', `scheme IN ('310', '390')`)
@Check('coverage_ck_status', `status IN ('active', 'suspended')`)
@Check(
  'coverage_ck_insured_type',
  `(scheme = '310' AND insured_type IN ('employed', 'retired')) OR (scheme = '390' AND insured_type IN ('adult', 'student', 'newborn'))`,
)
@Check(
  'coverage_ck_valid',
  'NOT isempty(valid) AND NOT lower_inf(valid) AND lower_inc(valid) AND benefits_from >= lower(valid)',
)
@Exclusion('coverage_no_overlap', 'USING gist (pool_area WITH =, person_id WITH =, valid WITH &&)')
@Index('coverage_ix_scheme', ['poolArea', 'scheme', 'personId'])
export class CoverageEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'coverage_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'person_id', type: 'uuid', primaryKeyConstraintName: 'coverage_pk' })
  personId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'coverage_pk' })
  id: string;

  /** 310 employee, 390 resident. */
  @Column({ type: 'text' })
  scheme: string;

  /** A suspended coverage (arrears) keeps its place but gives no benefit. */
  @Column({ type: 'text', default: 'active' })
  status: string;

  @Column({ name: 'insured_type', type: 'text' })
  insuredType: string;

  /** Half-open span of days; open end = until ended. */
  @Column({ type: 'daterange' })
  valid: string;

  /** First day with benefits: later than the first day of coverage when a waiting period applies. */
  @Column({ name: 'benefits_from', type: 'date' })
  benefitsFrom: string;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}
