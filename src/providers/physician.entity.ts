import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AreaEntity } from '../catalogue/index.js';
import { DepartmentEntity, InstitutionEntity } from './institution.entity.js';

/** A physician, pharmacist, nurse or technician: one file per person across institutions (一医一档). */
@Entity('physician')
@Unique('physician_uq_licence_no', ['poolArea', 'licenceNo'])
@ForeignKey(() => AreaEntity, ['poolArea'], ['code'], { name: 'physician_fk_pool' })
@Check('physician_ck_profession', `profession IN ('physician', 'pharmacist', 'nurse', 'technician')`)
export class PhysicianEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'physician_pk' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'physician_pk' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'licence_no', type: 'text' })
  licenceNo: string;

  @Column({ type: 'text', default: 'physician' })
  profession: string;

  @Column({ type: 'text', nullable: true })
  title: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}

/** The insurance privilege (医保支付资格) of a physician at an institution for a span of days. */
@Entity('physician_privilege')
@ForeignKey(() => PhysicianEntity, ['poolArea', 'physicianId'], ['poolArea', 'id'], {
  name: 'physician_privilege_fk_physician',
})
@ForeignKey(() => InstitutionEntity, ['poolArea', 'institutionId'], ['poolArea', 'id'], {
  name: 'physician_privilege_fk_institution',
})
@ForeignKey(
  () => DepartmentEntity,
  ['poolArea', 'institutionId', 'departmentId'],
  ['poolArea', 'institutionId', 'id'],
  { name: 'physician_privilege_fk_department' },
)
@Check('physician_privilege_ck_state', `state IN ('active', 'suspended')`)
@Check('physician_privilege_ck_valid', 'NOT isempty(valid) AND NOT lower_inf(valid)')
@Exclusion(
  'physician_privilege_no_overlap',
  'USING gist (pool_area WITH =, physician_id WITH =, institution_id WITH =, valid WITH &&)',
)
@Index('physician_privilege_ix_institution', ['poolArea', 'institutionId', 'physicianId'])
export class PhysicianPrivilegeEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'physician_privilege_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'physician_id', type: 'uuid', primaryKeyConstraintName: 'physician_privilege_pk' })
  physicianId: string;

  @PrimaryColumn({ name: 'institution_id', type: 'uuid', primaryKeyConstraintName: 'physician_privilege_pk' })
  institutionId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'physician_privilege_pk' })
  id: string;

  @Column({ name: 'department_id', type: 'uuid', nullable: true })
  departmentId: string | null;

  @Column({ type: 'daterange' })
  valid: string;

  @Column({ type: 'text', default: 'active' })
  state: string;

  @Column({ type: 'text', nullable: true })
  reason: string | null;
}
