import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AreaEntity } from '../catalogue/index.js';

/** A designated medical institution or pharmacy (定点医药机构). */
@Entity('institution')
@Unique('institution_uq_code12', ['poolArea', 'code12'])
@ForeignKey(() => AreaEntity, ['poolArea'], ['code'], { name: 'institution_fk_pool' })
@ForeignKey(() => AreaEntity, ['areaCode'], ['code'], { name: 'institution_fk_area' })
@Check('institution_ck_code12', `code12 ~ '^[HP][0-9]{11}$'`)
@Check('institution_ck_type', `type IN ('hospital', 'primary', 'pharmacy')`)
@Check('institution_ck_level', `level IN ('tertiary', 'secondary', 'primary')`)
@Check('institution_ck_price_level', `price_level IN ('tertiary', 'secondary', 'primary')`)
@Check(
  'institution_ck_speciality',
  `speciality IN ('general', 'tcm', 'maternity', 'orthopaedics', 'psychiatric', 'rehabilitation')`,
)
@Check('institution_ck_ownership', `ownership IN ('public', 'private')`)
@Check('institution_ck_beds', `beds >= 0 AND (type <> 'pharmacy' OR beds = 0)`)
@Check('institution_ck_state', `state IN ('active', 'closed')`)
@Check('institution_ck_payee_account', '(payee_account IS NULL) = (payee_account_masked IS NULL)')
@Index('institution_ix_area', ['poolArea', 'areaCode', 'id'])
export class InstitutionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'institution_pk' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'institution_pk' })
  id: string;

  /** National code: H + 11 digits for institutions, P + 11 digits for pharmacies. */
  @Column({ type: 'text' })
  code12: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  type: string;

  /** Level whose benefit ratio applies; a pharmacy counts as primary. */
  @Column({ type: 'text' })
  level: string;

  @Column({ type: 'text', default: 'general' })
  speciality: string;

  @Column({ type: 'text', default: 'public' })
  ownership: string;

  @Column({ name: 'area_code', type: 'text' })
  areaCode: string;

  /** Level whose price ceilings apply. */
  @Column({ name: 'price_level', type: 'text' })
  priceLevel: string;

  @Column({ type: 'integer', default: 0 })
  beds: number;

  /** Unified social credit code (统一社会信用代码). */
  @Column({ type: 'text', nullable: true })
  uscc: string | null;

  @Column({ name: 'payee_name', type: 'text', nullable: true })
  payeeName: string | null;

  @Column({ name: 'payee_bank', type: 'text', nullable: true })
  payeeBank: string | null;

  /** Sealed. */
  @Column({ name: 'payee_account', type: 'bytea', nullable: true })
  payeeAccount: Buffer | null;

  @Column({ name: 'payee_account_masked', type: 'text', nullable: true })
  payeeAccountMasked: string | null;

  @Column({ type: 'text', default: 'active' })
  state: string;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}

/** A department (科室) of an institution. */
@Entity('department')
@Unique('department_uq_code', ['poolArea', 'institutionId', 'code'])
@ForeignKey(() => InstitutionEntity, ['poolArea', 'institutionId'], ['poolArea', 'id'], {
  name: 'department_fk_institution',
})
@Check('department_ck_state', `state IN ('active', 'closed')`)
export class DepartmentEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'department_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'institution_id', type: 'uuid', primaryKeyConstraintName: 'department_pk' })
  institutionId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'department_pk' })
  id: string;

  @Column({ type: 'text' })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text', default: 'active' })
  state: string;
}
