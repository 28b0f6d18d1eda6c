import { defineErrors } from '../common/errors/index.js';

/** What is wrong with a file as a whole; faults of single rows are told row by row. */
export const exchangeErrors = defineErrors('exchange', {
  'empty-file': { kind: 'invalid', zh: '文件是空的。', en: 'The file is empty.' },
  encoding: {
    kind: 'invalid',
    zh: '文件既不是 UTF-8 也不是 GB18030 编码的文本，也不是 XLSX：请另存为 CSV（UTF-8）后重试。',
    en: 'The file is neither UTF-8 nor GB18030 text nor XLSX: save it as CSV (UTF-8) and try again.',
  },
  'not-a-table': {
    kind: 'invalid',
    zh: '无法按表格读取文件（第 {line} 行附近）：{reason}。',
    en: 'The file cannot be read as a table (near line {line}): {reason}.',
  },
  'too-large': {
    kind: 'invalid',
    zh: '文件过大：最多 {limit}。',
    en: 'The file is too large: at most {limit}.',
  },
  'headings-missing': {
    kind: 'invalid',
    zh: '缺少必需的列：{missing}。文件第一行应为列名。',
    en: 'Required columns are missing: {missing}. The first row must hold the headings.',
  },
});
