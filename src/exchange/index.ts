export { csvText } from './csv.js';
export { type Column, mapHeadings, type RowFault } from './domain/headings.js';
export { readTable, type Table } from './table.js';
