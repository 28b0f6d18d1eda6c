import { amountFigures, capitalAmount, type Sheet } from '../../../documents/index.js';
import type { Fen } from '../../../common/money/index.js';
import type { OrderState } from '../../domain/lifecycle.js';
import type { Scheme } from '../../domain/types.js';
import { amountRow, hashNote, type PaperHead, SCHEME_NAMES, verificationOf } from './words.js';

/** Everything that is printed on a payment voucher. `hash` is that of the closed month or clearing the order came from. */
export interface VoucherPaper extends PaperHead {
  readonly orderNo: string;
  readonly scheme: Scheme;
  readonly source: 'month' | 'clearing';
  /** 'YYYY-MM'; December for a clearing. */
  readonly period: string;
  readonly state: OrderState;
  readonly providerName: string;
  readonly payeeName: string;
  readonly payeeBank: string;
  readonly payeeAccount: string;
  readonly amount: Fen;
  /** The part of the amount that is a working-capital prepayment. */
  readonly prepayment: Fen;
  readonly preparedBy: string;
  readonly reviewedBy: string | null;
  readonly approvedBy: string | null;
  readonly signedBy: string | null;
  readonly sentOn: string | null;
  readonly paidOn: string | null;
  readonly bankReference: string | null;
  readonly returnReason: string | null;
}

// A voucher on which money may not move must say so on its face.
const RESERVATIONS: Readonly<Partial<Record<OrderState, string>>> = {
  prepared: '未签发，不得付款',
  reviewed: '未签发，不得付款',
  approved: '未签发，不得付款',
  returned: '银行已退回，作废',
};

/** 付款凭证: payee, amount in figures and capitals, order number, and the people who made, reviewed, approved and signed it. */
export function voucher(paper: VoucherPaper): Sheet {
  const reservation = RESERVATIONS[paper.state];
  const kind = paper.source === 'month' ? `${paper.period} 月度结算拨付` : `${paper.period.slice(0, 4)} 年年终清算拨付`;
  return {
    issuer: paper.issuer,
    title: '付款凭证',
    number: paper.orderNo,
    issuedOn: paper.issuedOn,
    ...(reservation === undefined ? {} : { reservation }),
    facts: [
      { label: '收款户名', value: paper.payeeName },
      { label: '收款账号', value: paper.payeeAccount },
      { label: '开户银行', value: paper.payeeBank },
      { label: '定点机构', value: paper.providerName },
      { label: '险种', value: SCHEME_NAMES[paper.scheme] },
      { label: '付款事由', value: kind },
    ],
    tables: [
      {
        columns: [
          { title: '摘要', align: 'left', width: '*' },
          { title: '金额（元）', align: 'right', width: 130 },
          { title: '备注', align: 'left', width: 150 },
        ],
        rows: [
          amountRow(
            `${SCHEME_NAMES[paper.scheme]}基金\u3000${kind}`,
            paper.amount,
            paper.prepayment > 0n ? `其中周转预付 ${amountFigures(paper.prepayment)} 元` : '',
          ),
          amountRow('合计', paper.amount, '', true),
        ],
      },
    ],
    total: { label: '付款金额', amount: amountFigures(paper.amount), capital: capitalAmount(paper.amount) },
    notes: [...bankNotes(paper), hashNote(paper.hash)],
    signatures: [
      { role: '制单', name: paper.preparedBy },
      { role: '复核', name: paper.reviewedBy ?? '' },
      { role: '审批', name: paper.approvedBy ?? '' },
      { role: '签发', name: paper.signedBy ?? '' },
    ],
    verification: verificationOf(paper.orderNo, paper.hash),
  };
}

function bankNotes(paper: VoucherPaper): string[] {
  return [
    ...(paper.sentOn === null ? [] : [`送银行日期：${paper.sentOn}`]),
    ...(paper.paidOn === null ? [] : [`银行付讫日期：${paper.paidOn}\u3000银行流水：${paper.bankReference ?? ''}`]),
    ...(paper.returnReason === null ? [] : [`银行退回原因：${paper.returnReason}`]),
  ];
}
