import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fen } from '../../common/money/index.js';
import { type LedgerLine, postableLines, swapped, totalOf } from './journal.js';
import { outOfBalance, trialBalanceOf } from './trial-balance.js';

const anyLine: fc.Arbitrary<LedgerLine> = fc
  .record({
    debit: fc.constantFrom('5001', '2001', '1003', '2101'),
    credit: fc.constantFrom('2001', '1003', '4101', '2002'),
    amount: fc.bigInt({ min: 1n, max: 10n ** 13n }).map(fen),
  })
  .filter((line) => line.debit !== line.credit);

describe('a journal', () => {
  it('leaves out lines of nothing and refuses to be empty', () => {
    const lines = [
      { debit: '5001', credit: '2001', amount: fen(0) },
      { debit: '5004', credit: '2001', amount: fen(12_345) },
    ];
    expect(postableLines(lines)).toEqual([lines[1]]);
    expect(() => postableLines([])).toThrow(expect.objectContaining({ code: 'ledger.empty-journal' }));
  });

  it.each([
    ['a negative amount', { debit: '5001', credit: '2001', amount: fen(-1) }],
    ['an account to itself', { debit: '2001', credit: '2001', amount: fen(1) }],
    ['a party to itself', { debit: '2001', credit: '2001', amount: fen(1), debitParty: 'a', creditParty: 'a' }],
  ])('refuses %s', (_name, line) => {
    expect(() => postableLines([line])).toThrow(expect.objectContaining({ code: 'ledger.bad-line' }));
  });

  it('may move an amount between two parties of one account', () => {
    const line = { debit: '2001', credit: '2001', amount: fen(1), debitParty: 'a', creditParty: 'b' };
    expect(postableLines([line])).toEqual([line]);
  });
});

describe('the trial balance', () => {
  it('is in balance whatever was posted', () => {
    fc.assert(fc.property(fc.array(anyLine), (lines) => outOfBalance(trialBalanceOf(lines)) === 0n));
  });

  it('is back where it was after a reversal, with twice the turnover', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1 }), (lines) => {
        const after = trialBalanceOf([...lines, ...swapped(lines)]);
        expect(after.every(({ balance }) => balance === 0n)).toBe(true);
        expect(after.reduce((sum, { debit }) => sum + debit, 0n)).toBe(2n * totalOf(lines));
      }),
    );
  });

  it('shows both sides of an account', () => {
    const totals = trialBalanceOf([
      { debit: '5001', credit: '2001', amount: fen(900) },
      { debit: '2001', credit: '2004', amount: fen(400) },
    ]);
    expect(totals).toEqual([
      { account: '2001', debit: 400n, credit: 900n, balance: -500n },
      { account: '2004', debit: 0n, credit: 400n, balance: -400n },
      { account: '5001', debit: 900n, credit: 0n, balance: 900n },
    ]);
  });
});
