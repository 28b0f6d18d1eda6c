import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { PaymentBudgetEntity } from '../budget/budget.entity.js';

/** The settlement of one scheme and month (月结算). */
@Entity('payment_month')
@Unique('uq_payment_month_scheme_month', ['poolArea', 'scheme', 'month'])
@ForeignKey(() => PaymentBudgetEntity, ['poolArea', 'budgetId'], ['poolArea', 'id'], {
  name: 'fk_payment_month_budget',
})
@Check(
  'ck_payment_month_closed',
  "(((state = 'closed'::text) = (closed_on IS NOT NULL)) AND ((state <> 'closed'::text) OR ((snapshot_hash IS NOT NULL) AND (closed_by IS NOT NULL) AND (submitted_by IS NOT NULL))))",
)
@Check('ck_payment_month_month', '(EXTRACT(day FROM month) = (1)::numeric)')
@Check('ck_payment_month_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check(
  'ck_payment_month_state',
  "(state = ANY (ARRAY['running'::text, 'trial'::text, 'submitted'::text, 'reviewed'::text, 'approved'::text, 'returned'::text, 'closed'::text]))",
)
export class PaymentMonthEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_month' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_month' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'date' })
  month: string;

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

/** What a sheet is computed from, frozen when the run was planned. */
@Entity('payment_month_input')
@ForeignKey(() => PaymentMonthEntity, ['poolArea', 'monthId'], ['poolArea', 'id'], {
  name: 'fk_payment_month_input_month',
})
export class PaymentMonthInputEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_month_input' })
  poolArea: string;

  @PrimaryColumn({ name: 'month_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_input' })
  monthId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_input' })
  providerId: string;

  @Column({ type: 'jsonb' })
  facts: unknown;
}

/** One provider's sheet of a month. */
@Entity('payment_month_line')
@ForeignKey(
  () => PaymentMonthInputEntity,
  ['poolArea', 'monthId', 'providerId'],
  ['poolArea', 'monthId', 'providerId'],
  { name: 'fk_payment_month_line_input' },
)
@Check('ck_payment_month_line_accepted', '(accepted_fen = ((suspended_fen + as_billed_fen) + budgeted_fen))')
@Check(
  'ck_payment_month_line_adds_up',
  '(((((eligible_fen + as_billed_fen) + account_fen) + adjustment_fen) + carry_out_fen) = (((((deposit_fen + held_fen) + deduction_fen) + carry_in_fen) + recovered_fen) + pay_fen))',
)
@Check(
  'ck_payment_month_line_mode',
  "(mode = ANY (ARRAY['fixed'::text, 'share-of-actual'::text, 'actual-capped'::text, 'prior-average'::text]))",
)
@Check(
  'ck_payment_month_line_not_negative',
  '((LEAST(deposit_fen, held_fen, deduction_fen, carry_in_fen, recovered_fen, pay_fen, carry_out_fen, prepayment_fen, quota_fen) >= 0) AND ((pay_fen = 0) OR (carry_out_fen = 0)) AND (prepayment_fen <= pay_fen))',
)
export class PaymentMonthLineEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_month_line' })
  poolArea: string;

  @PrimaryColumn({ name: 'month_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_line' })
  monthId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_line' })
  providerId: string;

  @Column({ type: 'text' })
  mode: string;

  @Column({ type: 'integer' })
  settlements: number;

  @Column({ name: 'accepted_fen', type: 'bigint' })
  acceptedFen: bigint;

  @Column({ name: 'suspended_fen', type: 'bigint' })
  suspendedFen: bigint;

  @Column({ name: 'rescue_fen', type: 'bigint' })
  rescueFen: bigint;

  @Column({ name: 'as_billed_fen', type: 'bigint' })
  asBilledFen: bigint;

  @Column({ name: 'account_fen', type: 'bigint' })
  accountFen: bigint;

  @Column({ name: 'budgeted_fen', type: 'bigint' })
  budgetedFen: bigint;

  @Column({ name: 'quota_fen', type: 'bigint' })
  quotaFen: bigint;

  @Column({ name: 'cumulative_quota_fen', type: 'bigint' })
  cumulativeQuotaFen: bigint;

  @Column({ name: 'eligible_fen', type: 'bigint' })
  eligibleFen: bigint;

  @Column({ name: 'deposit_fen', type: 'bigint' })
  depositFen: bigint;

  @Column({ name: 'held_fen', type: 'bigint' })
  heldFen: bigint;

  @Column({ name: 'deduction_fen', type: 'bigint' })
  deductionFen: bigint;

  @Column({ name: 'adjustment_fen', type: 'bigint' })
  adjustmentFen: bigint;

  @Column({ name: 'carry_in_fen', type: 'bigint' })
  carryInFen: bigint;

  @Column({ name: 'recovered_fen', type: 'bigint' })
  recoveredFen: bigint;

  @Column({ name: 'pay_fen', type: 'bigint' })
  payFen: bigint;

  @Column({ name: 'carry_out_fen', type: 'bigint' })
  carryOutFen: bigint;

  @Column({ name: 'prepayment_fen', type: 'bigint' })
  prepaymentFen: bigint;

  @Column({ name: 'last_month_accepted_fen', type: 'bigint' })
  lastMonthAcceptedFen: bigint;

  @Column({ name: 'ytd_accepted_fen', type: 'bigint' })
  ytdAcceptedFen: bigint;

  @Column({ name: 'ytd_budgeted_fen', type: 'bigint' })
  ytdBudgetedFen: bigint;

  @Column({ name: 'ytd_eligible_fen', type: 'bigint' })
  ytdEligibleFen: bigint;

  @Column({ name: 'ytd_pay_fen', type: 'bigint' })
  ytdPayFen: bigint;

  @Column({ type: 'text', array: true })
  exceptions: string[];

  @Column({ type: 'jsonb' })
  trace: unknown;
}

