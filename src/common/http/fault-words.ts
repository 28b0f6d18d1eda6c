import type { Language } from './request-context.js';

/** A sentence in both languages. */
export interface FaultWords {
  readonly zh: string;
  readonly en: string;
}

/** One fault of an input: where it is, which rule it breaks, and how to mend it. */
export interface InputFault {
  /** Path of the member, e.g. `lines.3.amount`. */
  readonly field: string;
  readonly rule: string;
  readonly words: FaultWords;
}

type Wording = (limit: string) => FaultWords;

const NUMBER_OF_CHARACTERS: Readonly<Record<'min' | 'max', Wording>> = {
  max: (limit) => ({ zh: `太长：最多 ${limit} 个字符。`, en: `Too long: at most ${limit} characters.` }),
  min: (limit) => ({ zh: `太短：至少 ${limit} 个字符。`, en: `Too short: at least ${limit} characters.` }),
};
const SIZE: Readonly<Record<'min' | 'max', Wording>> = {
  max: (limit) => ({ zh: `过大：不超过 ${limit}。`, en: `Too large: at most ${limit}.` }),
  min: (limit) => ({ zh: `过小：不小于 ${limit}。`, en: `Too small: at least ${limit}.` }),
};
const ITEMS: Readonly<Record<'min' | 'max', Wording>> = {
  max: (limit) => ({ zh: `条目过多：最多 ${limit} 条。`, en: `Too many entries: at most ${limit}.` }),
  min: (limit) => ({ zh: `条目过少：至少 ${limit} 条。`, en: `Too few entries: at least ${limit}.` }),
};
const TYPE: Wording = (kind) => {
  const zh = {
    string: '文本（加引号）',
    integer: '整数',
    number: '数字',
    array: '列表',
    object: '对象',
    boolean: 'true 或 false',
  }[kind];
  return { zh: `类型不对：应为${zh ?? kind}。`, en: `Wrong type: must be ${kind}.` };
};
const CHOICE: Wording = (values) => ({ zh: `取值须为：${values}。`, en: `Must be one of: ${values}.` });
const FORM: Wording = (pattern) => ({
  zh: `格式不符（${pattern}）；金额写成 "7595.62"，日期 2026-10-31，月份 2026-10。`,
  en: `Does not have the form ${pattern}; amounts as "7595.62", days as 2026-10-31, months as 2026-10.`,
});
const MISSING: Wording = () => ({ zh: '缺少此项。', en: 'This member is missing.' });
const SUPERFLUOUS: Wording = () => ({ zh: '没有此项，请删除。', en: 'There is no such member; leave it out.' });

/** Wordings by the rule's name in the schema compiler and in the class validator. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  required: MISSING,
  isDefined: MISSING,
  additionalProperties: SUPERFLUOUS,
  whitelistValidation: SUPERFLUOUS,
  maxLength: NUMBER_OF_CHARACTERS.max,
  minLength: NUMBER_OF_CHARACTERS.min,
  maximum: SIZE.max,
  max: SIZE.max,
  minimum: SIZE.min,
  min: SIZE.min,
  maxItems: ITEMS.max,
  arrayMaxSize: ITEMS.max,
  minItems: ITEMS.min,
  arrayMinSize: ITEMS.min,
  type: TYPE,
  isString: () => TYPE('string'),
  isInt: () => TYPE('integer'),
  isArray: () => TYPE('array'),
  isBoolean: () => TYPE('boolean'),
  nestedValidation: () => TYPE('object'),
  enum: CHOICE,
  isIn: CHOICE,
  pattern: FORM,
  matches: FORM,
  isUuid: () => FORM('uuid'),
};

/**
 * The words for a broken rule.
 * @param limit what the rule compares with: a number, a type, a pattern, the allowed values; '' where it has none
 * @param fallback the library's own sentence, for a rule that has no words here
 */
export function faultWords(rule: string, limit: string, fallback: string): FaultWords {
  return WORDINGS[rule]?.(limit) ?? { zh: fallback, en: fallback };
}

/** The fault as the caller gets it, in one language. */
export function shownFault(fault: unknown, language: Language): unknown {
  if (typeof fault !== 'object' || fault === null || !('words' in fault)) return fault;
  const { words, ...rest } = fault as InputFault;
  return { ...rest, message: words[language] };
}
