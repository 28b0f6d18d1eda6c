import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerModule } from '../ledger/index.js';
import { FundingController } from './funding.controller.js';
import { FundIncomeEntity, FundReceiptEntity, FundTransferEntity } from './funding.entity.js';
import { FundingService } from './funding.service.js';
import { Funding } from './funding.js';

/** What the fund expects and receives. */
@Module({
  imports: [LedgerModule, TypeOrmModule.forFeature([FundIncomeEntity, FundReceiptEntity, FundTransferEntity])],
  controllers: [FundingController],
  providers: [Funding, FundingService],
  exports: [Funding],
})
export class FundingModule {}
