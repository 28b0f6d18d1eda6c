import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApprovalsModule } from '../approvals/index.js';
import { ClaimsModule } from '../claims/index.js';
import { DocumentsModule } from '../documents/index.js';
import { FundingModule } from '../funding/index.js';
import { LedgerModule } from '../ledger/index.js';
import { ProvidersModule } from '../providers/index.js';
import { PaymentDeductionEntity } from './advance/deduction.entity.js';
import {
  PaymentAdjustmentEntity,
  PaymentMonthCellEntity,
  PaymentMonthEntity,
  PaymentMonthInputEntity,
  PaymentMonthLineEntity,
} from './advance/month.entity.js';
import {
  PaymentBudgetEntity,
  PaymentBudgetLineEntity,
  PaymentBudgetQuotaEntity,
  PaymentBudgetSetAsideEntity,
  PaymentHistoryEntity,
} from './budget/budget.entity.js';
import {
  PaymentClearingEntity,
  PaymentClearingInputEntity,
  PaymentClearingLineEntity,
  PaymentRecoverableEntity,
} from './clearing/clearing.entity.js';
import { PaymentAssessmentEntity, PaymentReadmissionEntity } from './clearing/year.entity.js';
import { PaymentOrderEntity } from './orders/order.entity.js';
import { Deductions } from './advance/deductions.service.js';
import { MonthCloser } from './advance/month-closer.js';
import { MonthJob } from './advance/month.job.js';
import { MonthSettlements } from './advance/month.service.js';
import { ApprovalSteps } from './approval-steps.js';
import { BudgetHistory } from './budget/budget-history.js';
import { Budgets } from './budget/budget.service.js';
import { Assessments } from './clearing/assessments.service.js';
import { ClearingCloser } from './clearing/clearing-closer.js';
import { ClearingJob } from './clearing/clearing.job.js';
import { Clearings } from './clearing/clearing.service.js';
import { Readmissions } from './clearing/readmissions.service.js';
import { OrderIssue } from './orders/order-issue.js';
import { OrderPayees } from './orders/order-payees.js';
import { PaymentOrders } from './orders/orders.service.js';
import { PapersController } from './papers/papers.controller.js';
import { Papers } from './papers/papers.service.js';
import { BudgetsController } from './rest/budgets.controller.js';
import { ClearingsController } from './rest/clearings.controller.js';
import { DeductionsController } from './rest/deductions.controller.js';
import { MonthSettlementsController } from './rest/month-settlements.controller.js';
import { PaymentOrdersController } from './rest/payment-orders.controller.js';
import { YearFactsController } from './rest/year-facts.controller.js';
import { PaymentPolicies } from './policy/payment-policies.js';

/** Budgets, month settlements, clearings and payment orders. */
@Module({
  imports: [
    ApprovalsModule,
    LedgerModule,
    ProvidersModule,
    FundingModule,
    ClaimsModule,
    DocumentsModule,
    TypeOrmModule.forFeature([
      PaymentBudgetEntity,
      PaymentBudgetSetAsideEntity,
      PaymentBudgetLineEntity,
      PaymentBudgetQuotaEntity,
      PaymentHistoryEntity,
      PaymentMonthEntity,
      PaymentMonthInputEntity,
      PaymentMonthLineEntity,
      PaymentMonthCellEntity,
      PaymentAdjustmentEntity,
      PaymentDeductionEntity,
      PaymentClearingEntity,
      PaymentClearingInputEntity,
      PaymentClearingLineEntity,
      PaymentRecoverableEntity,
      PaymentAssessmentEntity,
      PaymentReadmissionEntity,
      PaymentOrderEntity,
    ]),
  ],
  controllers: [
    BudgetsController,
    MonthSettlementsController,
    DeductionsController,
    YearFactsController,
    ClearingsController,
    PaymentOrdersController,
    PapersController,
  ],
  providers: [
    { provide: PaymentPolicies, useFactory: () => new PaymentPolicies(process.env['POLICY_DIR'] ?? 'policy') },
    ApprovalSteps,
    Budgets,
    BudgetHistory,
    MonthJob,
    MonthSettlements,
    MonthCloser,
    Deductions,
    Assessments,
    Readmissions,
    ClearingJob,
    Clearings,
    ClearingCloser,
    OrderPayees,
    OrderIssue,
    PaymentOrders,
    Papers,
  ],
  exports: [
    PaymentPolicies,
    Budgets,
    BudgetHistory,
    MonthSettlements,
    MonthCloser,
    Deductions,
    Assessments,
    Readmissions,
    Clearings,
    ClearingCloser,
    PaymentOrders,
  ],
})
export class PaymentModule {}
