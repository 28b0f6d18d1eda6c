import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BenefitPolicies } from './benefit-policies.js';
import { BenefitPoliciesController } from './benefit-policies.controller.js';
import { BenefitPolicyVersionEntity } from './policy-version.entity.js';
import { PolicyVersions } from './policy-versions.js';

/** The benefits engine's policies: read from POLICY_DIR (default ./policy) once at start, so a faulty file stops the start. */
@Module({
  imports: [TypeOrmModule.forFeature([BenefitPolicyVersionEntity])],
  controllers: [BenefitPoliciesController],
  providers: [
    { provide: BenefitPolicies, useFactory: () => new BenefitPolicies(process.env['POLICY_DIR'] ?? 'policy') },
    PolicyVersions,
  ],
  exports: [BenefitPolicies, PolicyVersions],
})
export class BenefitsModule {}
