import { type Fen, type Rate, rateText, yuanText } from '../../common/money/index.js';

/** A text in both languages of the console. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export type TraceUnit = 'yuan' | 'rate' | 'count' | 'score' | 'text';

/** One figure that went into a formula, with where it came from. */
export interface TraceInput {
  readonly name: Text;
  /** Yuan with two decimals, a decimal rate, a count – by `unit`. */
  readonly value: string;
  readonly unit: TraceUnit;
  /** Where the figure stands: settlements of the month, a budget version, a policy item, a decision. */
  readonly source: Text;
}

/** One line of "how was this computed" (怎么算的): formula, inputs, result, clause. */
export interface TraceLine {
  readonly code: string;
  readonly label: Text;
  readonly formula: Text;
  readonly inputs: readonly TraceInput[];
  readonly result: string;
  readonly unit: TraceUnit;
  readonly clause: Text;
}

/** Clauses that the policy names for its items; the trace quotes them. */
export type Clauses = Readonly<Record<string, Text>>;

/** The clause of a policy item; a policy without it is refused when it is loaded, so an unknown key is a fault of the code. */
export function clauseOf(clauses: Clauses, key: string): Text {
  const clause = clauses[key];
  if (clause === undefined) throw new Error(`the payment policy names no clause for "${key}"`);
  return clause;
}

export function text(zh: string, en: string): Text {
  return { zh, en };
}

export function yuanInput(name: Text, amount: Fen, source: Text): TraceInput {
  return { name, value: yuanText(amount), unit: 'yuan', source };
}

export function rateInput(name: Text, value: Rate, source: Text): TraceInput {
  return { name, value: rateText(value, 4), unit: 'rate', source };
}

export function countInput(name: Text, value: bigint | number, source: Text): TraceInput {
  return { name, value: String(value), unit: 'count', source };
}

export function textInput(name: Text, value: string, source: Text): TraceInput {
  return { name, value, unit: 'text', source };
}

/** A trace line whose result is an amount. */
export function yuanLine(
  code: string,
  label: Text,
  formula: Text,
  inputs: readonly TraceInput[],
  result: Fen,
  clause: Text,
): TraceLine {
  return { code, label, formula, inputs, result: yuanText(result), unit: 'yuan', clause };
}

/** The trace in the words of one language, one sentence a line, for paper and for people who read no tables. */
export function explainTrace(lines: readonly TraceLine[], language: 'zh' | 'en'): string[] {
  const colon = language === 'zh' ? '：' : ': ';
  const separator = language === 'zh' ? '；' : '; ';
  return lines.map((line) => {
    const inputs = line.inputs
      .map((input) => `${input.name[language]} ${input.value} (${input.source[language]})`)
      .join(separator);
    return `${line.label[language]}${colon}${line.formula[language]} = ${line.result}${inputs === '' ? '' : ` [${inputs}]`} ⟨${line.clause[language]}⟩`;
  });
}

/** Sources that recur. */
export const SOURCE = {
  settlements: text(
    '当月结算单（冲销在发生月抵减）',
    'settlements of the month, reversals netted in the month they happen',
  ),
  yearSettlements: text('全年已结账月份', 'the closed months of the year'),
  policy: text('支付政策', 'payment policy'),
  agreement: text('服务协议', 'service agreement'),
  budget: text('年度预算', 'annual budget'),
  deductions: text('审核扣款决定', 'decided deductions'),
  adjustments: text('经办调整行', 'adjustment lines'),
  previousMonth: text('上月结转', 'carried from the month before'),
  monthsBefore: text('本年以前月份', 'months before in this year'),
  lastYear: text('上年度', 'last year'),
  recoverable: text('清算应收', 'receivable from a clearing'),
  assessment: text('年度考核', 'annual assessment'),
  advances: text('月度拨付', 'monthly advances'),
  computed: text('上一步', 'the step before'),
} as const;
