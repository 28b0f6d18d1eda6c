import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

const wallClock = (): string => 'clock_timestamp()';

/** Forecast income of the fund by source (基金收入预算). */
@Entity('fund_income')
@Unique('uq_fund_income_row', ['poolArea', 'scheme', 'year', 'kind', 'tier'])
@Check('ck_fund_income_scheme', `scheme ~ '^[0-9]{3}$'`)
@Check('ck_fund_income_year', `year BETWEEN 2000 AND 2099`)
@Check('ck_fund_income_kind', `kind IN ('premium', 'subsidy', 'interest', 'transfer')`)
@Check(
  'ck_fund_income_tier',
  `(kind = 'subsidy') = (tier IN ('central', 'province', 'prefecture', 'county')) AND (kind = 'subsidy' OR tier = 'none')`,
)
@Check('ck_fund_income_forecast', `forecast_fen >= 0`)
export class FundIncomeEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_fund_income' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_fund_income' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ type: 'smallint' })
  year: number;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  tier: string;

  @Column({ name: 'forecast_fen', type: 'bigint' })
  forecastFen: bigint;

  @Column({ type: 'text', default: '' })
  basis: string;

  @Column({ type: 'integer', default: 1 })
  version: number;

  @Column({ name: 'updated_by', type: 'text' })
  updatedBy: string;

  @Column({ name: 'updated_at', type: 'timestamptz', default: wallClock })
  updatedAt: Date;
}

/** Money that came in; only ever inserted. */
@Entity('fund_receipt')
@Unique('uq_fund_receipt_reference', ['poolArea', 'reference'])
@ForeignKey(() => FundIncomeEntity, ['poolArea', 'incomeId'], ['poolArea', 'id'], { name: 'fk_fund_receipt_income' })
@Check('ck_fund_receipt_amount', `amount_fen > 0`)
@Check('ck_fund_receipt_reference', `char_length(reference) BETWEEN 1 AND 60`)
export class FundReceiptEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_fund_receipt' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_fund_receipt' })
  id: string;

  @Column({ name: 'income_id', type: 'uuid' })
  incomeId: string;

  @Column({ name: 'received_on', type: 'date' })
  receivedOn: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ type: 'text' })
  reference: string;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy: string;

  @Column({ name: 'recorded_at', type: 'timestamptz', default: wallClock })
  recordedAt: Date;
}

/** Money moved between the three accounts; only ever inserted. */
@Entity('fund_transfer')
@Unique('uq_fund_transfer_reference', ['poolArea', 'reference'])
@Check('ck_fund_transfer_path', `(from_account, to_account) IN (('1001', '1002'), ('1002', '1003'), ('1003', '1002'))`)
@Check('ck_fund_transfer_amount', `amount_fen > 0`)
@Check('ck_fund_transfer_reference', `char_length(reference) BETWEEN 1 AND 60`)
export class FundTransferEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_fund_transfer' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_fund_transfer' })
  id: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ name: 'from_account', type: 'text' })
  fromAccount: string;

  @Column({ name: 'to_account', type: 'text' })
  toAccount: string;

  @Column({ name: 'moved_on', type: 'date' })
  movedOn: string;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;

  @Column({ type: 'text' })
  reference: string;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy: string;

  @Column({ name: 'recorded_at', type: 'timestamptz', default: wallClock })
  recordedAt: Date;
}
