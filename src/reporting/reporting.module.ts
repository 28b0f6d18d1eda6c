import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { ReportsController } from './reports.controller.js';
import { Workplaces } from './workplace.js';
import { YearsReport } from './years.js';
import { YearTables } from './year-table.js';

/** Reports read; they never write. */
@Module({
  imports: [LedgerModule],
  controllers: [ReportsController],
  providers: [YearTables, YearsReport, Workplaces],
})
export class ReportingModule {}
