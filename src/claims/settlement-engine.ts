import { Injectable } from '@nestjs/common';
import { BenefitPolicies, settle } from '../benefits/index.js';
import { Catalogue } from '../catalogue/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import { benefitInput, computedBill, type ItemLookup } from './domain/compute.js';
import { requireEligible, requireKnown } from './domain/eligibility.js';
import type { Bill, BillFacts, ComputedBill } from './domain/types.js';
import { claimsErrors } from './errors.js';

/** Who settles and when; the settlement carries both. */
export interface Posting {
  readonly poolArea: string;
  readonly postedBy: string;
  readonly at: Date;
  /** Whether the poster may act for an institution of this area; left out = for every one. */
  readonly serves?: (providerArea: string) => boolean;
}

/** Bill + facts → settlement, with the catalogue and the policy of the day from memory. No database. */
@Injectable()
export class SettlementEngine {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly policies: BenefitPolicies,
  ) {}

  /**
   * Computes one bill. Throws the refusal (`claims.*`, `eligibility.*`, `benefits.*`) of a bill that may not be settled.
   */
  compute(bill: Bill, facts: BillFacts, posting: Posting): ComputedBill {
    const known = requireKnown(bill, facts);
    if (posting.serves?.(known.provider.areaCode) === false) throw new DomainError(claimsErrors['provider-not-found']);
    const { scheme } = known.coverage;
    const policy = this.policies.inForce(posting.poolArea, scheme, bill.dischargedOn);
    requireEligible(bill, known, policy);
    const input = benefitInput(bill, known, this.lookup(bill, known.provider.priceLevel));
    return computedBill(bill, known, input, settle(input, policy), {
      settlementId: uuid7(bill.settledAt),
      visitId: uuid7(bill.settledAt),
      settledAt: bill.settledAt ?? posting.at,
      postedBy: posting.postedBy,
    });
  }

  private lookup(bill: Bill, priceLevel: string): ItemLookup {
    const snapshot = this.catalogue.snapshot();
    return (code, line) => {
      const item = snapshot.find(code, line.feeDate <= bill.dischargedOn ? line.feeDate : bill.dischargedOn);
      if (item === undefined) return undefined;
      return {
        class: item.class,
        selfpayRate: item.selfpayRate,
        ceiling: item.ceilings[priceLevel as keyof typeof item.ceilings],
        tag: item.special ?? undefined,
      };
    };
  }
}
