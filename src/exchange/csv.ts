import { stringify } from 'csv-stringify/sync';

const FORMULA = /^\s*[=+\-@\t\r]/;

/**
 * CSV with a byte-order mark, so that a spreadsheet reads Chinese. A cell that a spreadsheet would run as a formula gets an
 * apostrophe in front – also one that hides behind blanks (CWE-1236).
 */
export function csvText(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify(
    [headings, ...rows].map((row) => row.map(inert)),
    { bom: true },
  );
}

function inert(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
