import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A benefit policy version that was loaded once; see migration 0006. */
@Entity('benefit_policy_version')
@Check('benefit_policy_version_ck_scheme', `scheme IN ('310', '390')`)
@Check('benefit_policy_version_ck_version', `version LIKE policy_id || '@%'`)
@Check('benefit_policy_version_ck_valid', 'NOT isempty(valid) AND NOT lower_inf(valid)')
export class BenefitPolicyVersionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'benefit_policy_version_pk' })
  poolArea: string;

  /** `id@hash`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'benefit_policy_version_pk' })
  version: string;

  @Column({ name: 'policy_id', type: 'text' })
  policyId: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'daterange' })
  valid: string;

  /** The complete policy document, as it was validated. */
  @Column({ type: 'jsonb' })
  document: object;

  @Column({ name: 'first_loaded_at', type: 'timestamptz', default: () => 'now()' })
  firstLoadedAt: Date;
}
