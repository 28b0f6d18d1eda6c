import { Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { Transactions, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { BenefitPolicies } from './benefit-policies.js';
import { compilePolicy } from './domain/compile.js';
import type { PolicyDocument } from './domain/document.js';
import { benefitErrors } from './domain/errors.js';
import type { BenefitPolicy } from './domain/policy.js';

/** Keeps every policy version that was ever loaded, so that an old settlement can be replayed under its own rules. */
@Injectable()
export class PolicyVersions implements OnApplicationBootstrap {
  constructor(
    private readonly policies: BenefitPolicies,
    private readonly transactions: Transactions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.transactions.run((tx) => this.record(tx));
  }

  /** Stores the versions that are loaded now and not stored yet. Several processes may do it at once. */
  async record(tx: Tx): Promise<void> {
    const loaded = this.policies.list().map((policy) => ({
      pool_area: policy.region,
      version: policy.version,
      policy_id: policy.id,
      scheme: policy.scheme,
      valid_from: policy.validFrom,
      valid_to: policy.validTo,
      document: policy.document,
    }));
    await tx.query(
      `INSERT INTO benefit_policy_version (pool_area, version, policy_id, scheme, valid, document)
       SELECT pool_area, version, policy_id, scheme, daterange(valid_from, valid_to), document
       FROM jsonb_to_recordset($1::jsonb) AS loaded (
         pool_area text, version text, policy_id text, scheme text, valid_from date, valid_to date, document jsonb)
       ORDER BY pool_area, version
       ON CONFLICT ON CONSTRAINT benefit_policy_version_pk DO NOTHING`,
      [JSON.stringify(loaded)],
    );
  }

  /** A version of a pool area, loaded now or at any time before. Error `benefits.unknown-version`. */
  async get(tx: Tx, poolArea: string, version: string): Promise<BenefitPolicy> {
    const loaded = this.policies.list().find((policy) => policy.region === poolArea && policy.version === version);
    if (loaded !== undefined) return loaded;
    const stored = await tx.maybe<{ document: PolicyDocument }>(
      'SELECT document FROM benefit_policy_version WHERE pool_area = $1 AND version = $2',
      [poolArea, version],
    );
    if (stored === undefined) {
      throw new DomainError(benefitErrors['unknown-version'], { version: version.slice(0, 80) });
    }
    return compilePolicy(stored.document, version);
  }
}
