import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A payment order (支付单) with its three persons. */
@Entity('payment_order')
@Unique('uq_payment_order_no', ['poolArea', 'orderNo'])
@Unique('uq_payment_order_source', ['poolArea', 'sourceKind', 'sourceId', 'providerId', 'attempt'])
@Index('ix_payment_order_provider', ['poolArea', 'providerId', 'id'])
@Index('ix_payment_order_state', ['poolArea', 'state', 'id'])
@Check('ck_payment_order_amount', '((amount_fen > 0) AND ((prepayment_fen >= 0) AND (prepayment_fen <= amount_fen)))')
@Check('ck_payment_order_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check('ck_payment_order_source', "((source_kind = ANY (ARRAY['month'::text, 'clearing'::text])) AND (attempt > 0))")
@Check(
  'ck_payment_order_state',
  "(state = ANY (ARRAY['prepared'::text, 'reviewed'::text, 'approved'::text, 'signed-off'::text, 'sent'::text, 'paid'::text, 'returned'::text, 'reconciled'::text]))",
)
@Check(
  'ck_payment_order_steps',
  "(((approved_by IS NULL) OR (reviewed_by IS NOT NULL)) AND ((signed_by IS NULL) OR (approved_by IS NOT NULL)) AND ((sent_on IS NULL) OR (signed_by IS NOT NULL)) AND ((paid_on IS NULL) OR (sent_on IS NOT NULL)) AND ((state <> ALL (ARRAY['paid'::text, 'reconciled'::text])) OR ((paid_on IS NOT NULL) AND (bank_reference IS NOT NULL))) AND ((state = 'returned'::text) = (returned_on IS NOT NULL)) AND ((state <> 'returned'::text) OR ((sent_on IS NOT NULL) AND (return_reason IS NOT NULL))))",
)
@Check(
  'ck_payment_order_three_persons',
  '(((reviewed_by IS NULL) OR (reviewed_by <> prepared_by)) AND ((approved_by IS NULL) OR ((approved_by <> prepared_by) AND (approved_by <> reviewed_by))) AND ((signed_by IS NULL) OR ((signed_by <> prepared_by) AND (signed_by <> reviewed_by))))',
)
export class PaymentOrderEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_order' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_order' })
  id: string;

  @Column({ name: 'order_no', type: 'text' })
  orderNo: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ name: 'source_kind', type: 'text' })
  sourceKind: string;

  @Column({ name: 'source_id', type: 'uuid' })
  sourceId: string;

  @Column({ type: 'integer', default: 1 })
  attempt: number;

  @Column({ type: 'date' })
  period: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ name: 'prepayment_fen', type: 'bigint', default: 0 })
  prepaymentFen: bigint;

  @Column({ name: 'payee_name', type: 'text' })
  payeeName: string;

  @Column({ name: 'payee_bank', type: 'text' })
  payeeBank: string;

  /** Sealed. */
  @Column({ name: 'payee_account', type: 'bytea' })
  payeeAccount: Buffer;

  @Column({ name: 'payee_account_masked', type: 'text' })
  payeeAccountMasked: string;

  @Column({ type: 'text', default: 'prepared' })
  state: string;

  @Column({ name: 'prepared_by', type: 'uuid' })
  preparedBy: string;

  @Column({ name: 'prepared_by_name', type: 'text' })
  preparedByName: string;

  @Column({ name: 'prepared_on', type: 'date' })
  preparedOn: string;

  @Column({ name: 'reviewed_by', type: 'uuid', nullable: true })
  reviewedBy: string | null;

  @Column({ name: 'reviewed_by_name', type: 'text', nullable: true })
  reviewedByName: string | null;

  @Column({ name: 'approved_by', type: 'uuid', nullable: true })
  approvedBy: string | null;

  @Column({ name: 'approved_by_name', type: 'text', nullable: true })
  approvedByName: string | null;

  @Column({ name: 'signed_by', type: 'uuid', nullable: true })
  signedBy: string | null;

  @Column({ name: 'signed_by_name', type: 'text', nullable: true })
  signedByName: string | null;

  @Column({ name: 'sent_on', type: 'date', nullable: true })
  sentOn: string | null;

  @Column({ name: 'paid_on', type: 'date', nullable: true })
  paidOn: string | null;

  @Column({ name: 'bank_reference', type: 'text', nullable: true })
  bankReference: string | null;

  @Column({ name: 'returned_on', type: 'date', nullable: true })
  returnedOn: string | null;

  @Column({ name: 'return_reason', type: 'text', nullable: true })
  returnReason: string | null;
}
