import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** An annual budget of one scheme (年度总额预算); each adjustment is a new version. */
@Entity('payment_budget')
@Unique('uq_payment_budget_version', ['poolArea', 'scheme', 'year', 'version'])
@Index('uq_payment_budget_in_preparation', ['poolArea', 'scheme', 'year'], {
  unique: true,
  where: "(state = ANY (ARRAY['draft'::text, 'published'::text, 'negotiated'::text, 'submitted'::text]))",
})
@Index('uq_payment_budget_in_force', ['poolArea', 'scheme', 'year'], {
  unique: true,
  where: "(state = 'in-force'::text)",
})
@ForeignKey(() => PaymentBudgetEntity, ['poolArea', 'baseId'], ['poolArea', 'id'], { name: 'fk_payment_budget_base' })
@Check(
  'ck_payment_budget_approved',
  "(((state = ANY (ARRAY['in-force'::text, 'adjusted'::text, 'closed'::text])) = (approved_by IS NOT NULL)) AND ((approved_by IS NULL) OR ((approved_by <> created_by) AND (in_force_from IS NOT NULL))))",
)
@Check('ck_payment_budget_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
@Check(
  'ck_payment_budget_state',
  "(state = ANY (ARRAY['draft'::text, 'published'::text, 'negotiated'::text, 'submitted'::text, 'in-force'::text, 'adjusted'::text, 'closed'::text]))",
)
@Check(
  'ck_payment_budget_sum',
  '((income_fen = ((reserve_fen + set_aside_fen) + available_fen)) AND (available_fen > 0))',
)
@Check('ck_payment_budget_version', "((version > 0) AND ((version = 1) OR (reason <> ''::text)))")
@Check('ck_payment_budget_year', '((year >= 2000) AND (year <= 2099))')
export class PaymentBudgetEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_budget' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'smallint' })
  year: number;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text' })
  state: string;

  @Column({ type: 'integer', default: 1 })
  round: number;

  @Column({ type: 'text', default: '' })
  reason: string;

  @Column({ name: 'base_id', type: 'uuid', nullable: true })
  baseId: string | null;

  @Column({ name: 'income_fen', type: 'bigint' })
  incomeFen: bigint;

  @Column({ name: 'reserve_fen', type: 'bigint' })
  reserveFen: bigint;

  @Column({ name: 'set_aside_fen', type: 'bigint' })
  setAsideFen: bigint;

  @Column({ name: 'available_fen', type: 'bigint' })
  availableFen: bigint;

  @Column({ name: 'policy_version', type: 'text' })
  policyVersion: string;

  @Column({ name: 'created_by', type: 'uuid' })
  createdBy: string;

  @Column({ name: 'created_by_name', type: 'text' })
  createdByName: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'published_on', type: 'date', nullable: true })
  publishedOn: string | null;

  @Column({ name: 'in_force_from', type: 'date', nullable: true })
  inForceFrom: string | null;

  @Column({ name: 'approved_by', type: 'uuid', nullable: true })
  approvedBy: string | null;

  @Column({ name: 'approved_by_name', type: 'text', nullable: true })
  approvedByName: string | null;
}

/** A named set-aside of a budget (单列资金). */
@Entity('payment_budget_set_aside')
@ForeignKey(() => PaymentBudgetEntity, ['poolArea', 'budgetId'], ['poolArea', 'id'], {
  name: 'fk_payment_budget_set_aside_budget',
})
@Check('ck_payment_budget_set_aside_amount', '(amount_fen >= 0)')
export class PaymentBudgetSetAsideEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_budget_set_aside' })
  poolArea: string;

  @PrimaryColumn({ name: 'budget_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget_set_aside' })
  budgetId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_payment_budget_set_aside' })
  code: string;

  @Column({ name: 'name_zh', type: 'text' })
  nameZh: string;

  @Column({ name: 'name_en', type: 'text' })
  nameEn: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;
}

/** One provider's part of a budget, with how it was computed. */
@Entity('payment_budget_line')
@ForeignKey(() => PaymentBudgetEntity, ['poolArea', 'budgetId'], ['poolArea', 'id'], {
  name: 'fk_payment_budget_line_budget',
})
@Check('ck_payment_budget_line_amounts', '(LEAST(base_fen, weight_fen, formula_fen, amount_fen) >= 0)')
@Check(
  'ck_payment_budget_line_negotiated',
  '(((negotiated_fen IS NULL) = (negotiated_reason IS NULL)) AND ((negotiated_fen IS NULL) OR ((negotiated_fen >= 0) AND (amount_fen = negotiated_fen))))',
)
export class PaymentBudgetLineEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_budget_line' })
  poolArea: string;

  @PrimaryColumn({ name: 'budget_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget_line' })
  budgetId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget_line' })
  providerId: string;

  @Column({ name: 'group_code', type: 'text' })
  groupCode: string;

  @Column({ name: 'base_fen', type: 'bigint' })
  baseFen: bigint;

  @Column({ name: 'by_group_average', type: 'boolean' })
  byGroupAverage: boolean;

  @Column({ name: 'weight_fen', type: 'bigint' })
  weightFen: bigint;

  @Column({ name: 'formula_fen', type: 'bigint' })
  formulaFen: bigint;

  @Column({ name: 'negotiated_fen', type: 'bigint', nullable: true })
  negotiatedFen: bigint | null;

  @Column({ name: 'negotiated_reason', type: 'text', nullable: true })
  negotiatedReason: string | null;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ type: 'jsonb' })
  facts: unknown;

  @Column({ type: 'jsonb' })
  trace: unknown;
}

/** The part of a provider’s budget for one month (月度额度). */
@Entity('payment_budget_quota')
@ForeignKey(
  () => PaymentBudgetLineEntity,
  ['poolArea', 'budgetId', 'providerId'],
  ['poolArea', 'budgetId', 'providerId'],
  { name: 'fk_payment_budget_quota_line', onDelete: 'CASCADE' },
)
@Check('ck_payment_budget_quota_amount', '(quota_fen >= 0)')
@Check('ck_payment_budget_quota_month', '(EXTRACT(day FROM month) = (1)::numeric)')
export class PaymentBudgetQuotaEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_budget_quota' })
  poolArea: string;

  @PrimaryColumn({ name: 'budget_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget_quota' })
  budgetId: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_budget_quota' })
  providerId: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_payment_budget_quota' })
  month: string;

  @Column({ name: 'quota_fen', type: 'bigint' })
  quotaFen: bigint;
}

/** A month before this system began, recorded at the start of operation. */
@Entity('payment_history')
@Check('ck_payment_history_amounts', '((budgeted_fen >= 0) AND (visits >= 0))')
@Check('ck_payment_history_month', '(EXTRACT(day FROM month) = (1)::numeric)')
@Check('ck_payment_history_scheme', "(scheme = ANY (ARRAY['310'::text, '390'::text]))")
export class PaymentHistoryEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_payment_history' })
  poolArea: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_payment_history' })
  scheme: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid', primaryKeyConstraintName: 'pk_payment_history' })
  providerId: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_payment_history' })
  month: string;

  @Column({ name: 'budgeted_fen', type: 'bigint' })
  budgetedFen: bigint;

  @Column({ type: 'integer' })
  visits: number;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy: string;
}
