import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { InstitutionEntity } from './institution.entity.js';

/** A service agreement (医保服务协议) of an institution. Agreements that are not drafts never overlap. */
@Entity('agreement')
@Unique('agreement_uq_agreement_no', ['poolArea', 'agreementNo'])
@ForeignKey(() => InstitutionEntity, ['poolArea', 'institutionId'], ['poolArea', 'id'], {
  name: 'agreement_fk_institution',
})
@Check('agreement_ck_state', `state IN ('draft', 'in-force', 'suspended', 'terminated')`)
@Check(
  'agreement_ck_valid',
  'NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid) AND lower_inc(valid) AND NOT upper_inc(valid)',
)
@Check('agreement_ck_deposit_rate', 'deposit_rate >= 0 AND deposit_rate < 1')
@Check('agreement_ck_payment_method', `jsonb_typeof(payment_method) = 'object'`)
@Check(
  'agreement_ck_signed',
  `(state = 'draft') = (signed_by IS NULL) AND (signed_by IS NULL) = (signed_on IS NULL) AND (signed_by IS NULL OR signed_by <> created_by)`,
)
@Exclusion(
  'agreement_no_overlap',
  `USING gist (pool_area WITH =, institution_id WITH =, valid WITH &&) WHERE (state <> 'draft')`,
)
export class AgreementEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'agreement_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'institution_id', type: 'uuid', primaryKeyConstraintName: 'agreement_pk' })
  institutionId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'agreement_pk' })
  id: string;

  @Column({ name: 'agreement_no', type: 'text' })
  agreementNo: string;

  /** Half-open span of days; a termination cuts its end. */
  @Column({ type: 'daterange' })
  valid: string;

  @Column({ type: 'text', default: 'draft' })
  state: string;

  /** Payment method per clearing category, e.g. {"inpatient": "global-budget"}. */
  @Column({ name: 'payment_method', type: 'jsonb' })
  paymentMethod: Record<string, string>;

  /** Share withheld each month as the quality deposit. */
  @Column({ name: 'deposit_rate', type: 'numeric', precision: 5, scale: 4 })
  depositRate: string;

  @Column({ name: 'state_reason', type: 'text', nullable: true })
  stateReason: string | null;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  @Column({ name: 'signed_by', type: 'text', nullable: true })
  signedBy: string | null;

  @Column({ name: 'signed_on', type: 'date', nullable: true })
  signedOn: string | null;
}

/** A span in which an agreement is suspended (中止): its services are not paid, emergency rescue excepted. */
@Entity('agreement_suspension')
@ForeignKey(() => AgreementEntity, ['poolArea', 'institutionId', 'agreementId'], ['poolArea', 'institutionId', 'id'], {
  name: 'agreement_suspension_fk_agreement',
})
@Check(
  'agreement_suspension_ck_span',
  'NOT isempty(span) AND NOT lower_inf(span) AND NOT upper_inf(span) AND lower_inc(span) AND NOT upper_inc(span)',
)
@Exclusion('agreement_suspension_no_overlap', 'USING gist (pool_area WITH =, institution_id WITH =, span WITH &&)')
export class AgreementSuspensionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'agreement_suspension_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'institution_id', type: 'uuid', primaryKeyConstraintName: 'agreement_suspension_pk' })
  institutionId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'agreement_suspension_pk' })
  id: string;

  @Column({ name: 'agreement_id', type: 'uuid' })
  agreementId: string;

  @Column({ type: 'daterange' })
  span: string;

  @Column({ type: 'text' })
  reason: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}
