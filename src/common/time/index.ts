export { asOf, Clock, FixedClock, SystemClock } from './clock.js';
export {
  addDays,
  addMonths,
  ageOn,
  daysBetween,
  firstDay,
  lastDay,
  type LocalDate,
  type Month,
  monthOf,
  monthsOfYear,
  nextMonth,
  parseLocalDate,
  parseMonth,
  yearOf,
} from './calendar.js';
export { businessDate } from './business-date.js';
