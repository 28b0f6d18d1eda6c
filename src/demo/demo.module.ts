import { Module } from '@nestjs/common';
import { BenefitsModule } from '../benefits/index.js';
import { CatalogueModule } from '../catalogue/index.js';
import { ClaimsModule } from '../claims/index.js';
import { EnrollmentModule } from '../enrollment/index.js';
import { FundingModule } from '../funding/index.js';
import { LedgerModule } from '../ledger/index.js';
import { PaymentModule } from '../payment/index.js';
import { ProvidersModule } from '../providers/index.js';
import { DemoBenefits } from './benefit-desk.js';
import { BillLoader } from './bill-loader.js';
import { BudgetLoader } from './budget-loader.js';
import { CounterLoader } from './counter-loader.js';
import { DemoSteps } from './demo-steps.js';
import { Demo } from './demo.service.js';
import { HistoryLoader } from './history-loader.js';
import { MonthLoader } from './month-loader.js';
import { PastLoader } from './past-loader.js';
import { PeopleLoader } from './people-loader.js';
import { RegisterLoader } from './register-loader.js';
import { YearClearing, YearLoader } from './year-loader.js';

/** The generator of the demonstration region. It has no endpoint: only the command line and tests load one. */
@Module({
  imports: [
    BenefitsModule,
    CatalogueModule,
    ClaimsModule,
    EnrollmentModule,
    FundingModule,
    LedgerModule,
    PaymentModule,
    ProvidersModule,
  ],
  providers: [
    Demo,
    DemoSteps,
    DemoBenefits,
    RegisterLoader,
    PeopleLoader,
    BillLoader,
    PastLoader,
    CounterLoader,
    BudgetLoader,
    MonthLoader,
    YearLoader,
    YearClearing,
    HistoryLoader,
  ],
  exports: [Demo],
})
export class DemoModule {}
