import { AsyncLocalStorage } from 'node:async_hooks';
import { businessDate } from './business-date.js';
import type { LocalDate } from './calendar.js';

/** Where "now" comes from. Injected, so that rules and tests choose the time. */
export abstract class Clock {
  abstract now(): Date;

  /** Today's business day (Asia/Shanghai). */
  today(): LocalDate {
    return businessDate(this.now());
  }
}

const past = new AsyncLocalStorage<Date>();

/**
 * Runs `work` as if it happened at an instant of the past: only what `work` itself calls sees that instant on the system
 * clock, everything else in the process goes on in the present. The demonstration writes its history with it.
 */
export function asOf<T>(instant: Date, work: () => T): T {
  return past.run(instant, work);
}

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date(past.getStore() ?? Date.now());
  }
}

/** A clock that stands where it was put; history is generated and tests are run with it. */
export class FixedClock extends Clock {
  private instant: Date;

  constructor(instant: Date) {
    super();
    this.instant = instant;
  }

  now(): Date {
    return new Date(this.instant);
  }

  set(instant: Date): void {
    this.instant = instant;
  }
}
