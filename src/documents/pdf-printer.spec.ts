import { describe, expect, it } from '@jest/globals';
import { PdfPrinter } from './pdf-printer.js';
import type { Sheet } from './sheet.js';

const SHEET: Sheet = {
  issuer: '示例市医疗保障局',
  title: '定点医疗机构月度结算单',
  number: 'JS-331100-310-2026-10-0001',
  issuedOn: '2026-11-05',
  facts: [
    { label: '机构', value: '示例市第一医院' },
    { label: '险种', value: '职工基本医疗保险' },
    { label: '结算月份', value: '2026-10' },
  ],
  tables: [
    {
      columns: [
        { title: '项目', align: 'left', width: '*' },
        { title: '金额（元）', align: 'right', width: 'auto' },
      ],
      rows: [{ cells: ['申报纳入清算基金支付', '1,070,530.53'] }, { cells: ['质量保证金', '-53,526.53'], isSum: true }],
    },
  ],
  total: { label: '应拨付', amount: '1017004.00', capital: '人民币壹佰零壹万柒仟零肆元整' },
  notes: ['依据：示例办法第十二条。'],
  signatures: [
    { role: '经办', name: '雷䶮' },
    { role: '复核', name: '' },
  ],
  verification: 'JS-331100-310-2026-10-0001',
};

describe('official sheets as PDF', () => {
  it('prints rare characters of names, and the same sheet is the same file', async () => {
    const printer = new PdfPrinter();
    const first = await printer.print(SHEET);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(first.equals(await printer.print(SHEET))).toBe(true);
  });

  it('refuses to print a box where a character is missing, and names the character', async () => {
    const unprintable = { ...SHEET, facts: [{ label: '机构', value: '𠮷祥医院' }] };
    await expect(new PdfPrinter().print(unprintable)).rejects.toMatchObject({
      code: 'documents.missing-glyph',
      details: { characters: ['𠮷'] },
    });
  });
});
