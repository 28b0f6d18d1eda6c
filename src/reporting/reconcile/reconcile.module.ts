import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/index.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { Reconciliation } from './reconciliation.js';

/** The proof that bills, books and payments agree. */
@Module({
  imports: [AuditModule],
  controllers: [ReconciliationController],
  providers: [Reconciliation],
  exports: [Reconciliation],
})
export class ReconcileModule {}
