import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';

/** One column of the table of a sheet. */
export interface SheetColumn {
  readonly title: string;
  /** Amounts and counts stand at the right, words at the left. */
  readonly align: 'left' | 'right';
  readonly width: 'auto' | '*' | number;
}

/**
 * An official sheet (结算单, 付款凭证) as plain values: what is printed, in the order in which it is read. Amounts are
 * text already – a document shows figures, it computes none.
 */
export interface Sheet {
  /** The issuing body, printed in red above the title. */
  readonly issuer: string;
  readonly title: string;
  /** Document number (文号 / 单号). */
  readonly number: string;
  /** Day of issue, 'YYYY-MM-DD'; also the creation date inside the file, so the same sheet is the same file. */
  readonly issuedOn: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly total?: { readonly label: string; readonly amount: string; readonly capital: string };
  readonly notes: readonly string[];
  /** Who signs, e.g. 经办, 复核, 负责人; the name where the act is on record. */
  readonly signatures: readonly { readonly role: string; readonly name: string }[];
  /** What the QR code says: number and hash, by which the paper is checked against the record. */
  readonly verification: string;
}

/** Lays a sheet out on A4 in the form of GB/T 9704: red head, centred title, facts, table, sum in capital figures, signatures. */
export function layOut(sheet: Sheet): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    info: { title: `${sheet.title} ${sheet.number}`, creationDate: new Date(`${sheet.issuedOn}T00:00:00+08:00`) },
    defaultStyle: { font: 'sheet', fontSize: 9.5, lineHeight: 1.25 },
    content: [
      { text: sheet.issuer, color: '#c00000', fontSize: 18, alignment: 'center', characterSpacing: 3 },
      { canvas: [{ type: 'line', x1: 0, y1: 4, x2: 499, y2: 4, lineWidth: 1.4, lineColor: '#c00000' }] },
      { text: sheet.title, fontSize: 15, alignment: 'center', margin: [0, 12, 0, 2] },
      { text: `编号：${sheet.number}  日期：${sheet.issuedOn}`, alignment: 'center', margin: [0, 0, 0, 10] },
      factsOf(sheet),
      tableOf(sheet),
      ...totalOf(sheet),
      ...sheet.notes.map((note): Content => ({ text: note, color: '#444444', margin: [0, 2, 0, 0] })),
      signaturesOf(sheet),
    ],
    footer: (page, pages) => ({
      text: `${sheet.number}  第 ${String(page)} 页 / 共 ${String(pages)} 页`,
      alignment: 'center',
      fontSize: 8,
    }),
  };
}

function factsOf(sheet: Sheet): Content {
  const pairs: TableCell[][] = [];
  for (let index = 0; index < sheet.facts.length; index += 2) {
    pairs.push([...factCells(sheet.facts[index]), ...factCells(sheet.facts[index + 1])]);
  }
  return { table: { widths: ['auto', '*', 'auto', '*'], body: pairs }, layout: 'noBorders', margin: [0, 0, 0, 8] };
}

function factCells(fact: { label: string; value: string } | undefined): TableCell[] {
  return fact === undefined ? ['', ''] : [{ text: fact.label, color: '#555555' }, fact.value];
}

function tableOf(sheet: Sheet): Content {
  const head = sheet.columns.map((column): TableCell => ({
    text: column.title,
    fillColor: '#f2f2f2',
    alignment: 'center',
  }));
  const rows = sheet.rows.map((row) =>
    row.map((text, index): TableCell => ({ text, alignment: sheet.columns[index]?.align ?? 'left' })),
  );
  return {
    table: { headerRows: 1, widths: sheet.columns.map((column) => column.width), body: [head, ...rows] },
    margin: [0, 0, 0, 8],
  };
}

function totalOf(sheet: Sheet): Content[] {
  if (sheet.total === undefined) return [];
  const { label, amount, capital } = sheet.total;
  return [{ text: `${label}：${amount} 元（${capital}）`, fontSize: 11, margin: [0, 0, 0, 6] }];
}

function signaturesOf(sheet: Sheet): Content {
  return {
    columns: [
      ...sheet.signatures.map(({ role, name }) => ({
        text: `${role}：${name === '' ? '＿＿＿＿＿＿' : name}`,
        margin: [0, 30, 0, 0] as [number, number, number, number],
      })),
      { qr: sheet.verification, fit: 76, alignment: 'right' as const },
    ],
    margin: [0, 18, 0, 0],
    unbreakable: true,
  };
}
