import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rateText, yuanText } from '../../common/money/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import { PaymentPolicies } from './payment-policies.js';

const FILE = 'policy/regions/331100/payment.yaml';

describe('payment policies', () => {
  const policies = new PaymentPolicies('policy');
  const on = (day: string, scheme: '310' | '390') => policies.inForce('331100', scheme, parseLocalDate(day));

  it('the default bands: five of 2 points, overspend 50/40/30/20/10 %, saving 50/60/70/80/90 % and 50 % beyond', () => {
    const { overspend, saving } = on('2025-06-01', '310').clearing;
    const shown = (bands: typeof saving) =>
      bands.map((band) => [band.upTo === null ? null : rateText(band.upTo, 2), rateText(band.share, 2)]);
    expect(shown(overspend)).toEqual([
      ['0.02', '0.50'],
      ['0.04', '0.40'],
      ['0.06', '0.30'],
      ['0.08', '0.20'],
      ['0.10', '0.10'],
      [null, '0.00'],
    ]);
    expect(shown(saving).map(([, share]) => share)).toEqual(['0.50', '0.60', '0.70', '0.80', '0.90', '0.50']);
  });

  it('a scheme says only what differs from both schemes', () => {
    expect(yuanText(on('2025-06-01', '390').clearing.dualControl.targets.tertiary?.cost ?? (0n as never))).toBe(
      '13500.00',
    );
    expect(on('2025-06-01', '390').budget.setAsides.map((rule) => rule.code)).toContain('catastrophic-premium');
    expect(on('2025-06-01', '310').budget.setAsides.map((rule) => rule.code)).not.toContain('catastrophic-premium');
  });

  it('a new year is a file: from 2026 residents get a share of what was billed', () => {
    expect(on('2025-12-31', '390').advance.mode).toBe('actual-capped');
    expect(on('2026-01-01', '390').advance.mode).toBe('share-of-actual');
    expect(on('2026-01-01', '310').advance.mode).toBe('actual-capped');
    expect(on('2026-01-01', '310').version).not.toBe(on('2025-12-31', '310').version);
  });

  it('a day without a policy is refused', () => {
    expect(() => on('2023-12-31', '310')).toThrow(expect.objectContaining({ code: 'payment.no-policy' }));
  });

  describe('a faulty file stops the start', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'payment-policy-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    it.each([
      ['an unknown mode', 'mode: actual-capped', 'mode: by-feeling', 'policy.malformed'],
      ['a rate as a number', "reserveRate: '0.05'", 'reserveRate: 0.05', 'policy.malformed'],
      ['a share above 1', "- { upTo: '0.02', share: '0.50' }", "- { upTo: '0.02', share: '1.50' }", 'policy.malformed'],
      ['bands that fall', "upTo: '0.04'", "upTo: '0.01'", 'payment.policy-invalid'],
      ['a level in two groups', 'levels: [secondary]', 'levels: [secondary, tertiary]', 'payment.policy-invalid'],
      ['a clause left out', /^ {2}clearing.result:.*$/m, '', 'policy.malformed'],
      ['a misspelt key', 'startDay: 3', 'startday: 3', 'policy.malformed'],
    ])('%s', (_words, from, to, code) => {
      const text = readFileSync(FILE, 'utf8');
      expect(text.replace(from, to)).not.toBe(text);
      writeFileSync(join(folder, 'payment.yaml'), text.replace(from, to));
      expect(() => new PaymentPolicies(folder)).toThrow(expect.objectContaining({ code }));
    });
  });
});
