/** One column of a table of a sheet. */
export interface SheetColumn {
  readonly title: string;
  /** Amounts and counts stand at the right, words at the left. */
  readonly align: 'left' | 'right';
  readonly width: 'auto' | '*' | number;
}

/** A row of a table; what is marked as a sum is printed on a grey ground. */
export interface SheetRow {
  readonly cells: readonly string[];
  readonly isSum?: boolean;
}

/** A table of a sheet. It may be long: it goes on over pages and repeats its head on each. */
export interface SheetTable {
  readonly title?: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
}

/**
 * An official sheet (结算单, 付款凭证, 通知书) as plain values: what is printed, in the order in which it is read. Amounts
 * are text already – a document shows figures, it computes none.
 */
export interface Sheet {
  /** The issuing body, printed in red above the title. */
  readonly issuer: string;
  readonly title: string;
  /** Document number (文号 / 单号). */
  readonly number: string;
  /** Day of issue, 'YYYY-MM-DD'; also the creation date inside the file, so the same sheet is the same file. */
  readonly issuedOn: string;
  /** Printed in red under the title and across every page when the paper must not be taken for a final one (试算，未结账). */
  readonly reservation?: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** A letter's sentence to its addressee, before the tables. */
  readonly opening?: string;
  readonly tables: readonly SheetTable[];
  readonly total?: { readonly label: string; readonly amount: string; readonly capital: string };
  readonly notes: readonly string[];
  /** Who signs, e.g. 经办, 复核, 负责人; the name where the act is on record, else empty: a line to sign on. */
  readonly signatures: readonly { readonly role: string; readonly name: string }[];
  /** What the QR code says: number and hash, by which the paper is checked against the record. ASCII. */
  readonly verification: string;
}

/** Every text of a sheet that is printed as letters, for asking whether the font has them. */
export function textsOf(sheet: Sheet): string[] {
  return [
    sheet.issuer,
    sheet.title,
    sheet.number,
    sheet.reservation ?? '',
    ...sheet.facts.flatMap((fact) => [fact.label, fact.value]),
    sheet.opening ?? '',
    ...sheet.tables.flatMap(textsOfTable),
    ...(sheet.total === undefined ? [] : [sheet.total.label, sheet.total.amount, sheet.total.capital]),
    ...sheet.notes,
    ...sheet.signatures.flatMap((signature) => [signature.role, signature.name]),
  ];
}

function textsOfTable(table: SheetTable): string[] {
  return [
    table.title ?? '',
    ...table.columns.map((column) => column.title),
    ...table.rows.flatMap((row) => [...row.cells]),
  ];
}
