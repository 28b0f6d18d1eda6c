import { defineErrors, DomainError } from '../../common/errors/index.js';

/** The scale of a demonstration region: one person of it stands for `divisor` persons of the published prefecture. */
export interface Scale {
  /** "1:200". */
  readonly text: string;
  readonly divisor: number;
}

export const demoErrors = defineErrors('demo', {
  'bad-scale': {
    kind: 'invalid',
    zh: '演示规模写作 1:N，N 为 1 到 2000 的整数，例如 1:200；收到的是 {value}',
    en: 'The scale is written 1:N with a whole N from 1 to 2000, e.g. 1:200; it was {value}',
  },
  'database-not-empty': {
    kind: 'conflict',
    zh: '数据库中已有其他数据；演示区域只装入空数据库，请换一个空库',
    en: 'The database holds other data; a demonstration is loaded into an empty one only – give it another database',
  },
  'bad-years': {
    kind: 'invalid',
    zh: '历史年份写作“2011-2015”、“none”或“all”，范围 {first} 到 {last}；收到的是 {value}',
    en: 'The years of history are written "2011-2015", "none" or "all", from {first} to {last}; it was {value}',
  },
});

/** 1 : 2000 is the smallest region: below it a county would have a handful of bills a year. */
const SMALLEST = 2000;

/** Reads a scale in the notation of maps. @throws DomainError `demo.bad-scale` */
export function parseScale(text: string): Scale {
  const divisor = /^1:([1-9]\d{0,3})$/.exec(text.trim())?.[1];
  if (divisor === undefined || Number(divisor) > SMALLEST)
    throw new DomainError(demoErrors['bad-scale'], { value: text });
  return { text: `1:${divisor}`, divisor: Number(divisor) };
}

/** The years before last year that a load makes bills for, first and last; null = none. */
export type History = readonly [number, number] | null;

/** First year of the published table, and so of the longest history. */
export const FIRST_YEAR = 2011;

/**
 * Reads which years of history are wanted.
 * @param last the last year that can be history: the one before last year
 * @throws DomainError `demo.bad-years`
 */
export function parseYears(text: string, last: number): History {
  if (text === 'none') return null;
  if (text === 'all') return last < FIRST_YEAR ? null : [FIRST_YEAR, last];
  const found = /^(\d{4})-(\d{4})$/.exec(text.trim());
  const [from, to] = [Number(found?.[1]), Number(found?.[2])];
  if (!(from >= FIRST_YEAR && from <= to && to <= last)) {
    throw new DomainError(demoErrors['bad-years'], { value: text, first: FIRST_YEAR, last });
  }
  return [from, to];
}

/** The notation that `parseYears` reads. */
export function yearsText(history: History): string {
  return history === null ? 'none' : `${String(history[0])}-${String(history[1])}`;
}
