import { describe, expect, it } from '@jest/globals';
import { faultWords, shownFault } from './fault-words.js';
import { compileSchema } from './schema.js';

const check = compileSchema({
  type: 'object',
  additionalProperties: false,
  required: ['billNo', 'lines'],
  properties: {
    billNo: { type: 'string', maxLength: 4 },
    category: { type: 'string', enum: ['inpatient', 'outpatient'] },
    lines: {
      type: 'array',
      maxItems: 2,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['amount'],
        properties: { amount: { type: 'string', pattern: '^\\d+\\.\\d{2}$' } },
      },
    },
  },
});

function faults(value: unknown): unknown[] {
  try {
    check(value);
  } catch (error) {
    return (error as { details: { errors: unknown[] } }).details.errors.map((fault) => shownFault(fault, 'zh'));
  }
  return [];
}

describe('a fault names the member, the rule and the remedy', () => {
  it.each([
    [{ lines: [] }, { field: 'billNo', rule: 'required', message: '缺少此项。' }],
    [
      { billNo: '1', lines: [{}] },
      { field: 'lines.0.amount', rule: 'required', message: '缺少此项。' },
    ],
    [
      { billNo: '12345', lines: [] },
      { field: 'billNo', rule: 'maxLength', message: '太长：最多 4 个字符。' },
    ],
    [
      { billNo: 1, lines: [] },
      { field: 'billNo', rule: 'type', message: '类型不对：应为文本（加引号）。' },
    ],
    [
      { billNo: '1', lines: [], more: 1 },
      { field: 'more', rule: 'additionalProperties', message: '没有此项，请删除。' },
    ],
    [
      { billNo: '1', category: 'x', lines: [] },
      { field: 'category', rule: 'enum', message: '取值须为：inpatient、outpatient。' },
    ],
    [
      { billNo: '1', lines: [1, 2, 3].map(() => ({ amount: '1.00' })) },
      expect.objectContaining({ field: 'lines', rule: 'maxItems' }),
    ],
    [{ billNo: '1', lines: [{ amount: '1' }] }, expect.objectContaining({ field: 'lines.0.amount', rule: 'pattern' })],
  ])('%j', (value, expected) => {
    expect(faults(value)).toEqual([expected]);
  });

  it('keeps the sentence of the library for a rule without words', () => {
    expect(faultWords('unheard-of', '', 'must be heard of')).toEqual({
      zh: 'must be heard of',
      en: 'must be heard of',
    });
  });

  it('leaves faults of other makers as they are', () => {
    expect(shownFault({ row: 3, column: '总费用' }, 'zh')).toEqual({ row: 3, column: '总费用' });
  });
});
