import type { Tx } from '../db/index.js';
import { addDays, type LocalDate } from '../time/index.js';
import type { JobHandler } from './job-types.js';

/** Rows that are kept for a number of days only. Names are of the program, never from outside. */
export interface Purge {
  readonly kind: string;
  readonly poolArea: string;
  readonly table: string;
  /** The instant from which the days count; null = the row is kept. Needs an index. */
  readonly column: string;
  readonly keepDays: number;
}

/**
 * A job that runs every day and removes what is older than its time, a day at a time, each in a transaction of its own:
 * after a long rest there is no delete of millions of rows at once.
 */
export function purgeJob(purge: Purge): JobHandler {
  const { kind, poolArea, table, column, keepDays } = purge;
  return {
    kind,
    byHand: true,
    plan: async (tx, run) => {
      const last = addDays(run.period as LocalDate, -keepDays - 1);
      const { first } = await tx.one<{ first: LocalDate | null }>(
        `SELECT (min(${column}) AT TIME ZONE 'Asia/Shanghai')::date AS first FROM ${table} WHERE ${column} IS NOT NULL`,
      );
      return first === null ? [] : daysTo(first, last);
    },
    unit: async (tx, _run, day) => {
      await removeDay(tx, purge, day);
    },
    finish: (_tx, run) => Promise.resolve({ days: run.unitsPlanned ?? 0, keepDays }),
    due: (_tx, today) => Promise.resolve([{ kind, area: poolArea, period: today }]),
  };
}

async function removeDay(tx: Tx, { table, column }: Purge, day: string): Promise<void> {
  await tx.query(
    `DELETE FROM ${table} WHERE ${column} >= ($1::date)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND ${column} < ($1::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'`,
    [day],
  );
}

function daysTo(first: LocalDate, last: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}
