import { yuanText } from '../../common/money/index.js';
import { SENTENCES } from './sentences.js';
import type { TraceStep } from './types.js';

const LEVELS = {
  zh: { tertiary: '三级', secondary: '二级', primary: '一级及以下' },
  en: { tertiary: 'tertiary', secondary: 'secondary', primary: 'primary' },
} as const;

const PLACES = {
  zh: { 'in-pool': '统筹区内', 'out-filed': '已备案异地', 'out-unfiled': '未备案异地' },
  en: { 'in-pool': 'inside the pool area', 'out-filed': 'outside, filed', 'out-unfiled': 'outside, not filed' },
} as const;

/**
 * A settlement in words: one numbered sentence per step of the trace, with amounts in yuan, ratios in percent and the article
 * of the policy. Works on a reversal's trace too.
 */
export function explain(trace: readonly TraceStep[], language: 'zh' | 'en'): string[] {
  return trace.map((step, index) => `${String(index + 1)}. ${sentence(step, language)}`);
}

function sentence(step: TraceStep, language: 'zh' | 'en'): string {
  const { params } = step;
  const facts: Record<string, string> = {
    base: yuanText(step.base),
    amount: yuanText(step.amount),
    ratio: step.ratio === null ? '' : percent(step.ratio),
  };
  for (const [name, value] of Object.entries(params)) facts[name] = String(value);
  facts['level'] = named(LEVELS[language], params['level']);
  facts['place'] = named(PLACES[language], params['place']);
  if (language === 'en' && params['planEn'] !== undefined) facts['plan'] = String(params['planEn']);
  facts['band'] = bandWords(step, language);
  const text = SENTENCES[step.code][language].replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? '');
  const clause = language === 'zh' ? `（依据：${step.clause}）` : ` (${step.clause})`;
  return step.clause === '' ? text : `${text}${clause}`;
}

function bandWords(step: TraceStep, language: 'zh' | 'en'): string {
  const { upTo } = step.params;
  if (upTo === undefined) return '';
  return language === 'zh' ? `（${String(upTo)}元以内档）` : ` (band up to ${String(upTo)})`;
}

function named(names: Readonly<Record<string, string>>, key: string | number | undefined): string {
  return key === undefined ? '' : (names[String(key)] ?? String(key));
}

/** "0.855" → "85.5%", by moving the point, so that no digit is lost. */
function percent(ratio: string): string {
  const [whole = '0', decimals = ''] = ratio.split('.');
  const moved = `${whole}${decimals.padEnd(2, '0').slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = decimals.slice(2);
  return `${moved}${rest === '' ? '' : `.${rest}`}%`;
}
