import type { TFunction } from 'i18next';
import { formatYuan, ratioAsPercent } from '../money/format';
import type { ComputedStep } from '../widgets/HowComputed';

/** A text that the server gives in both languages. */
export interface BilingualText {
  zh: string;
  en: string;
}

/** One line of a calculation, as payment stores it with the result. */
export interface TraceLine {
  code: string;
  label: BilingualText;
  formula: BilingualText;
  inputs: { name: BilingualText; value: string; unit: TraceUnit; source: BilingualText }[];
  result: string;
  unit: TraceUnit;
  clause: BilingualText;
}

type TraceUnit = 'yuan' | 'rate' | 'count' | 'score' | 'text';

/** The text in the language of the reader. */
export function inLanguage(text: BilingualText, language: string): string {
  return language === 'en' ? text.en : text.zh;
}

function figure(value: string, unit: TraceUnit, t: TFunction): string {
  if (unit === 'yuan') return `${formatYuan(value)} ${t('money.yuan')}`;
  if (unit === 'rate') return ratioAsPercent(value) ?? value;
  return value;
}

/** A stored calculation as steps of the "how was this computed" drawer. */
export function stepsOf(trace: readonly TraceLine[], language: string, t: TFunction): ComputedStep[] {
  return trace.map((line) => ({
    title: inLanguage(line.label, language),
    formula: inLanguage(line.formula, language),
    inputs: line.inputs.map((input) => ({
      name: inLanguage(input.name, language),
      value: figure(input.value, input.unit, t),
      source: inLanguage(input.source, language),
    })),
    result: figure(line.result, line.unit, t),
    clause: inLanguage(line.clause, language),
  }));
}
