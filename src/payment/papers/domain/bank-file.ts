import { type Fen, sumFen, yuanText } from '../../../common/money/index.js';

/** An order as the bank needs it. */
export interface BankOrder {
  readonly orderNo: string;
  readonly payeeName: string;
  readonly payeeBank: string;
  readonly payeeAccount: string;
  readonly amount: Fen;
  readonly purpose: string;
  readonly state: 'signed-off' | 'sent';
}

export const BANK_FILE_HEADINGS = [
  '序号 no',
  '支付单号 order',
  '收款户名 payee',
  '收款账号 account',
  '开户银行 bank',
  '金额 amount',
  '币种 currency',
  '用途 purpose',
  '状态 state',
] as const;

/**
 * The rows of a bank payment file: one an order in the order of numbers, and a trailer with their count and sum, by which
 * the bank sees that nothing was lost. Amounts are yuan text with two decimals and no thousands mark, for machines.
 */
export function bankFileRows(orders: readonly BankOrder[]): string[][] {
  const rows = orders.map((order, index) => [
    String(index + 1),
    order.orderNo,
    order.payeeName,
    order.payeeAccount,
    order.payeeBank,
    yuanText(order.amount),
    'CNY',
    order.purpose,
    order.state,
  ]);
  const total = yuanText(sumFen(orders.map((order) => order.amount)));
  return [...rows, ['合计 total', String(orders.length), '', '', '', total, 'CNY', '', '']];
}
