import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { PaymentBudgetEntity } from '../budget/budget.entity.js';

/** The annual clearing of one scheme (年终清算). */
@Entity('payment_clearing')
@Unique('uq_payment_clearing_scheme_year', ['poolArea', 'scheme', 'year'])
@ForeignKey(() => PaymentBudgetEntity, ['poolArea', 'budgetId'], ['poolArea', 'id'], {
  name: 'fk_payment_clearing_budget',
})
@Check(
  'ck_payment_clearing_closed',
  "(((state = 'closed'::text) = (closed_on IS NOT NULL)) AND ((state <> 'closed'::text) OR ((snapshot_hash IS NOT NULL) AND (closed_by IS NOT NULL) AND (submitted_by IS NOT NULL))))",
)
@Check('ck_payment_clearing_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check(
  'ck_payment_clearing_state',
  "(state = ANY (ARRAY['running'::text, 'trial'::text, 'submitted'::text, 'reviewed'::text, 'approved'::text, 'returned'::text, 'closed'::text]))",
)
export class PaymentClearingEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_clearing' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_clearing' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'smallint' })
  year: number;

  @Column({ type: 'text' })
  state: string;

  @Column({ type: 'integer', default: 1 })
  attempt: number;

  @Column({ type: 'integer', default: 1 })
  round: number;

  @Column({ name: 'run_id', type: 'uuid' })
  runId: string;

  @Column({ name: 'budget_id', type: 'uuid' })
  budgetId: string;

  @Column({ name: 'policy_version', type: 'text' })
  policyVersion: string;

  @Column({ name: 'inputs_hash', type: 'text', nullable: true })
  inputsHash: string | null;

  @Column({ name: 'snapshot_hash', type: 'text', nullable: true })
  snapshotHash: string | null;

  @Column({ name: 'forfeits_fen', type: 'bigint', default: 0 })
  forfeitsFen: bigint;

  @Column({ name: 'started_by', type: 'text' })
  startedBy: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'submitted_by', type: 'uuid', nullable: true })
  submittedBy: string | null;

  @Column({ name: 'submitted_by_name', type: 'text', nullable: true })
  submittedByName: string | null;

  @Column({ name: 'closed_on', type: 'date', nullable: true })
  closedOn: string | null;

  @Column({ name: 'closed_by', type: 'text', nullable: true })
  closedBy: string | null;
}

/** What a clearing line is computed from, frozen when the run was planned. */
@Entity('payment_clearing_input')
@ForeignKey(() => PaymentClearingEntity, ['poolArea', 'clearingId'], ['poolArea', 'id'], {
  name: 'fk_payment_clearing_input_clearing',
})
export class PaymentClearingInputEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_clearing_input' })
  poolArea: string;

  @PrimaryColumn({ name: 'clearing_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_clearing_input' })
  clearingId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_clearing_input' })
  providerId: string;

  @Column({ type: 'jsonb' })
  facts: unknown;
}

/** One provider's clearing. */
@Entity('payment_clearing_line')
@ForeignKey(
  () => PaymentClearingInputEntity,
  ['poolArea', 'clearingId', 'providerId'],
  ['poolArea', 'clearingId', 'providerId'],
  { name: 'fk_payment_clearing_line_input' },
)
@Check(
  'ck_payment_clearing_line_balance',
  '(balance_fen = ((((((payable_fen + account_fen) - deposit_held_fen) - paid_fen) - prepaid_fen) + deposit_returned_fen) + pool_share_fen))',
)
@Check(
  'ck_payment_clearing_line_conserved',
  '((accepted_fen + retained_fen) = ((payable_fen + borne_fen) + refused_fen))',
)
@Check(
  'ck_payment_clearing_line_deposit',
  '(((deposit_returned_fen + deposit_forfeited_fen) <= deposit_held_fen) AND (LEAST(deposit_returned_fen, deposit_forfeited_fen, pool_share_fen) >= 0))',
)
export class PaymentClearingLineEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_clearing_line' })
  poolArea: string;

  @PrimaryColumn({ name: 'clearing_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_clearing_line' })
  clearingId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_clearing_line' })
  providerId: string;

  @Column({ name: 'accepted_fen', type: 'bigint' })
  acceptedFen: bigint;

  @Column({ name: 'as_billed_fen', type: 'bigint' })
  asBilledFen: bigint;

  @Column({ name: 'account_fen', type: 'bigint' })
  accountFen: bigint;

  @Column({ name: 'refused_fen', type: 'bigint' })
  refusedFen: bigint;

  @Column({ name: 'budget_fen', type: 'bigint' })
  budgetFen: bigint;

  @Column({ name: 'a_fen', type: 'bigint' })
  aFen: bigint;

  @Column({ name: 'extra_fen', type: 'bigint' })
  extraFen: bigint;

  @Column({ name: 'saving_fen', type: 'bigint' })
  savingFen: bigint;

  @Column({ name: 'retained_fen', type: 'bigint' })
  retainedFen: bigint;

  @Column({ name: 'penalty_fen', type: 'bigint' })
  penaltyFen: bigint;

  @Column({ name: 'borne_fen', type: 'bigint' })
  borneFen: bigint;

  @Column({ name: 'payable_fen', type: 'bigint' })
  payableFen: bigint;

  @Column({ name: 'paid_fen', type: 'bigint' })
  paidFen: bigint;

  @Column({ name: 'prepaid_fen', type: 'bigint' })
  prepaidFen: bigint;

  @Column({ name: 'deposit_held_fen', type: 'bigint' })
  depositHeldFen: bigint;

  @Column({ name: 'deposit_returned_fen', type: 'bigint' })
  depositReturnedFen: bigint;

  @Column({ name: 'deposit_forfeited_fen', type: 'bigint' })
  depositForfeitedFen: bigint;

  @Column({ name: 'pool_share_fen', type: 'bigint' })
  poolShareFen: bigint;

  @Column({ name: 'balance_fen', type: 'bigint' })
  balanceFen: bigint;

  @Column({ name: 'quality_failures', type: 'text', array: true })
  qualityFailures: string[];

  @Column({ type: 'text', array: true })
  exceptions: string[];

  @Column({ type: 'jsonb' })
  trace: unknown;
}

/** What a clearing found to be recovered from a provider. */
@Entity('payment_recoverable')
@Unique('uq_payment_recoverable_provider', ['poolArea', 'clearingId', 'providerId'])
@ForeignKey(() => PaymentClearingEntity, ['poolArea', 'clearingId'], ['poolArea', 'id'], {
  name: 'fk_payment_recoverable_clearing',
})
@Check('ck_payment_recoverable_amount', '(amount_fen > 0)')
export class PaymentRecoverableEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_recoverable' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_recoverable' })
  id: string;

  @Column({ name: 'clearing_id', type: 'uuid' })
  clearingId: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
