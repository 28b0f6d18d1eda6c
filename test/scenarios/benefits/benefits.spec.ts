import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BenefitPolicies } from '../../../src/benefits/index.js';
import { readScenarios, runCase } from '../../support/benefit-scenario.js';
import { expectConservation } from '../../support/conservation.js';

const folder = import.meta.dirname;
const policies = new BenefitPolicies('policy');

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(folder, name));

// The policy guide shows a scenario; what it shows must be true.
for (const file of [...files, join(folder, '../../../docs/policy-guide.md')]) {
  const { title, cases } = readScenarios(file);
  describe(title, () => {
    it.each(cases.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
      const outcomes = runCase(scenario, policies);
      expect(outcomes.map(({ actual }) => actual)).toEqual(outcomes.map(({ expected }) => expected));
      for (const { result } of outcomes) if (result !== null) expectConservation(result);
    });
  });
}
