import { Module } from '@nestjs/common';
import { BenefitsModule } from '../benefits/index.js';
import { CatalogueModule } from '../catalogue/index.js';
import { OutboxModule } from '../common/outbox/index.js';
import { LedgerModule } from '../ledger/index.js';
import { ReversalService } from './reversal.service.js';
import { SettlementEngine } from './settlement-engine.js';
import { SettlementLane } from './settlement-lane.js';
import { SettlementService } from './settlement.service.js';
import { SettlementsController } from './settlements.controller.js';
import { BatchSettlement } from './batch-settlement.js';
import { Claims } from './claims.js';

/** Bills, settlements, reversals, the month state of claims. */
@Module({
  imports: [BenefitsModule, CatalogueModule, LedgerModule, OutboxModule],
  controllers: [SettlementsController],
  providers: [SettlementEngine, SettlementLane, SettlementService, ReversalService, BatchSettlement, Claims],
  exports: [Claims],
})
export class ClaimsModule {}
