import { defineErrors, DomainError } from '../errors/index.js';

/** A day of the business calendar (Asia/Shanghai) as text 'YYYY-MM-DD'. Text order is time order. */
export type LocalDate = string & { readonly __kind: 'LocalDate' };

/** A calendar month as text 'YYYY-MM'. Text order is time order. */
export type Month = string & { readonly __kind: 'Month' };

export const timeErrors = defineErrors('time', {
  'not-a-date': {
    kind: 'invalid',
    zh: '“{value}”不是日期：请写成 YYYY-MM-DD 的真实日期，例如 2026-10-31。',
    en: '"{value}" is not a date: write a real day as YYYY-MM-DD, such as 2026-10-31.',
  },
  'not-a-month': {
    kind: 'invalid',
    zh: '“{value}”不是月份：请写成 YYYY-MM，例如 2026-10。',
    en: '"{value}" is not a month: write it as YYYY-MM, such as 2026-10.',
  },
});

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Reads a day; error `time.not-a-date` when it is malformed or does not exist (2026-02-30). */
export function parseLocalDate(text: string): LocalDate {
  if (!DAY.test(text) || !exists(text)) {
    throw new DomainError(timeErrors['not-a-date'], { value: text.slice(0, 40) });
  }
  return text as LocalDate;
}

/** Reads a month; error `time.not-a-month`. */
export function parseMonth(text: string): Month {
  if (!MONTH.test(text)) {
    throw new DomainError(timeErrors['not-a-month'], { value: text.slice(0, 40) });
  }
  return text as Month;
}

/** The month that holds a day. */
export function monthOf(date: LocalDate): Month {
  return date.slice(0, 7) as Month;
}

/** The calendar year of a day or month. */
export function yearOf(date: LocalDate | Month): number {
  return Number(date.slice(0, 4));
}

/** First day of a month – also how a month is stored in a `date` column. */
export function firstDay(month: Month): LocalDate {
  return `${month}-01` as LocalDate;
}

/** Last day of a month, leap years included. */
export function lastDay(month: Month): LocalDate {
  return addDays(firstDay(nextMonth(month)), -1);
}

/** The day `days` after (or before, when negative). */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dayAt(midnight(date) + days * DAY_MS);
}

/** The month `months` after (or before, when negative). */
export function addMonths(month: Month, months: number): Month {
  const index = yearOf(month) * 12 + Number(month.slice(5)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}` as Month;
}

/** The month after. */
export function nextMonth(month: Month): Month {
  return addMonths(month, 1);
}

/** The twelve months of a year, January first. */
export function monthsOfYear(year: number): Month[] {
  return Array.from({ length: 12 }, (_, index) => `${String(year)}-${String(index + 1).padStart(2, '0')}` as Month);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (midnight(to) - midnight(from)) / DAY_MS;
}

/** Completed years of age on a day (周岁); someone born on 29 February completes a year on 1 March of a common year. */
export function ageOn(birth: LocalDate, on: LocalDate): number {
  const years = yearOf(on) - yearOf(birth);
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}

// UTC is only a vessel for calendar arithmetic here: no zone has a say in which day follows which. Days are counted many
// times for every bill, so this is the platform's own arithmetic and no library's.
function midnight(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function dayAt(instant: number): LocalDate {
  return new Date(instant).toISOString().slice(0, 10) as LocalDate;
}

// The platform takes 30 February for 2 March.
function exists(text: string): boolean {
  const instant = midnight(text);
  return !Number.isNaN(instant) && dayAt(instant) === text;
}
