import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { DomainError } from '../common/errors/index.js';
import { exchangeErrors } from './errors.js';
import { inflatedSize } from './zip-size.js';

/** A table as it was in the file. `rowNo` is the line a person sees in a spreadsheet: headings are row 1. */
export interface Table {
  readonly format: 'csv' | 'xlsx';
  readonly encoding: 'utf-8' | 'gb18030' | 'xlsx';
  readonly headings: readonly string[];
  readonly rows: readonly { readonly rowNo: number; readonly cells: readonly string[] }[];
}

const MAX_BYTES = 20 * 1024 * 1024;
const MAX_INFLATED = 150 * 1024 * 1024;
const MAX_ROWS = 100_000;
const MAX_CELL = 4_000;
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];

/**
 * Reads CSV (UTF-8 with or without BOM, or GB18030, told apart by whether the bytes are valid UTF-8) or XLSX (the first
 * sheet; told by its first bytes, never by the file's name). Cells are text, without blanks around them; rows of blanks
 * only are left out.
 * @throws DomainError `exchange.*` for a file that cannot be read at all
 */
export async function readTable(bytes: Buffer): Promise<Table> {
  if (bytes.length === 0) throw new DomainError(exchangeErrors['empty-file']);
  if (bytes.length > MAX_BYTES) throw tooLarge(`${String(MAX_BYTES / 1024 / 1024)} MB`);
  if (ZIP_MAGIC.every((byte, index) => bytes[index] === byte)) return tableOf('xlsx', 'xlsx', await readSheet(bytes));
  const { text, encoding } = decode(bytes);
  return tableOf('csv', encoding, readCsv(text));
}

function decode(bytes: Buffer): { text: string; encoding: 'utf-8' | 'gb18030' } {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return { text, encoding };
    } catch {
      continue;
    }
  }
  throw new DomainError(exchangeErrors.encoding);
}

function readCsv(text: string): string[][] {
  try {
    return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: false, max_record_size: 1_000_000 });
  } catch (error) {
    const { lines, message } = error as { lines?: number; message: string };
    throw new DomainError(exchangeErrors['not-a-table'], { line: lines ?? '?', reason: message.slice(0, 120) });
  }
}

async function readSheet(bytes: Buffer): Promise<string[][]> {
  // A few kilobytes can inflate to gigabytes: the directory of the archive is asked before anything is inflated.
  if (inflatedSize(bytes) > MAX_INFLATED) throw tooLarge(`${String(MAX_INFLATED / 1024 / 1024)} MB`);
  const book = new ExcelJS.Workbook();
  try {
    await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 120) : 'XLSX';
    throw new DomainError(exchangeErrors['not-a-table'], { line: '?', reason });
  }
  const rows: string[][] = [];
  book.worksheets[0]?.eachRow({ includeEmpty: true }, (row, number) => {
    const cells: string[] = [];
    for (let column = 1; column <= row.cellCount; column += 1) cells.push(row.getCell(column).text);
    rows[number - 1] = cells;
  });
  return Array.from(rows, (row: string[] | undefined) => row ?? []);
}

function tableOf(format: Table['format'], encoding: Table['encoding'], lines: readonly (readonly string[])[]): Table {
  const trimmed = lines.map((line, index) => ({ rowNo: index + 1, cells: line.map((cell) => cell.trim()) }));
  const filled = trimmed.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [first, ...rows] = filled;
  if (first === undefined) throw new DomainError(exchangeErrors['empty-file']);
  if (rows.length > MAX_ROWS) throw tooLarge(`${String(MAX_ROWS)} rows`);
  const long = rows.find(({ cells }) => cells.some((cell) => cell.length > MAX_CELL));
  if (long !== undefined) {
    throw new DomainError(exchangeErrors['not-a-table'], {
      line: long.rowNo,
      reason: `> ${String(MAX_CELL)} 字/characters`,
    });
  }
  return { format, encoding, headings: first.cells, rows };
}

function tooLarge(limit: string): DomainError {
  return new DomainError(exchangeErrors['too-large'], { limit });
}
