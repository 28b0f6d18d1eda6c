import { type Column, type RowFault } from '../../exchange/index.js';
import { type Fen, yuanText } from '../../common/money/index.js';
import type { Scheme } from '../../benefits/index.js';

/** Columns of a file of discharges, with the headings under which hospitals export them. */
export const DISCHARGE_COLUMNS: readonly Column[] = [
  { key: 'caseNo', names: ['病例号', '病案号', 'case no'], required: true },
  { key: 'sex', names: ['性别', 'sex'], required: true },
  { key: 'age', names: ['年龄', 'age'], required: true },
  { key: 'department', names: ['出院科室代码', '出院科室', 'department'], required: false },
  { key: 'days', names: ['住院天数', 'days'], required: true },
  { key: 'way', names: ['离院方式', 'discharge way'], required: false },
  { key: 'total', names: ['总费用', '住院总费用', 'total'], required: true },
  { key: 'scheme', names: ['医保类型', '险种', 'scheme'], required: true },
  { key: 'diagnosis', names: ['主要诊断编码', '主要诊断', 'main diagnosis'], required: true },
  { key: 'diagnoses', names: ['其他诊断编码', '其他诊断', 'other diagnoses'], required: false },
  { key: 'procedure', names: ['主要手术操作编码', '主要手术', 'main procedure'], required: false },
  { key: 'procedures', names: ['其他手术操作编码', '其他手术', 'other procedures'], required: false },
];

/** A discharge whose cells all make sense. */
export interface DischargeCase {
  readonly caseNo: string;
  readonly sex: '1' | '2';
  readonly ageYears: number;
  readonly department: string | undefined;
  readonly days: number;
  readonly way: string | undefined;
  readonly total: Fen;
  readonly scheme: Scheme;
  readonly mainDiagnosis: string;
  readonly otherDiagnoses: readonly string[];
  readonly mainProcedure: string | undefined;
  readonly otherProcedures: readonly string[];
}

/** Cells by column key; a column that the file does not have is an empty text. */
export type Cells = Readonly<Record<string, string>>;

const SEXES: Readonly<Record<string, '1' | '2'>> = { '1': '1', '2': '2', 男: '1', 女: '2' };
const SCHEMES: Readonly<Record<string, Scheme>> = {
  ...{ '310': '310', 职工: '310', 城镇职工: '310', 职工医保: '310' },
  ...{ '390': '390', 居民: '390', 城乡居民: '390', 居民医保: '390' },
};
const CASE_NO = /^[0-9A-Za-z_.-]{1,40}$/;
const CODE = /^[A-Z0-9][A-Z0-9.+*]{2,29}$/;
const AMOUNT = /^(\d{1,8})(?:\.(\d{1,2}))?$/;
const MAX_AGE = 130;
const MAX_DAYS = 3_650;

/** Reads one row; either the case or every fault of the row, each with its column, reason and remedy. */
export function readDischarge(
  cells: Cells,
): { readonly case: DischargeCase } | { readonly faults: readonly RowFault[] } {
  const faults: RowFault[] = [];
  const read = reader(cells, faults);
  const found: DischargeCase = {
    caseNo: read('caseNo', matches(CASE_NO), CASE_NO_FAULT) ?? '',
    sex: read('sex', (text) => SEXES[text], SEX_FAULT) ?? '1',
    ageYears: read('age', wholeUpTo(MAX_AGE), AGE_FAULT) ?? 0,
    department: optional(cells, 'department'),
    days: read('days', wholeUpTo(MAX_DAYS), DAYS_FAULT) ?? 0,
    way: optional(cells, 'way'),
    total: read('total', amount, TOTAL_FAULT) ?? (0n as Fen),
    scheme: read('scheme', (text) => SCHEMES[text], SCHEME_FAULT) ?? '390',
    mainDiagnosis: read('diagnosis', diseaseCode, CODE_FAULT) ?? '',
    otherDiagnoses: read('diagnoses', codeList, CODE_FAULT) ?? [],
    mainProcedure: cells['procedure'] === '' ? undefined : read('procedure', diseaseCode, CODE_FAULT),
    otherProcedures: read('procedures', codeList, CODE_FAULT) ?? [],
  };
  return faults.length > 0 ? { faults } : { case: found };
}

/** Fault of a row whose case number stood in the file before. */
export function repeatedCase(caseNo: string, firstRow: number): RowFault {
  return {
    ...{ column: heading('caseNo'), value: caseNo },
    reason: {
      zh: `病例号与第 ${String(firstRow)} 行重复`,
      en: `the case number stands in row ${String(firstRow)} already`,
    },
    remedy: { zh: '保留一行，或更正病例号', en: 'keep one of the rows, or correct the number' },
  };
}

