export { DocumentsModule } from './documents.module.js';
export { PdfPrinter } from './pdf-printer.js';
export { capitalAmount } from './domain/capital-amount.js';
export type { Sheet, SheetColumn } from './sheet.js';
