import { type Fen, fen, ZERO_FEN } from '../../common/money/index.js';
import type { LedgerLine } from './journal.js';

/** What went into and out of one account. */
export interface AccountTotals {
  readonly account: string;
  readonly debit: Fen;
  readonly credit: Fen;
  /** debit − credit: above zero for assets and expenses, below for liabilities and income. */
  readonly balance: Fen;
}

/** The trial balance as a fold over history: the reference that the database's own figures are compared with. */
export function trialBalanceOf(lines: readonly LedgerLine[]): AccountTotals[] {
  const sides = new Map<string, { debit: bigint; credit: bigint }>();
  const add = (account: string, debit: bigint, credit: bigint): void => {
    const known = sides.get(account) ?? { debit: 0n, credit: 0n };
    sides.set(account, { debit: known.debit + debit, credit: known.credit + credit });
  };
  for (const line of lines) {
    add(line.debit, line.amount, 0n);
    add(line.credit, 0n, line.amount);
  }
  return [...sides.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, { debit, credit }]) => accountTotals(account, debit, credit));
}

export function accountTotals(account: string, debit: bigint, credit: bigint): AccountTotals {
  return { account, debit: fen(debit), credit: fen(credit), balance: fen(debit - credit) };
}

/** Σ of all balances; zero in books that are right. */
export function outOfBalance(totals: readonly AccountTotals[]): Fen {
  return totals.reduce((sum, { balance }) => fen(sum + balance), ZERO_FEN);
}
