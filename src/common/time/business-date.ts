import { DateTime } from 'luxon';
import type { LocalDate } from './calendar.js';

/**
 * The business day of an instant: the date on the wall in Asia/Shanghai, whatever the zone of the server or of the
 * database session. The only place where an instant becomes a day.
 */
export function businessDate(instant: Date): LocalDate {
  return DateTime.fromJSDate(instant, { zone: 'Asia/Shanghai' }).toFormat('yyyy-MM-dd') as LocalDate;
}
