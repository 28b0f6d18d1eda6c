/** What a run may be told by its environment; every number has the value of a full run. */
const number = (name, otherwise) => {
  const value = Number(process.env[name] ?? otherwise);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, got "${process.env[name]}"`);
  return value;
};

export const settings = {
  /** Rounds of every benchmark; figures are medians. */
  rounds: number('BENCH_ROUNDS', 3),
  /** Seconds of one run under load. */
  seconds: number('BENCH_SECONDS', 8),
  /** HTTP clients that each wait for their answer. */
  clients: number('BENCH_CLIENTS', 64),
  /** Server processes. */
  processes: number('BENCH_PROCESSES', 1),
  /** Insured persons of the pool under load. */
  persons: number('BENCH_PERSONS', 20_000),
  /** Settlements of each month that is closed. */
  monthBills: number('BENCH_MONTH_BILLS', 100_000),
  /** Rows of a file of discharges. */
  importRows: number('BENCH_IMPORT_ROWS', 10_000),
  /** Persons written into the registers. */
  registerPersons: number('BENCH_REGISTER_PERSONS', 50_000),
  /** Scales of the demonstration region whose cost per bill is compared, the smaller first. */
  scales: (process.env['BENCH_SCALES'] ?? '1:200,1:20').split(','),
  /** Years before last year that such a region has: `all`, `none` or `2011-2015`; last year and this year are always there. */
  years: process.env['BENCH_YEARS'] ?? 'all',
};
