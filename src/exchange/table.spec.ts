import { describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { csvText, mapHeadings, readTable } from './index.js';

const COLUMNS = [
  { key: 'case', names: ['病例号', 'case no'], required: true },
  { key: 'total', names: ['总费用'], required: true },
  { key: 'way', names: ['离院方式'], required: false },
];
/** 病例号,总费用 / C1,1.50 in GB18030. */
const GB = Buffer.from('b2a1c0fdbac52cd7dcb7d1d3c30a43312c312e35300a', 'hex');

describe('reading a table', () => {
  it.each([
    ['UTF-8', Buffer.from('病例号,总费用\nC1,1.50\n'), 'utf-8'],
    ['UTF-8 with a byte-order mark and CRLF', Buffer.from('\uFEFF病例号,总费用\r\nC1,1.50\r\n'), 'utf-8'],
    ['GB18030', GB, 'gb18030'],
  ])('%s', async (_, bytes, encoding) => {
    expect(await readTable(bytes)).toEqual({
      ...{ format: 'csv', encoding, headings: ['病例号', '总费用'] },
      rows: [{ rowNo: 2, cells: ['C1', '1.50'] }],
    });
  });

  it('an XLSX, told by its bytes', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('x').addRows([['病例号', '总费用'], ['C1', '1.50'], [], ['C2', 2]]);
    const table = await readTable(Buffer.from(await book.xlsx.writeBuffer()));
    expect(table.rows).toEqual([
      { rowNo: 2, cells: ['C1', '1.50'] },
      { rowNo: 4, cells: ['C2', '2'] },
    ]);
  });

  it('counts rows as a spreadsheet shows them, blank rows included', async () => {
    const { rows } = await readTable(Buffer.from('a,b\n\n,\n1,2\n'));
    expect(rows).toEqual([{ rowNo: 4, cells: ['1', '2'] }]);
  });

  it.each([
    ['nothing', Buffer.from(''), 'exchange.empty-file'],
    ['blanks only', Buffer.from(' \n,\n'), 'exchange.empty-file'],
    ['bytes of no encoding', Buffer.from([0xff, 0xfe, 0xff, 0xff, 0x00]), 'exchange.encoding'],
    ['an open quote', Buffer.from('a,b\n"1,2\n'), 'exchange.not-a-table'],
    ['a ZIP without directory', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2, 3]), 'exchange.too-large'],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(readTable(bytes)).rejects.toMatchObject({ code });
  });

  it('refuses an archive that would inflate beyond the limit, before inflating it', async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet('x').addRow(['a']);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    const entry = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    bytes.writeUInt32LE(4_000_000_000, entry + 24);
    await expect(readTable(bytes)).rejects.toMatchObject({ code: 'exchange.too-large' });
  });
});

describe('headings', () => {
  it('are found in any order, with blanks, case and full-width letters', () => {
    expect([...mapHeadings(['总费用 ', 'ＣＡＳＥ　ＮＯ'], COLUMNS)]).toEqual([
      ['case', 1],
      ['total', 0],
    ]);
  });

  it('that are missing are named', () => {
    expect(() => mapHeadings(['离院方式'], COLUMNS)).toThrow(
      expect.objectContaining({ code: 'exchange.headings-missing', details: { missing: ['病例号', '总费用'] } }),
    );
  });
});

describe('writing CSV', () => {
  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '  =cmd'])('%j is text for a spreadsheet', (cell) => {
    expect(csvText(['h'], [[cell]])).toContain(`'${cell}`);
  });

  it('leaves ordinary text alone', () => {
    expect(csvText(['列'], [['张三, "李"']])).toBe('\uFEFF列\n"张三, ""李"""\n');
  });
});
