import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

// What the ORM is told of the books serves the check that schema and code agree; nothing is ever saved through it.

const now = (): string => 'now()';
const wallClock = (): string => 'clock_timestamp()';
// As the ORM reads it back: it drops casts (the column's real default is pg_current_xact_id()::text::bigint).
const currentTransaction = (): string => '((pg_current_xact_id()))';

/** Chart of accounts (会计科目). */
@Entity('ledger_account')
@Check('ck_ledger_account_code', `code ~ '^[1-9][0-9]{3}$'`)
@Check('ck_ledger_account_nature', `nature IN ('asset', 'liability', 'equity', 'income', 'expense')`)
@Check('ck_ledger_account_party_kind', `party_kind IN ('provider', 'person')`)
export class LedgerAccountEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_account' })
  code: string;

  @Column({ name: 'name_zh', type: 'text' })
  nameZh: string;

  @Column({ name: 'name_en', type: 'text' })
  nameEn: string;

  @Column({ type: 'text' })
  nature: string;

  @Column({ name: 'party_kind', type: 'text', nullable: true })
  partyKind: string | null;
}

/** A month of partitions is made for each table listed here; see `ensure_month_partitions`. */
@Entity('partitioned_table')
@Check('ck_partitioned_table_name', `name ~ '^[a-z][a-z0-9_]{1,40}$'`)
export class PartitionedTableEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_partitioned_table' })
  name: string;

  @Column({ type: 'text', nullable: true })
  guard: string | null;
}

/** Head of a journal (记账凭证), partitioned by period. */
@Entity('ledger_journal')
@Index('ix_ledger_journal_xid', { synchronize: false })
@Unique('uq_ledger_journal_source', ['poolArea', 'sourceId', 'sourceKind', 'ownerId', 'period'])
@Check('ck_ledger_journal_period', `EXTRACT(day FROM period) = 1`)
@Check('ck_ledger_journal_scheme', `scheme ~ '^[0-9]{3}$'`)
@Check('ck_ledger_journal_source', `source_kind ~ '^[a-z][a-z-]{1,40}$' AND source_id <> ''`)
@Check('ck_ledger_journal_line_count', `line_count > 0`)
@Check('ck_ledger_journal_total', `total_fen > 0`)
export class LedgerJournalEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_ledger_journal' })
  poolArea: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_ledger_journal' })
  period: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_ledger_journal' })
  id: string;

  /** Distribution key: the person of a settlement, else made from the source. */
  @PrimaryColumn({ name: 'owner_id', type: 'uuid', primaryKeyConstraintName: 'pk_ledger_journal' })
  ownerId: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ name: 'posted_on', type: 'date' })
  postedOn: string;

  @Column({ name: 'source_kind', type: 'text' })
  sourceKind: string;

  @Column({ name: 'source_id', type: 'text' })
  sourceId: string;

  @Column({ type: 'text', default: '' })
  memo: string;

  @Column({ name: 'line_count', type: 'smallint' })
  lineCount: number;

  @Column({ name: 'total_fen', type: 'bigint' })
  totalFen: bigint;

  @Column({ name: 'posted_by', type: 'text' })
  postedBy: string;

  /** The transaction that posted it. */
  @Column({ type: 'bigint', default: currentTransaction })
  xid: bigint;

  @Column({ name: 'created_at', type: 'timestamptz', default: now })
  createdAt: Date;
}

/** A debit–credit pair (分录), partitioned by period. */
@Entity('ledger_line')
@Check('ck_ledger_line_line_no', `line_no > 0`)
@Check('ck_ledger_line_amount', `amount_fen > 0`)
@Check('ck_ledger_line_two_sides', `debit_account <> credit_account OR debit_party IS DISTINCT FROM credit_party`)
export class LedgerLineEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_ledger_line' })
  poolArea: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_ledger_line' })
  period: string;

  @PrimaryColumn({ name: 'journal_id', type: 'uuid', primaryKeyConstraintName: 'pk_ledger_line' })
  journalId: string;

  @PrimaryColumn({ name: 'line_no', type: 'smallint', primaryKeyConstraintName: 'pk_ledger_line' })
  lineNo: number;

  /** The owner of its journal. */
  @PrimaryColumn({ name: 'owner_id', type: 'uuid', primaryKeyConstraintName: 'pk_ledger_line' })
  ownerId: string;

  @Column({ type: 'text' })
  scheme: string;

  @Column({ name: 'debit_account', type: 'text' })
  debitAccount: string;

  @Column({ name: 'credit_account', type: 'text' })
  creditAccount: string;

  @Column({ name: 'debit_party', type: 'uuid', nullable: true })
  debitParty: string | null;

  @Column({ name: 'credit_party', type: 'uuid', nullable: true })
  creditParty: string | null;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen: bigint;
}

/** A closed period (已结账期) and its seal. */
@Entity('ledger_period')
@Check('ck_ledger_period_period', `EXTRACT(day FROM period) = 1`)
@Check('ck_ledger_period_state', `state = 'closed'`)
@Check('ck_ledger_period_hash', `content_hash ~ '^[0-9a-f]{64}$'`)
export class LedgerPeriodEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_ledger_period' })
  poolArea: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_period' })
  scheme: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_ledger_period' })
  period: string;

  @Column({ type: 'text', default: 'closed' })
  state: string;

  @Column({ name: 'closed_by', type: 'text' })
  closedBy: string;

  @Column({ name: 'closed_at', type: 'timestamptz', default: wallClock })
  closedAt: Date;

  @Column({ name: 'journal_count', type: 'bigint' })
  journalCount: bigint;

  @Column({ name: 'line_count', type: 'bigint' })
  lineCount: bigint;

  @Column({ name: 'total_fen', type: 'bigint' })
  totalFen: bigint;

  @Column({ name: 'content_hash', type: 'text' })
  contentHash: string;
}

/** Turnover of an account in a closed period. */
@Entity('ledger_period_balance')
@ForeignKey(() => LedgerPeriodEntity, ['poolArea', 'scheme', 'period'], ['poolArea', 'scheme', 'period'], {
  name: 'fk_ledger_period_balance_period',
})
@Check('ck_ledger_period_balance_sides', `debit_fen >= 0 AND credit_fen >= 0`)
export class LedgerPeriodBalanceEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_ledger_period_balance' })
  poolArea: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_period_balance' })
  scheme: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'pk_ledger_period_balance' })
  period: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ledger_period_balance' })
  @ForeignKey(() => LedgerAccountEntity, 'code', { name: 'fk_ledger_period_balance_account' })
  account: string;

  @Column({ name: 'debit_fen', type: 'bigint' })
  debitFen: bigint;

  @Column({ name: 'credit_fen', type: 'bigint' })
  creditFen: bigint;
}
