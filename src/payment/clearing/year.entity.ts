import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** The annual assessment of a provider (年度考核). */
@Entity('payment_assessment')
@Unique('uq_payment_assessment_provider_year', ['poolArea', 'providerId', 'year'])
@Check('ck_payment_assessment_complaints', '(complaints >= 0)')
@Check('ck_payment_assessment_index', '(grade_index > (0)::numeric)')
@Check('ck_payment_assessment_score', '((score >= (0)::numeric) AND (score <= (100)::numeric))')
@Check('ck_payment_assessment_state', "(state = ANY (ARRAY['draft'::text, 'confirmed'::text]))")
@Check(
  'ck_payment_assessment_two_persons',
  "(((state = 'confirmed'::text) = (confirmed_by IS NOT NULL)) AND ((confirmed_by IS NULL) OR (confirmed_by <> scored_by)))",
)
export class PaymentAssessmentEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_assessment' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_assessment' })
  id: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ type: 'smallint' })
  year: number;

  @Column({ type: 'numeric', precision: 5, scale: 2 })
  score: string;

  @Column({ name: 'grade_index', type: 'numeric', precision: 6, scale: 4 })
  gradeIndex: string;

  @Column({ type: 'integer' })
  complaints: number;

  @Column({ type: 'text', default: '' })
  evidence: string;

  @Column({ type: 'text', default: 'draft' })
  state: string;

  @Column({ name: 'scored_by', type: 'uuid' })
  scoredBy: string;

  @Column({ name: 'scored_by_name', type: 'text' })
  scoredByName: string;

  @Column({ name: 'confirmed_by', type: 'uuid', nullable: true })
  confirmedBy: string | null;

  @Column({ name: 'confirmed_by_name', type: 'text', nullable: true })
  confirmedByName: string | null;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}

/** A readmission to be judged (再入院审核项). */
@Entity('payment_readmission')
@Unique('uq_payment_readmission_settlement', ['poolArea', 'scheme', 'year', 'settlementId'])
@Index('ix_payment_readmission_provider', ['poolArea', 'scheme', 'year', 'providerId'])
@Check(
  'ck_payment_readmission_decided',
  "(((state = 'open'::text) = (decided_by IS NULL)) AND ((state = 'open'::text) OR (char_length(reason) >= 2)))",
)
@Check('ck_payment_readmission_gap', '(gap_days >= 0)')
@Check('ck_payment_readmission_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check('ck_payment_readmission_state', "(state = ANY (ARRAY['open'::text, 'reasonable'::text, 'unreasonable'::text]))")
export class PaymentReadmissionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_readmission' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_readmission' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'smallint' })
  year: number;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string;

  @Column({ name: 'first_settlement_id', type: 'uuid' })
  firstSettlementId: string;

  @Column({ name: 'settlement_id', type: 'uuid' })
  settlementId: string;

  @Column({ name: 'gap_days', type: 'integer' })
  gapDays: number;

  @Column({ type: 'text', default: 'open' })
  state: string;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'text', nullable: true })
  evidence: string | null;

  @Column({ name: 'decided_by', type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ name: 'decided_by_name', type: 'text', nullable: true })
  decidedByName: string | null;

  @Column({ name: 'decided_on', type: 'date', nullable: true })
  decidedOn: string | null;
}
