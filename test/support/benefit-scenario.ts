import { readFileSync } from 'node:fs';
import {
  type Accumulators,
  addAccumulators,
  type BenefitAmounts,
  type BenefitInput,
  type BenefitLine,
  type BenefitPolicies,
  type BenefitPolicy,
  emptyAccumulators,
  explain,
  negate,
  settle,
} from '../../src/benefits/index.js';
import { compilePolicy } from '../../src/benefits/domain/compile.js';
import type { PolicyDocument } from '../../src/benefits/domain/document.js';
import { benefitPolicySchema } from '../../src/benefits/policy.schema.js';
import { isDomainError } from '../../src/common/errors/index.js';
import { fen, type Fen, parseYuan, type Rate, rate, yuanText } from '../../src/common/money/index.js';
import { checkPolicy, type Json, overlay, parsePolicyYaml } from '../../src/common/policy/index.js';
import { parseLocalDate } from '../../src/common/time/index.js';

/** A scenario file: what a policy officer writes down, with the amounts in yuan. docs/policy-guide.md explains it. */
export interface ScenarioFile {
  title: string;
  cases: ScenarioCase[];
}

export interface ScenarioCase {
  name: string;
  /** A policy of the policy folder by its id … */
  policy?: string;
  /** … or rules of the case's own, laid over an empty policy. */
  rules?: Json;
  person?: { insuredType?: BenefitInput['insuredType']; marks?: string[]; age?: number };
  account?: number | string;
  /** What was used up in the year before the first bill. */
  year?: Record<string, number | string>;
  bills: ScenarioBill[];
}

export interface ScenarioBill extends Partial<
  Pick<BenefitInput, 'category' | 'level' | 'place' | 'referral' | 'chronicCode' | 'admissionOrdinal'>
> {
  on?: string;
  /** Reverses the n-th bill of the case (from 1) instead of settling one. */
  reverse?: number;
  from?: { level: BenefitInput['level']; deductible: number | string };
  lines?: ScenarioLine[];
  expect: Record<string, unknown>;
}

interface ScenarioLine {
  amount?: number | string;
  class?: BenefitLine['class'];
  selfpay?: number | string;
  quantity?: number | string;
  price?: number | string;
  ceiling?: number | string;
  tag?: string;
  restrictedUnapproved?: boolean;
  consent?: boolean;
  approved?: { price?: number | string; quantity?: number | string };
}

/** The empty policy that `rules` are laid over: everything in scope is the person's. */
const EMPTY_POLICY: Json = {
  kind: 'benefits',
  id: 'scenario',
  region: '331100',
  scheme: '390',
  validFrom: '2024-01-01',
  title: { zh: '情景', en: 'scenario' },
  sources: [{ name: 'scenario' }],
  lines: { clause: '第1条' },
  plans: {
    inpatient: {
      name: { zh: '住院统筹', en: 'Inpatient pool' },
      for: { categories: ['inpatient'] },
      accumulator: 'inpatient',
      clause: '第2条',
    },
    outpatient: {
      name: { zh: '门诊统筹', en: 'Outpatient pool' },
      for: { categories: ['outpatient', 'pharmacy'] },
      accumulator: 'outpatient',
      clause: '第3条',
    },
  },
  eligibility: { newbornGraceDays: 90, emergencyDespiteSuspension: true, physicianRequired: [], clause: '第4条' },
};

