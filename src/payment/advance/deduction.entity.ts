import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PaymentMonthEntity } from './month.entity.js';

/** An audited amount refused (审核扣款), proposed by one person and decided by another. */
@Entity('payment_deduction')
@Index('ix_payment_deduction_open', ['poolArea', 'scheme', 'month'], { where: "(state = 'decided'::text)" })
@ForeignKey(() => PaymentMonthEntity, ['poolArea', 'appliedMonthId'], ['poolArea', 'id'], {
  name: 'fk_payment_deduction_month',
})
@Check('ck_payment_deduction_amount', '(amount_fen > 0)')
@Check('ck_payment_deduction_applied', "((state = 'applied'::text) = (applied_month_id IS NOT NULL))")
@Check('ck_payment_deduction_month', '(EXTRACT(day FROM month) = (1)::numeric)')
@Check('ck_payment_deduction_reason', '((char_length(reason) >= 2) AND (char_length(reason) <= 500))')
@Check('ck_payment_deduction_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check(
  'ck_payment_deduction_state',
  "(state = ANY (ARRAY['proposed'::text, 'decided'::text, 'withdrawn'::text, 'applied'::text]))",
)
@Check(
  'ck_payment_deduction_two_persons',
  "(((state = 'proposed'::text) = (decided_by IS NULL)) AND ((decided_by IS NULL) OR (decided_by <> proposed_by)))",
)
export class PaymentDeductionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_deduction' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_deduction' })
  id: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'date' })
  month: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text', default: '' })
  document: string;

  @Column({ name: 'settlement_id', type: 'uuid', nullable: true })
  settlementId: string | null;

  @Column({ type: 'text', default: 'proposed' })
  state: string;

  @Column({ name: 'proposed_by', type: 'uuid' })
  proposedBy: string;

  @Column({ name: 'proposed_by_name', type: 'text' })
  proposedByName: string;

  @Column({ name: 'proposed_at', type: 'timestamptz', default: () => 'now()' })
  proposedAt: Date;

  @Column({ name: 'decided_by', type: 'uuid', nullable: true })
  decidedBy: string | null;

  @Column({ name: 'decided_by_name', type: 'text', nullable: true })
  decidedByName: string | null;

  @Column({ name: 'decided_on', type: 'date', nullable: true })
  decidedOn: string | null;

  @Column({ type: 'text', nullable: true })
  opinion: string | null;

  @Column({ name: 'applied_month_id', type: 'uuid', nullable: true })
  appliedMonthId: string | null;
}
