import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
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
import { PaymentPolicies } from './policy/payment-policies.js';

/** Budgets, month settlements, clearings and payment orders. */
@Module({
  imports: [
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
  providers: [
    { provide: PaymentPolicies, useFactory: () => new PaymentPolicies(process.env['POLICY_DIR'] ?? 'policy') },
  ],
  exports: [PaymentPolicies],
})
export class PaymentModule {}