/** Reads a scenario file, or the scenario that a Markdown page shows as its first YAML block with a `title`. */
export function readScenarios(path: string): ScenarioFile {
  const text = readFileSync(path, 'utf8');
  const yaml = path.endsWith('.md') ? /```yaml\n(title: [^`]*)```/.exec(text)?.[1] : text;
  if (yaml === undefined) throw new Error(`${path} shows no scenario`);
  return parsePolicyYaml(yaml, path) as unknown as ScenarioFile;
}

/** A policy made of `rules` laid over the empty one, checked and compiled like a file. */
export function policyOf(rules: Json): BenefitPolicy {
  const file = checkPolicy<PolicyDocument>(overlay(EMPTY_POLICY, rules), benefitPolicySchema, 'scenario');
  return compilePolicy(file.document, file.version);
}

/** What one bill came to, with the expected values beside the actual ones under the same names. */
export interface ScenarioOutcome {
  readonly expected: Record<string, unknown>;
  readonly actual: Record<string, unknown>;
  readonly result: BenefitAmounts | null;
}

/** Settles the bills of a case one after the other, the year's figures carried on. */
export function runCase(scenario: ScenarioCase, policies: BenefitPolicies): ScenarioOutcome[] {
  const policy =
    scenario.policy === undefined
      ? policyOf(scenario.rules ?? {})
      : policies.list().find(({ id }) => id === scenario.policy);
  if (policy === undefined) throw new Error(`no policy ${scenario.policy ?? ''}`);
  let year: Accumulators = { ...emptyAccumulators(), ...yearOf(scenario.year ?? {}) };
  let account = yuan(scenario.account ?? 0);
  const done: BenefitAmounts[] = [];
  return scenario.bills.map((bill) => {
    // Made outside the `try`: a case that cannot be read is an error, not a refusal of the engine.
    const input = bill.reverse === undefined ? inputOf(scenario, bill, { policy, year, account }) : null;
    try {
      const result = input === null ? negate(at(done, (bill.reverse ?? 0) - 1)) : settle(input, policy);
      done.push(result);
      year = addAccumulators(year, result.delta);
      account = fen(account - result.acctPay);
      return { expected: bill.expect, actual: actualOf(bill.expect, result, year), result };
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return { expected: bill.expect, actual: { refused: error.code }, result: null };
    }
  });
}

function inputOf(
  scenario: ScenarioCase,
  bill: ScenarioBill,
  state: { policy: BenefitPolicy; year: Accumulators; account: Fen },
): BenefitInput {
  const { on, from, lines } = bill;
  return {
    scheme: state.policy.scheme,
    insuredType: scenario.person?.insuredType ?? (state.policy.scheme === '310' ? 'employed' : 'adult'),
    identityMarks: scenario.person?.marks ?? [],
    ageYears: scenario.person?.age ?? 45,
    category: bill.category ?? 'inpatient',
    level: bill.level ?? 'tertiary',
    priceLevel: bill.level ?? 'tertiary',
    place: bill.place ?? 'in-pool',
    referral: bill.referral ?? 'not-needed',
    ...(bill.chronicCode === undefined ? {} : { chronicCode: bill.chronicCode }),
    ...(bill.admissionOrdinal === undefined ? {} : { admissionOrdinal: bill.admissionOrdinal }),
    visitDate: on === undefined ? state.policy.validFrom : parseLocalDate(on),
    ...(from === undefined ? {} : { referredFrom: { level: from.level, deductible: yuan(from.deductible) } }),
    lines: (lines ?? []).map(lineOf),
    accumulators: state.year,
    accountBalance: state.account,
  };
}

function lineOf(line: ScenarioLine, index: number): BenefitLine {
  const price = line.price ?? line.amount ?? 0;
  const quantity = line.quantity ?? 1;
  return {
    lineNo: index + 1,
    itemCode: `item-${String(index + 1)}`,
    class: line.class ?? 'A',
    amount: yuan(line.amount ?? Number(price) * Number(quantity)),
    quantity: String(quantity),
    unitPrice: String(price),
    selfpayRate: shareOf(String(line.selfpay ?? 0)),
    ...(line.ceiling === undefined ? {} : { ceiling: yuan(line.ceiling) }),
    ...(line.tag === undefined ? {} : { tag: line.tag }),
    ...(line.restrictedUnapproved === undefined ? {} : { restrictedUnapproved: line.restrictedUnapproved }),
    ...(line.consent === undefined ? {} : { consent: line.consent }),
    ...(line.approved === undefined ? {} : { approved: approvedOf(line.approved) }),
  };
}

/** "10%" or "0.1". */
function shareOf(text: string): Rate {
  if (!text.endsWith('%')) return rate(text);
  const { numerator, denominator } = rate(text.slice(0, -1));
  return { numerator, denominator: denominator * 100n };
}

function approvedOf(approved: NonNullable<ScenarioLine['approved']>): NonNullable<BenefitLine['approved']> {
  return {
    ...(approved.price === undefined ? {} : { unitPrice: String(approved.price) }),
    ...(approved.quantity === undefined ? {} : { quantity: String(approved.quantity) }),
  };
}

/** The actual values under exactly the names that the case expects; a name that does not exist is an error of the case. */
function actualOf(
  expected: Record<string, unknown>,
  result: BenefitAmounts,
  year: Accumulators,
): Record<string, unknown> {
  const money: Record<string, Fen> = {
    ...result.totals,
    ...result.funds,
    fundPaySum: result.fundPaySum,
    psnPart: result.psnPart,
    hospPart: result.hospPart,
    acctPay: result.acctPay,
    cashPay: result.cashPay,
    deductible: result.deductible,
    special: result.special,
  };
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => {
      if (name === 'year') return [name, yearShown(value as Record<string, unknown>, year)];
      if (name === 'says') return [name, said(value as string[], result)];
      if (name === 'saysNot')
        return [name, (value as string[]).filter((phrase) => said([phrase], result).length === 0)];
      if (name === 'refused') return [name, 'settled'];
      const amount = money[name];
      if (amount === undefined) throw new Error(`a case cannot expect "${name}"`);
      return [name, Number(yuanText(amount))];
    }),
  );
}

function yearShown(expected: Record<string, unknown>, year: Accumulators): Record<string, unknown> {
  const { admissions, chronicPaid, ...money } = year;
  return Object.fromEntries(
    Object.keys(expected).map((name) => {
      if (name === 'admissions') return [name, admissions];
      const amount = (money as Record<string, Fen | undefined>)[name] ?? chronicPaid[name] ?? fen(0);
      return [name, Number(yuanText(amount))];
    }),
  );
}

/** Those of the expected phrases that the explanation really contains, in either language. */
function said(phrases: string[], result: BenefitAmounts): string[] {
  const text = [...explain(result.trace, 'zh'), ...explain(result.trace, 'en')].join('\n');
  return phrases.filter((phrase) => text.includes(phrase));
}

function yearOf(values: Record<string, number | string>): Partial<Accumulators> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, name === 'admissions' ? value : yuan(value)]),
  );
}

function yuan(value: number | string): Fen {
  return parseYuan(String(value));
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no bill no. ${String(index + 1)}`);
  return value;
}
