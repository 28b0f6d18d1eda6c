import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerBalances } from './ledger-balances.js';
import { LedgerReader } from './ledger-reader.js';
import { LedgerController } from './ledger.controller.js';
import {
  LedgerAccountEntity,
  LedgerJournalEntity,
  LedgerLineEntity,
  LedgerPeriodBalanceEntity,
  LedgerPeriodEntity,
  PartitionedTableEntity,
} from './ledger.entity.js';
import { Ledger } from './ledger.js';
import { PartitionsJob } from './partitions.job.js';

/** The books: double entry, append-only, closed by period. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      LedgerAccountEntity,
      LedgerJournalEntity,
      LedgerLineEntity,
      LedgerPeriodEntity,
      LedgerPeriodBalanceEntity,
      PartitionedTableEntity,
    ]),
  ],
  controllers: [LedgerController],
  providers: [Ledger, LedgerBalances, LedgerReader, PartitionsJob],
  exports: [Ledger, LedgerBalances],
})
export class LedgerModule {}
