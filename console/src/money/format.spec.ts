import { describe, expect, it } from 'vitest';
import { fenOf, formatShort, formatYuan, percentText, ratioAsPercent, signOf, sumYuan, yuanText } from './format';

describe('amounts on the screen', () => {
  it.each([
    ['7595.62', '7,595.62'],
    ['0', '0.00'],
    ['-36.99', '−36.99'],
    ['359100000.12', '359,100,000.12'],
    ['9007199254740993.01', '9,007,199,254,740,993.01'],
    ['1234567.8', '1,234,567.80'],
    ['', '—'],
    [null, '—'],
    ['待定', '待定'],
  ])('%s is written %s', (text, shown) => {
    expect(formatYuan(text)).toBe(shown);
  });

  it.each([
    ['359100000.12', 'zh-CN', '3.59 亿元'],
    ['359100000.12', 'en', '359.10 m yuan'],
    ['15500.00', 'zh-CN', '1.55 万元'],
    ['9999.99', 'zh-CN', '9,999.99 元'],
    ['-250000000.00', 'zh-CN', '−2.50 亿元'],
  ])('%s in %s is short as %s', (text, language, shown) => {
    expect(formatShort(text, language)).toBe(shown);
  });

  it('keeps every fen beyond what a number can hold', () => {
    expect(fenOf('90071992547409.93')).toBe(9007199254740993n);
    expect(yuanText(9007199254740993n)).toBe('90071992547409.93');
    expect(sumYuan(['90071992547409.93', '0.01', '-0.02'])).toBe('90071992547409.92');
    expect(() => sumYuan(['1.00', 'x'])).toThrow('not an amount');
  });

  it('never clamps a share above one hundred', () => {
    expect(percentText('1062.00', '1000.00')).toBe('106.2 %');
    expect(percentText('1.00', '3.00')).toBe('33.3 %');
    expect(percentText('-1.00', '8.00')).toBe('−12.5 %');
    expect(percentText('1.00', '0.00')).toBeNull();
    expect(ratioAsPercent('1.06249')).toBe('106.2 %');
    expect(ratioAsPercent('0.8')).toBe('80.0 %');
    expect(ratioAsPercent('abc')).toBeNull();
  });

  it('knows the sign', () => {
    expect([signOf('-0.01'), signOf('0.00'), signOf('5'), signOf('x')]).toEqual([-1, 0, 1, 0]);
  });
});
