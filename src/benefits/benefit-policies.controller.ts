import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { isInForce } from '../common/policy/index.js';
import { parseLocalDate } from '../common/time/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { BenefitPolicies } from './benefit-policies.js';
import type { PolicyDocument } from './domain/document.js';
import { benefitErrors } from './domain/errors.js';
import type { BenefitPolicy } from './domain/policy.js';
import { BenefitPolicyDetailDto, BenefitPolicyPageDto, BenefitPolicyQueryDto } from './dto/benefit-policy.dto.js';
import { PolicyVersions } from './policy-versions.js';

@ApiTags('benefit-policies')
@ApiBearerAuth()
@Controller('benefit-policies')
export class BenefitPoliciesController {
  constructor(
    private readonly policies: BenefitPolicies,
    private readonly versions: PolicyVersions,
    private readonly transactions: Transactions,
  ) {}

  /** Benefit policies of the pool area with their versions and sources, by id. */
  @Get()
  @ApiOkResponse({ type: BenefitPolicyPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: BenefitPolicyQueryDto): Page<PolicySummary> {
    const page = pageOf.query(query, 1);
    const on = query.on === undefined ? undefined : parseLocalDate(query.on);
    const after = page.after?.[0] ?? '';
    const found = this.policies
      .list()
      .filter((policy) => policy.region === actor.poolArea && policy.id > after)
      .filter((policy) => query.scheme === undefined || policy.scheme === query.scheme)
      .filter((policy) => on === undefined || isInForce({ from: policy.validFrom, to: policy.validTo }, on));
    return pageOf.page(found.slice(0, page.limit + 1), page.limit, (policy) => [policy.id], shown);
  }

  /** One policy with all its rules: by its id as it is now, or by a version (`id@hash`) as it ever was. */
  @Get(':id')
  @ApiOkResponse({ type: BenefitPolicyDetailDto })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<PolicyDetail> {
    const policy = id.includes('@') ? await this.version(actor, id) : this.current(actor, id);
    return { ...shown(policy), document: policy.document };
  }

  private version(actor: Actor, version: string): Promise<BenefitPolicy> {
    return this.transactions.read((tx) => this.versions.get(tx, actor.poolArea, version));
  }

  private current(actor: Actor, id: string): BenefitPolicy {
    const found = this.policies.list().find((policy) => policy.region === actor.poolArea && policy.id === id);
    if (found === undefined) throw new DomainError(benefitErrors['unknown-version'], { version: id.slice(0, 80) });
    return found;
  }
}

type PolicySummary = Pick<BenefitPolicy, 'id' | 'version' | 'scheme' | 'validFrom' | 'validTo' | 'title'> & {
  readonly sources: PolicyDocument['sources'];
};

type PolicyDetail = PolicySummary & { readonly document: PolicyDocument };

function shown(policy: BenefitPolicy): PolicySummary {
  const { id, version, scheme, validFrom, validTo, title } = policy;
  return { id, version, scheme, validFrom, validTo, title, sources: policy.document.sources };
}
