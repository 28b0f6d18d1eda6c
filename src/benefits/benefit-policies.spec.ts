import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isDomainError } from '../common/errors/index.js';
import { parseLocalDate } from '../common/time/index.js';
import { BenefitPolicies } from './benefit-policies.js';

const demo = 'policy/regions/331100';

describe('the policies of the demonstration region', () => {
  const registry = new BenefitPolicies('policy');
  const on = (day: string) => parseLocalDate(day);

  it.each(['2024', '2025', '2026', '2027'])('cover both schemes on every day of %s', (year) => {
    for (const scheme of ['310', '390'] as const) {
      for (const day of [`${year}-01-01`, `${year}-07-01`, `${year}-12-31`]) {
        expect(registry.inForce('331100', scheme, on(day)).id).toBe(`331100-${scheme}-${year}`);
      }
    }
  });

  it('name their sources as a demonstration', () => {
    for (const policy of registry.list()) {
      expect(policy.document.sources[0]?.name).toBe('demonstration policy, shaped like published tables');
    }
  });

  it('carry over what a later year does not change', () => {
    const y2026 = registry.inForce('331100', '390', on('2026-03-01'));
    expect(y2026.document.ceiling).toEqual({ annual: 200000, clause: '居民示范办法第14条' });
    expect(y2026.document.plans['inpatient']?.deductible?.annualCap).toBe(3000);
  });

  it('refuse a day before the first policy with a code', () => {
    expect(() => registry.inForce('331100', '390', on('2010-12-31'))).toThrow(
      expect.objectContaining({ code: 'benefits.no-policy', kind: 'refused' }),
    );
  });
});

describe('a policy folder', () => {
  let folder: string;
  const base = readFileSync(join(demo, 'benefits-390-2024.yaml'), 'utf8');
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives a version that depends on what is said, not on how it is written', () => {
    write('a.yaml', base);
    const first = new BenefitPolicies(folder).list()[0]?.version;
    write('a.yaml', `# another comment\r\n${base.replace('region:', '# where\nregion:')}`);
    expect(new BenefitPolicies(folder).list()[0]?.version).toBe(first);
    write('a.yaml', base.replace('annual: 180000', 'annual: 180001'));
    const changed = new BenefitPolicies(folder).list()[0]?.version;
    expect(changed).toMatch(/^331100-390-2024@[0-9a-f]{16}$/);
    expect(changed).not.toBe(first);
  });

  it('refuses a faulty file with every fault and its place', () => {
    write(
      'a.yaml',
      base.replace('annual: 180000', 'annual: -5\n  surprise: 1').replace('places: [out-filed]', 'places: [moon]'),
    );
    const error = thrown(() => new BenefitPolicies(folder));
    expect(error.code).toBe('policy.malformed');
    expect(error.text('en')).toContain('/ceiling');
    expect(error.text('en')).toContain('surprise');
    expect(error.text('en')).toContain('/outOfArea/0/places/0');
  });

  it.each([
    ['upTo: 20000', 'upTo: 0', 'must end above the band before'],
    ['validTo: 2025-01-01', 'validTo: 2024-01-01', 'must be after validFrom'],
    ['from: 2024-07-01', 'from: 2024-02-30', 'is not a day'],
    ['style: ratio-cut\n    value: 5%', 'style: ratio-cut', 'needs a value'],
  ])('finds what a schema cannot see: %s → %s', (from, to, sentence) => {
    write('a.yaml', base.replace(from, to));
    expect(thrown(() => new BenefitPolicies(folder)).text('en')).toContain(sentence);
  });

  it('refuses policies of one scheme that overlap, and one that extends nothing', () => {
    write('a.yaml', base);
    write('b.yaml', base.replace('id: 331100-390-2024', 'id: 331100-390-other'));
    expect(thrown(() => new BenefitPolicies(folder)).code).toBe('benefits.overlap');
    write('b.yaml', 'kind: benefits\nid: 331100-390-x\nextends: 331100-390-missing\n');
    expect(thrown(() => new BenefitPolicies(folder)).code).toBe('policy.unknown-base');
  });

  it('keeps what it had when a reload finds a faulty file', () => {
    write('a.yaml', base);
    const registry = new BenefitPolicies(folder);
    const version = registry.list()[0]?.version;
    write('a.yaml', 'kind: benefits\nid: x: y');
    expect(
      thrown(() => {
        registry.reload();
      }).code,
    ).toBe('policy.unreadable');
    expect(registry.list()[0]?.version).toBe(version);
    write('a.yaml', base.replace('annual: 180000', 'annual: 190000'));
    registry.reload();
    expect(registry.list()[0]?.version).not.toBe(version);
  });
});

function thrown(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
