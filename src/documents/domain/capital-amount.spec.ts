import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen, parseYuan } from '../../common/money/index.js';
import { capitalAmount } from './capital-amount.js';

describe('大写金额 as the 支付结算办法 writes it', () => {
  it.each([
    // The six examples of annex 1, in the form with 零 before 角 where the yuan end in zero.
    ['1409.50', '壹仟肆佰零玖元伍角整'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['1680.32', '壹仟陆佰捌拾元零叁角贰分'],
    ['107000.53', '壹拾万柒仟元零伍角叁分'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '叁佰贰拾伍元零肆分'],
    // Whole yuan end in 整.
    ['100000.00', '壹拾万元整'],
    ['10.00', '壹拾元整'],
    ['0.00', '零元整'],
    ['100000000.00', '壹亿元整'],
    ['0.50', '伍角整'],
    ['0.05', '伍分'],
    ['10001.00', '壹万零壹元整'],
  ])('%s is 人民币%s', (amount, expected) => {
    expect(capitalAmount(parseYuan(amount))).toBe(`人民币${expected}`);
  });

  it('marks an amount to be recovered', () => {
    expect(capitalAmount(parseYuan('-12.30'))).toBe('人民币负壹拾贰元叁角整');
  });

  it('is different for different amounts', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 13n });
    fc.assert(fc.property(amount, amount, (a, b) => a === b || capitalAmount(fen(a)) !== capitalAmount(fen(b))));
  });
});
