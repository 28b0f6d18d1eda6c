import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bills } from '../../../test/support/benefit-arbitraries.js';
import { BenefitPolicies } from '../benefit-policies.js';
import { explain } from './explain.js';
import { negate } from './reversal.js';
import { SENTENCES } from './sentences.js';
import { settle } from './settle.js';
import type { TraceCode } from './types.js';

const policies = new BenefitPolicies('policy').list();

describe('a settlement in words', () => {
  it('says every step in both languages, fills every blank and names the article', () => {
    const said = new Set<TraceCode>();
    for (const policy of policies) {
      fc.assert(
        fc.property(bills(policy), (bill) => {
          const { trace } = settle(bill, policy);
          for (const language of ['zh', 'en'] as const) {
            const sentences = explain(trace, language);
            const faulty = sentences.filter(
              (sentence, index) =>
                /[{}]|undefined|元元|，，/.test(sentence) ||
                !sentence.startsWith(`${String(index + 1)}. `) ||
                !sentence.includes(trace[index]?.clause ?? 'a clause'),
            );
            if (faulty.length > 0 || sentences.length !== trace.length) throw new Error(faulty.join(' '));
          }
          for (const step of trace) said.add(step.code);
        }),
        { numRuns: 2_000, seed: 7 },
      );
    }
    // Every sentence is needed: a step that no bill can reach would be dead words.
    expect([...said].sort()).toEqual((Object.keys(SENTENCES) as TraceCode[]).sort());
  });

  it('moves the decimal point of a ratio without losing a digit', () => {
    const step = { base: 100_00n, amount: 85_50n, clause: '第1条', params: { plan: '住院', planEn: 'Inpatient' } };
    const say = (ratio: string): string => explain([{ ...step, code: 'tier', ratio } as never], 'en')[0] ?? '';
    expect(say('0.855')).toContain('85.5% of 100.00');
    expect(say('1')).toContain('100% of 100.00');
    expect(say('0')).toContain(' 0% of 100.00');
    expect(say('0.05')).toContain(' 5% of 100.00');
    expect(say('0.000001')).toContain('0.0001% of');
  });

  it('explains a reversal too', () => {
    const [policy] = policies;
    if (policy === undefined) throw new Error('no policy');
    const [bill] = fc.sample(bills(policy), { numRuns: 1, seed: 1 });
    if (bill === undefined) throw new Error('no bill');
    expect(explain(negate(settle(bill, policy)).trace, 'zh')[0]).toMatch(/^1\. 医疗费总额-?\d+\.\d\d元/);
  });
});
