export { DocumentsModule } from './documents.module.js';
export { PdfPrinter } from './pdf-printer.js';
export { amountFigures } from './domain/amount-figures.js';
export { capitalAmount } from './domain/capital-amount.js';
export type { Sheet, SheetColumn, SheetRow, SheetTable } from './sheet.js';
