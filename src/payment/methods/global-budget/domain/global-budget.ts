import { computeAdvance } from '../../../advance/domain/advance.js';
import { traceAdvance } from '../../../advance/domain/trace.js';
import { clearProvider } from '../../../clearing/domain/clearing.js';
import { traceClearing } from '../../../clearing/domain/trace.js';
import type { PaymentMethod } from '../../domain/method.js';

/** The global budget (总额预算): monthly advances against a quota, cleared in marginal bands of the annual budget. */
export const globalBudget: PaymentMethod = {
  code: 'global-budget',
  monthly(input, facts) {
    const result = computeAdvance(input);
    return { result, trace: traceAdvance(input, result, facts) };
  },
  annual: clearProvider,
  annualTrace: traceClearing,
};