/** A fund × category row of a sheet. */
@Entity('payment_month_cell')
@ForeignKey(
  () => PaymentMonthLineEntity,
  ['poolArea', 'monthId', 'providerId'],
  ['poolArea', 'monthId', 'providerId'],
  { name: 'fk_payment_month_cell_line', onDelete: 'CASCADE' },
)
@Check(
  'ck_payment_month_cell_category',
  "(category = ANY (ARRAY['outpatient'::text, 'chronic'::text, 'inpatient'::text, 'pharmacy'::text]))",
)
@Check(
  'ck_payment_month_cell_fund',
  "(fund = ANY (ARRAY['hifp'::text, 'cvlserv'::text, 'hifes'::text, 'hifmi'::text, 'hifob'::text, 'maf'::text, 'oth'::text]))",
)
export class PaymentMonthCellEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_month_cell' })
  poolArea: string;

  @PrimaryColumn({ name: 'month_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_cell' })
  monthId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_month_cell' })
  providerId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_payment_month_cell' })
  fund: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_payment_month_cell' })
  category: string;

  @Column({ name: 'accepted_fen', type: 'bigint' })
  acceptedFen: bigint;

  @Column({ name: 'suspended_fen', type: 'bigint' })
  suspendedFen: bigint;

  @Column({ name: 'as_billed_fen', type: 'bigint' })
  asBilledFen: bigint;

  @Column({ name: 'eligible_fen', type: 'bigint' })
  eligibleFen: bigint;

  @Column({ name: 'withheld_fen', type: 'bigint' })
  withheldFen: bigint;

  @Column({ name: 'ytd_accepted_fen', type: 'bigint' })
  ytdAcceptedFen: bigint;
}

/** An adjustment of an advance, with its reason; a line, never an edit. */
@Entity('payment_adjustment')
@ForeignKey(() => PaymentMonthEntity, ['poolArea', 'correctsMonthId'], ['poolArea', 'id'], {
  name: 'fk_payment_adjustment_corrects',
})
@ForeignKey(
  () => PaymentMonthInputEntity,
  ['poolArea', 'monthId', 'providerId'],
  ['poolArea', 'monthId', 'providerId'],
  { name: 'fk_payment_adjustment_input' },
)
@Check('ck_payment_adjustment_amount', '(amount_fen <> 0)')
@Check('ck_payment_adjustment_reason', '((char_length(reason) >= 2) AND (char_length(reason) <= 500))')
export class PaymentAdjustmentEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_adjustment' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_adjustment' })
  id: string;

  @Column({ name: 'month_id', type: 'uuid' })
  monthId: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text', default: '' })
  document: string;

  @Column({ name: 'corrects_month_id', type: 'uuid', nullable: true })
  correctsMonthId: string | null;

  @Column({ name: 'created_by', type: 'uuid' })
  createdBy: string;

  @Column({ name: 'created_by_name', type: 'text' })
  createdByName: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
