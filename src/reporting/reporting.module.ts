import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { ReportsController } from './reports.controller.js';
import { Workplaces } from './workplace/workplace.service.js';
import { YearTables } from './year-table/year-table.service.js';

/** What is read across the rooms; it writes nothing. */
@Module({
  imports: [LedgerModule],
  controllers: [ReportsController],
  providers: [YearTables, Workplaces],
})
export class ReportingModule {}
