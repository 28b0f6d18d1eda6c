import fc from 'fast-check';
import {
  type Accumulators,
  type BenefitInput,
  type BenefitLine,
  type BenefitPolicy,
  emptyAccumulators,
} from '../../src/benefits/index.js';
import { fen, type Fen, ratio } from '../../src/common/money/index.js';
import type { LocalDate } from '../../src/common/time/index.js';

const money = (max: number): fc.Arbitrary<Fen> => fc.integer({ min: 0, max }).map((amount) => fen(amount));
const tenThousandths = (value: number): string =>
  `${Math.floor(value / 10_000)}.${String(value % 10_000).padStart(4, '0')}`;

/** A line whose price, quantity, ceiling and self-pay share are any that a hospital could send. */
const line: fc.Arbitrary<Omit<BenefitLine, 'lineNo'>> = fc
  .record({
    class: fc.constantFrom<BenefitLine['class'][]>('A', 'A', 'B', 'B', 'C', 'none'),
    price: fc.integer({ min: 0, max: 90_000_000 }),
    quantity: fc.integer({ min: 0, max: 300_000 }),
    ceiling: fc.option(money(900_000), { nil: undefined }),
    selfpay: fc.integer({ min: 0, max: 100 }),
    tag: fc.constantFrom(undefined, undefined, undefined, 'special-drug', 'two-disease', 'consultation'),
    consent: fc.constantFrom(undefined, true, false),
    restrictedUnapproved: fc.constantFrom(undefined, undefined, undefined, true),
    approvedQuantity: fc.option(fc.integer({ min: 0, max: 300_000 }), { nil: undefined, freq: 8 }),
  })
  .map(({ price, quantity, ceiling, selfpay, tag, consent, restrictedUnapproved, approvedQuantity, ...rest }) => ({
    ...rest,
    itemCode: 'item',
    amount: fen((BigInt(price) * BigInt(quantity) + 500_000n) / 1_000_000n),
    quantity: tenThousandths(quantity),
    unitPrice: tenThousandths(price),
    selfpayRate: ratio(BigInt(selfpay), 100n),
    ...(ceiling === undefined ? {} : { ceiling }),
    ...(tag === undefined ? {} : { tag }),
    ...(consent === undefined ? {} : { consent }),
    ...(restrictedUnapproved === undefined ? {} : { restrictedUnapproved }),
    ...(approvedQuantity === undefined ? {} : { approved: { quantity: tenThousandths(approvedQuantity) } }),
  }));

/** Figures of a year in progress: anything that bills of the same person could have left. */
export const accumulators: fc.Arbitrary<Accumulators> = fc
  .record({
    admissions: fc.nat({ max: 6 }),
    deductiblePaid: money(400_000),
    inscp: money(40_000_000),
    poolPaid: money(35_000_000),
    burden: money(20_000_000),
    catastrophicPaid: money(40_000_000),
    largePaid: money(40_000_000),
    civilServantPaid: money(5_000_000),
    employerPaid: money(2_000_000),
    assistancePaid: money(6_000_000),
    outpatientPaid: money(700_000),
    outpatientInscp: money(2_000_000),
    outpatientDeductible: money(60_000),
    chronic: money(20_000_000),
  })
  .map(({ chronic, ...rest }) => ({
    ...rest,
    chronicPaid: keyed(chronic),
  }));

function keyed(amount: Fen): Record<string, Fen> {
  return amount === 0n ? {} : { M03900: amount, 'special-drug': amount };
}

const emptyYear: fc.Arbitrary<Accumulators> = fc.constant(emptyAccumulators());

/** Any bill that the policy can be asked to settle; its day lies in the policy's span. */
export function bills(policy: BenefitPolicy, maxLines = 6): fc.Arbitrary<BenefitInput> {
  const year = policy.validFrom.slice(0, 4);
  const insuredTypes: BenefitInput['insuredType'][] =
    policy.scheme === '310' ? ['employed', 'retired'] : ['adult', 'student', 'newborn'];
  return fc
    .record({
      insuredType: fc.constantFrom(...insuredTypes),
      identityMarks: fc.subarray(['tekun', 'dibao', 'poor', 'civil-servant', 'employer-supplement', 'family-doctor']),
      ageYears: fc.nat({ max: 100 }),
      category: fc.constantFrom<BenefitInput['category'][]>('outpatient', 'chronic', 'inpatient', 'pharmacy'),
      level: fc.constantFrom<BenefitInput['level'][]>('tertiary', 'secondary', 'primary'),
      visitDate: fc
        .record({ month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) })
        .map(
          ({ month, day }) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as LocalDate,
        ),
      place: fc.constantFrom<BenefitInput['place'][]>('in-pool', 'out-filed', 'out-unfiled'),
      referral: fc.constantFrom<BenefitInput['referral'][]>('none', 'referred', 'emergency', 'not-needed'),
      chronicCode: fc.constantFrom('M03900', 'M01600', 'M00500', 'M07800'),
      lines: fc.array(line, { minLength: 1, maxLength: maxLines }),
      accumulators: fc.oneof(emptyYear, accumulators),
      accountBalance: money(300_000),
    })
    .map(({ lines, ...rest }) => ({
      ...rest,
      scheme: policy.scheme,
      priceLevel: rest.level,
      lines: lines.map((each, index) => ({ ...each, lineNo: index + 1 })),
    }));
}
