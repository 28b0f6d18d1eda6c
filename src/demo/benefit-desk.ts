import { Injectable } from '@nestjs/common';
import {
  type BenefitInput,
  BenefitPolicies,
  type BenefitResult,
  emptyAccumulators,
  settle,
} from '../benefits/index.js';
import { POOL } from './domain/geography.js';
import type { BenefitDesk } from './domain/past.js';

/** The one benefits engine with the policies of the demonstration's pool area; no database. */
@Injectable()
export class DemoBenefits implements BenefitDesk {
  readonly start = emptyAccumulators();

  constructor(private readonly policies: BenefitPolicies) {}

  settle(input: BenefitInput): BenefitResult {
    return settle(input, this.policies.inForce(POOL.code, input.scheme, input.visitDate));
  }
}
