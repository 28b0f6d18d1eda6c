import { fen, type Fen } from '../common/money/index.js';
import type { LedgerLine } from '../ledger/index.js';

/** Accounts that payment posts to; the whole table stands in docs/postings.md. */
export const ACCOUNT = {
  expenditure: '1003',
  prepaid: '1201',
  receivable: '1202',
  payable: '2001',
  deposit: '2002',
  inTransit: '2004',
  clearingIncome: '4101',
  clearingExpense: '5101',
} as const;

/** Accounts kept per provider. */
const BY_PROVIDER: readonly string[] = [
  ACCOUNT.prepaid,
  ACCOUNT.receivable,
  ACCOUNT.payable,
  ACCOUNT.deposit,
  ACCOUNT.inTransit,
];

/** One pair for a provider. A negative amount is the same pair with its sides swapped; nothing for zero. */
export function pair(debit: string, credit: string, providerId: string, amount: Fen): LedgerLine[] {
  if (amount === 0n) return [];
  if (amount < 0n) return pair(credit, debit, providerId, fen(-amount));
  return [
    {
      debit,
      credit,
      amount,
      debitParty: BY_PROVIDER.includes(debit) ? providerId : null,
      creditParty: BY_PROVIDER.includes(credit) ? providerId : null,
    },
  ];
}

/** What closing a month posts for one provider. */
export function monthPostings(line: {
  readonly providerId: string;
  readonly deposit: Fen;
  readonly deductions: Fen;
  readonly recovered: Fen;
  readonly pay: Fen;
  readonly prepayment: Fen;
}): LedgerLine[] {
  const { providerId } = line;
  return [
    ...pair(ACCOUNT.payable, ACCOUNT.deposit, providerId, line.deposit),
    ...pair(ACCOUNT.payable, ACCOUNT.clearingIncome, providerId, line.deductions),
    ...pair(ACCOUNT.payable, ACCOUNT.receivable, providerId, line.recovered),
    ...pair(ACCOUNT.payable, ACCOUNT.inTransit, providerId, fen(line.pay - line.prepayment)),
    ...pair(ACCOUNT.prepaid, ACCOUNT.inTransit, providerId, line.prepayment),
  ];
}

/** What closing an annual clearing posts for one provider; afterwards nothing of the year is left on 2001 and 1201. */
export function clearingPostings(line: {
  readonly providerId: string;
  readonly retained: Fen;
  readonly borne: Fen;
  readonly suspended: Fen;
  readonly depositReturned: Fen;
  readonly depositForfeited: Fen;
  readonly poolShare: Fen;
  readonly prepaid: Fen;
  readonly balance: Fen;
}): LedgerLine[] {
  const { providerId, balance } = line;
  return [
    ...pair(ACCOUNT.clearingExpense, ACCOUNT.payable, providerId, line.retained),
    ...pair(ACCOUNT.payable, ACCOUNT.clearingIncome, providerId, line.borne),
    ...pair(ACCOUNT.payable, ACCOUNT.clearingIncome, providerId, line.suspended),
    ...pair(ACCOUNT.deposit, ACCOUNT.payable, providerId, line.depositReturned),
    ...pair(ACCOUNT.deposit, ACCOUNT.clearingIncome, providerId, line.depositForfeited),
    ...pair(ACCOUNT.clearingExpense, ACCOUNT.payable, providerId, line.poolShare),
    ...pair(ACCOUNT.payable, ACCOUNT.prepaid, providerId, line.prepaid),
    ...(balance >= 0n
      ? pair(ACCOUNT.payable, ACCOUNT.inTransit, providerId, balance)
      : pair(ACCOUNT.receivable, ACCOUNT.payable, providerId, fen(-balance))),
  ];
}

/** What an order posts when the bank has paid it. */
export function paidPostings(providerId: string, amount: Fen): LedgerLine[] {
  return pair(ACCOUNT.inTransit, ACCOUNT.expenditure, providerId, amount);
}

/** What an order posts when it comes back from the bank: it is owed again, a prepayment was never made. */
export function returnedPostings(providerId: string, amount: Fen, prepayment: Fen): LedgerLine[] {
  return [
    ...pair(ACCOUNT.inTransit, ACCOUNT.payable, providerId, fen(amount - prepayment)),
    ...pair(ACCOUNT.inTransit, ACCOUNT.prepaid, providerId, prepayment),
  ];
}

/** What a returned order posts when it is issued anew. */
export function reissuedPostings(providerId: string, amount: Fen, prepayment: Fen): LedgerLine[] {
  return [
    ...pair(ACCOUNT.payable, ACCOUNT.inTransit, providerId, fen(amount - prepayment)),
    ...pair(ACCOUNT.prepaid, ACCOUNT.inTransit, providerId, prepayment),
  ];
}
