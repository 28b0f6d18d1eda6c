/** An instant as the bureau reads it: Shanghai time to the minute, whatever the clock of this computer says. */
const FORMAT = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** "2026-11-22 09:30", or a dash. */
export function instantText(instant: string | null | undefined): string {
  if (instant === null || instant === undefined || instant === '') return '—';
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? instant : FORMAT.format(date);
}

/** The current business month in Shanghai, "2026-11". */
export function currentMonth(now: Date): string {
  return FORMAT.format(now).slice(0, 7);
}

/** The month before: "2026-01" → "2025-12". */
export function previousMonth(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 1 ? `${String(year - 1)}-12` : `${String(year)}-${String(number - 1).padStart(2, '0')}`;
}
