import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApprovalActEntity } from './approval-act.entity.js';
import { Approvals } from './approvals.js';

/** Saying yes, by several people. */
@Module({
  imports: [TypeOrmModule.forFeature([ApprovalActEntity])],
  providers: [Approvals],
  exports: [Approvals],
})
export class ApprovalsModule {}