/** Fault of a case that was settled before with another amount. */
export function settledDifferently(caseNo: string, settled: Fen): RowFault {
  return {
    ...{ column: heading('total'), value: caseNo },
    reason: {
      zh: `该病例已按 ${yuanText(settled)} 元结算，与本行金额不同`,
      en: `this case is settled with ${yuanText(settled)}, another amount than in this row`,
    },
    remedy: { zh: '先冲销原结算单，再导入', en: 'reverse that settlement first, then import again' },
  };
}

/** Fault of a row whose bill was refused. */
export function refusedRow(caseNo: string, reason: RowFault['reason']): RowFault {
  return {
    ...{ column: '', value: caseNo, reason },
    remedy: {
      zh: '处理该原因后，把这些行另存为一个文件再导入',
      en: 'deal with the reason, then import these rows as a file of their own',
    },
  };
}

type Words = Pick<RowFault, 'reason' | 'remedy'>;

const words = (zh: string, en: string, remedyZh: string, remedyEn: string): Words => ({
  reason: { zh, en },
  remedy: { zh: remedyZh, en: remedyEn },
});

const CASE_NO_FAULT = words(
  '病例号为空或含有不允许的字符',
  'the case number is empty or holds other characters',
  '填写 1–40 位字母、数字、点、横线',
  'write 1–40 letters, digits, dots or dashes',
);
const SEX_FAULT = words(
  '性别不是 1（男）或 2（女）',
  'sex is neither 1 (male) nor 2 (female)',
  '填 1 或 2',
  'write 1 or 2',
);
const AGE_FAULT = words(
  `年龄不是 0–${String(MAX_AGE)} 的整数`,
  `age is not a whole number from 0 to ${String(MAX_AGE)}`,
  '填写周岁整数，不足一岁填 0',
  'write completed years, 0 below one year',
);
const DAYS_FAULT = words(
  `住院天数不是 0–${String(MAX_DAYS)} 的整数`,
  `days is not a whole number from 0 to ${String(MAX_DAYS)}`,
  '填写整数天',
  'write whole days',
);
const TOTAL_FAULT = words(
  '总费用不是大于 0、最多两位小数的金额',
  'the total is not an amount above 0 with at most two decimals',
  '填写如 7595.62，不带单位和千分位',
  'write it like 7595.62, without unit or thousands separator',
);
const SCHEME_FAULT = words(
  '医保类型不是职工或居民',
  'the scheme is neither employee nor resident',
  '填 职工（310）或 居民（390）',
  'write 职工 (310) or 居民 (390)',
);
const CODE_FAULT = words(
  '编码不符合医保版 ICD 的写法',
  'the code is not written as in the insurance version of ICD',
  '更正编码；多个编码用 | 分隔',
  'correct the code; separate several with |',
);

function reader(
  cells: Cells,
  faults: RowFault[],
): <T>(key: string, parse: (text: string) => T | undefined, fault: Words) => T | undefined {
  return (key, parse, fault) => {
    const text = cells[key] ?? '';
    const value = parse(text);
    if (value === undefined) faults.push({ column: heading(key), value: text.slice(0, 100), ...fault });
    return value;
  };
}

function heading(key: string): string {
  return DISCHARGE_COLUMNS.find((column) => column.key === key)?.names[0] ?? key;
}

function matches(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}

function wholeUpTo(limit: number): (text: string) => number | undefined {
  return (text) => (/^\d{1,5}$/.test(text) && Number(text) <= limit ? Number(text) : undefined);
}

function amount(text: string): Fen | undefined {
  const match = AMOUNT.exec(text);
  if (match === null) return undefined;
  const total = BigInt(match[1] ?? '0') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
  return total > 0n ? (total as Fen) : undefined;
}

// Hospitals write the insurance version in either case; its own way is a capital letter first and a small x in extensions.
function diseaseCode(text: string): string | undefined {
  const upper = text.toUpperCase();
  return CODE.test(upper) ? upper.replace(/(?<=[0-9.])X/g, 'x') : undefined;
}

function codeList(text: string): string[] | undefined {
  if (text === '') return [];
  const codes = text.split('|').map((part) => diseaseCode(part.trim()));
  return codes.every((code) => code !== undefined) ? codes : undefined;
}

function optional(cells: Cells, key: string): string | undefined {
  const text = cells[key] ?? '';
  return text === '' ? undefined : text.slice(0, 40);
}
