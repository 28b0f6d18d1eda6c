import type { Content, CustomTableLayout, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Sheet, SheetTable } from './sheet.js';

const RED = '#c00000';
const GREY = '#555555';
/** Between the margins of A4, in points. */
const TEXT_WIDTH = 499;
const QR_SIZE = 84;
/** Tables of many amounts are set smaller, so that ten figures before the point still fit beside each other. */
const WIDE_TABLE = 5;

const GRID: CustomTableLayout = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  hLineColor: () => '#999999',
  vLineColor: () => '#999999',
  paddingLeft: () => 3,
  paddingRight: () => 3,
  paddingTop: () => 2,
  paddingBottom: () => 1,
};

/**
 * Lays a sheet out on A4 in the manner of GB/T 9704: red head, centred title, facts, tables, sum in figures and capitals,
 * signatures and QR code together at the end.
 */
export function layOut(sheet: Sheet): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [48, 44, 48, 48],
    info: { title: `${sheet.title} ${sheet.number}`, creationDate: new Date(`${sheet.issuedOn}T00:00:00+08:00`) },
    defaultStyle: { font: 'sheet', fontSize: 9.5, lineHeight: 1 },
    ...(sheet.reservation === undefined
      ? {}
      : { watermark: { text: sheet.reservation, font: 'sheet', color: RED, opacity: 0.08, angle: -40 } }),
    content: [
      ...headOf(sheet),
      factsOf(sheet),
      ...(sheet.opening === undefined
        ? []
        : [{ text: sheet.opening, fontSize: 10.5, preserveLeadingSpaces: true, margin: [0, 0, 0, 8] } as Content]),
      ...sheet.tables.flatMap(tableOf),
      ...totalOf(sheet),
      ...sheet.notes.map((note): Content => ({ text: note, color: GREY, fontSize: 8.5, margin: [0, 1, 0, 0] })),
      signaturesOf(sheet),
    ],
    footer: (page, pages) => ({
      text: `${sheet.number}  第 ${String(page)} 页 / 共 ${String(pages)} 页`,
      alignment: 'center',
      fontSize: 8,
      margin: [0, 14, 0, 0],
    }),
  };
}

function headOf(sheet: Sheet): Content[] {
  return [
    { text: sheet.issuer, color: RED, fontSize: 18, alignment: 'center', characterSpacing: 3 },
    { canvas: [{ type: 'line', x1: 0, y1: 4, x2: TEXT_WIDTH, y2: 4, lineWidth: 1.4, lineColor: RED }] },
    { text: sheet.title, fontSize: 15, alignment: 'center', margin: [0, 10, 0, 2] },
    ...(sheet.reservation === undefined
      ? []
      : [{ text: `【${sheet.reservation}】`, color: RED, fontSize: 11, alignment: 'center' } as Content]),
    { text: `编号：${sheet.number}    日期：${sheet.issuedOn}`, alignment: 'center', margin: [0, 0, 0, 8] },
  ];
}

// Two facts to a row; one that is too long for half a row gets a row of its own.
const HALF_ROW = 30;

function factsOf(sheet: Sheet): Content {
  const rows: TableCell[][] = [];
  let waiting: TableCell[] | undefined;
  const flush = (): void => {
    if (waiting !== undefined) rows.push([...waiting, '', '']);
    waiting = undefined;
  };
  for (const { label, value } of sheet.facts) {
    const name: TableCell = { text: label, color: GREY };
    if (Array.from(value).length > HALF_ROW) {
      flush();
      rows.push([name, { text: value, colSpan: 3 }, '', '']);
    } else if (waiting === undefined) {
      waiting = [name, value];
    } else {
      rows.push([...waiting, name, value]);
      waiting = undefined;
    }
  }
  flush();
  return { table: { widths: ['auto', '*', 'auto', '*'], body: rows }, layout: 'noBorders', margin: [0, 0, 0, 6] };
}

function tableOf(table: SheetTable): Content[] {
  const head = table.columns.map((column): TableCell => ({
    text: column.title,
    fillColor: '#e8e8e8',
    alignment: 'center',
  }));
  const rows = table.rows.map((row) =>
    row.cells.map((text, index): TableCell => ({
      text,
      // Blanks before a name indent it: what is part of the line above.
      preserveLeadingSpaces: true,
      alignment: table.columns[index]?.align ?? 'left',
      ...(row.isSum === true ? { fillColor: '#f4f4f4' } : {}),
    })),
  );
  const grid: Content = {
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: table.columns.map((column) => column.width),
      body: [head, ...rows],
    },
    layout: GRID,
    fontSize: table.columns.length > WIDE_TABLE ? 8 : 9,
    margin: [0, 0, 0, 8],
  };
  if (table.title === undefined) return [grid];
  return [{ text: table.title, fontSize: 10.5, margin: [0, 2, 0, 3], headlineLevel: 1 }, grid];
}

function totalOf(sheet: Sheet): Content[] {
  if (sheet.total === undefined) return [];
  const { label, amount, capital } = sheet.total;
  return [
    {
      stack: [
        { text: `${label}（小写）：¥${amount}`, fontSize: 11 },
        { text: `${label}（大写）：${capital}`, fontSize: 11 },
      ],
      unbreakable: true,
      margin: [0, 0, 0, 6],
    },
  ];
}

function signaturesOf(sheet: Sheet): Content {
  return {
    columns: [
      {
        stack: [
          {
            columns: sheet.signatures.map(({ role, name }) => ({
              text: `${role}：${name === '' ? '＿＿＿＿＿' : name}`,
              margin: [0, 24, 4, 0] as [number, number, number, number],
            })),
          },
          { text: '扫码核对编号与校验值。', fontSize: 8, color: GREY, alignment: 'right', margin: [0, 20, 8, 0] },
        ],
        width: '*',
      },
      { qr: sheet.verification, fit: QR_SIZE, width: QR_SIZE, foreground: '#000000', eccLevel: 'M' as const },
    ],
    margin: [0, 12, 0, 0],
    unbreakable: true,
  };
}
