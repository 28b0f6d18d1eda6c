import { amountFigures } from '../../../documents/index.js';
import { type Fen, parseYuan } from '../../../common/money/index.js';
import type { TraceInput, TraceLine } from '../../domain/trace.js';
import type { Category, Fund, Level, Scheme } from '../../domain/types.js';

// The words of the papers; the console uses the same.
export const SCHEME_NAMES: Readonly<Record<Scheme, string>> = {
  '310': '职工基本医疗保险',
  '390': '城乡居民基本医疗保险',
};

export const FUND_NAMES: Readonly<Record<Fund, string>> = {
  hifp: '统筹基金',
  cvlserv: '公务员补助',
  hifes: '企业补充',
  hifmi: '居民大病',
  hifob: '职工大额',
  maf: '医疗救助',
  oth: '其他基金',
};

export const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  outpatient: '普通门诊',
  chronic: '门诊慢特病',
  inpatient: '住院',
  pharmacy: '药店购药',
};

export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  tertiary: '三级',
  secondary: '二级',
  primary: '一级及以下',
};

/** Printed on a paper whose month or year is not closed: its figures may still change. */
export const NOT_CLOSED = '试算，未结账';

/** To whom a paper goes, as frozen when the run was planned. */
export interface PaperProvider {
  readonly name: string;
  /** National code of the institution. */
  readonly code: string;
  readonly level: Level;
}

/** What every paper carries, whatever it says. */
export interface PaperHead {
  readonly issuer: string;
  /** Closing day of what is closed, else today. */
  readonly issuedOn: string;
  /** Hash that sealed the figures when they were closed; null = not closed. */
  readonly hash: string | null;
}

/** Who took the steps of the round; empty where nobody has yet. */
export interface Signers {
  readonly made: string;
  readonly reviewed: string;
  readonly approved: string;
}

/** The acts of a run's current round as a sign block. Earlier rounds were given back and sign nothing. */
export function signersOf(
  acts: readonly { readonly round: number; readonly step: string; readonly actorName: string }[],
  round: number,
): Signers {
  const by = (step: string): string => acts.find((act) => act.round === round && act.step === step)?.actorName ?? '';
  return { made: by('submit'), reviewed: by('review'), approved: by('approve') };
}

/** The sign block of month sheets and letters. */
export function signBlock(signers: Signers): { role: string; name: string }[] {
  return [
    { role: '经办', name: signers.made },
    { role: '复核', name: signers.reviewed },
    { role: '审批', name: signers.approved },
  ];
}

/** What the QR code says: number and hash, or that there is no hash yet. */
export function verificationOf(number: string, hash: string | null): string {
  return `${number}|${hash ?? 'TRIAL'}`;
}

/** The sentence on the hash that stands on every paper. */
export function hashNote(hash: string | null): string {
  return hash === null ? `校验值：无（${NOT_CLOSED}，数据可能变动，不作拨付依据）` : `校验值（SHA-256）：${hash}`;
}

/** A row of a table of amounts: name, amount, where it comes from. */
export function amountRow(name: string, amount: Fen, about = '', isSum = false): { cells: string[]; isSum: boolean } {
  return { cells: [name, amountFigures(amount), about], isSum };
}

/** One step of a trace as a row: what, by which formula from which figures, result, clause. */
export function traceRow(line: TraceLine): { cells: string[] } {
  const inputs = line.inputs.map((input) => `${input.name.zh} ${valueText(input)}`).join('；');
  const how = inputs === '' ? line.formula.zh : `${line.formula.zh}\n${inputs}`;
  const cells = [line.label.zh, how, valueText({ value: line.result, unit: line.unit }), line.clause.zh];
  return { cells: cells.map(printable) };
}

// Fonts of Chinese papers have no subscript figures; r₁ is printed r1, as an official paper writes it.
function printable(text: string): string {
  return text.replace(/[₀-₉]/g, (digit) => String((digit.codePointAt(0) ?? 0) - 0x2080));
}

const YUAN = /^-?\d+\.\d{2}$/;

function valueText({ value, unit }: Pick<TraceInput, 'value' | 'unit'>): string {
  return unit === 'yuan' && YUAN.test(value) ? amountFigures(parseYuan(value)) : value;
}
