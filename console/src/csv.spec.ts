import { describe, expect, it } from 'vitest';
import { csvOf } from './csv';

describe('tables taken to a spreadsheet', () => {
  it('keeps decimals as they are and Chinese readable', () => {
    expect(
      csvOf([
        ['险种', '金额'],
        ['职工', '-12.50'],
      ]),
    ).toBe('\uFEFF险种,金额\r\n职工,-12.50\r\n');
  });

  it('quotes what would break a line and defuses what would be a formula', () => {
    expect(csvOf([['a,b', 'say "x"', '=1+1', '-cmd', '+1', '@x']])).toBe(
      `\uFEFF"a,b","say ""x""",'=1+1,'-cmd,'+1,'@x\r\n`,
    );
  });
});
