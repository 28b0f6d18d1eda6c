import { Module } from '@nestjs/common';
import { BenefitsModule } from '../benefits/index.js';
import { CatalogueModule } from '../catalogue/index.js';
import { EnrollmentModule } from '../enrollment/index.js';
import { OutboxModule } from '../common/outbox/index.js';
import { LedgerModule } from '../ledger/index.js';
import { DischargeImportJob } from './discharges/discharge-import.job.js';
import { DischargeImports } from './discharges/discharge-import.service.js';
import { DischargeImportsController } from './discharges/discharge-imports.controller.js';
import { LaneFigures } from './lane-figures.js';
import { ReversalService } from './reversal.service.js';
import { SettlementEngine } from './settlement-engine.js';
import { SettlementLane } from './settlement-lane.js';
import { SettlementService } from './settlement.service.js';
import { SettlementsController } from './settlements.controller.js';
import { BatchSettlement } from './batch-settlement.js';
import { Claims } from './claims.js';

/** Bills, settlements, reversals, the month state of claims. */
@Module({
  imports: [BenefitsModule, CatalogueModule, EnrollmentModule, LedgerModule, OutboxModule],
  controllers: [SettlementsController, DischargeImportsController],
  providers: [
    SettlementEngine,
    SettlementLane,
    LaneFigures,
    SettlementService,
    ReversalService,
    BatchSettlement,
    Claims,
    DischargeImportJob,
    DischargeImports,
  ],
  exports: [Claims, ReversalService],
})
export class ClaimsModule {}
