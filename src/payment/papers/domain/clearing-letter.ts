import { amountFigures, capitalAmount, type Sheet, type SheetTable } from '../../../documents/index.js';
import { fen, type Fen } from '../../../common/money/index.js';
import type { TraceLine } from '../../domain/trace.js';
import type { Scheme } from '../../domain/types.js';
import {
  amountRow,
  hashNote,
  LEVEL_NAMES,
  NOT_CLOSED,
  type PaperHead,
  type PaperProvider,
  SCHEME_NAMES,
  signBlock,
  type Signers,
  traceRow,
  verificationOf,
} from './words.js';

export const CLEARING_AMOUNTS = [
  'accepted',
  'account',
  'refused',
  'budget',
  'a',
  'extra',
  'saving',
  'retained',
  'penalty',
  'borne',
  'payable',
  'paid',
  'prepaid',
  'depositHeld',
  'depositReturned',
  'depositForfeited',
  'poolShare',
  'balance',
] as const;

export type ClearingAmounts = Readonly<Record<(typeof CLEARING_AMOUNTS)[number], Fen>>;

/** Everything that is printed in a provider's letter on the clearing of a year. */
export interface ClearingPaper extends PaperHead {
  readonly provider: PaperProvider;
  readonly scheme: Scheme;
  readonly year: number;
  readonly budgetVersion: number;
  readonly policyVersion: string;
  readonly amounts: ClearingAmounts;
  /** How it was computed: base, use, band after band, dual control, deposit, balance. */
  readonly trace: readonly TraceLine[];
  readonly signers: Signers;
}

/** Number of the letter: scheme, year and national code of the institution. */
export function clearingLetterNumber(paper: Pick<ClearingPaper, 'scheme' | 'year' | 'provider'>): string {
  return `QS${paper.scheme}-${paper.year}-${paper.provider.code}`;
}

/** 年终清算通知书: what the year came to, what was paid, what is still to pay or to recover, and how it was computed. */
export function clearingLetter(paper: ClearingPaper): Sheet {
  const number = clearingLetterNumber(paper);
  const { balance } = paper.amounts;
  const due = balance < 0n ? fen(-balance) : balance;
  const word = balance < 0n ? '应收回' : '应补付';
  const scheme = SCHEME_NAMES[paper.scheme];
  return {
    issuer: paper.issuer,
    title: '年终清算通知书',
    number,
    issuedOn: paper.issuedOn,
    ...(paper.hash === null ? { reservation: NOT_CLOSED } : {}),
    facts: [
      { label: '定点机构', value: paper.provider.name },
      { label: '机构编码', value: paper.provider.code },
      { label: '机构等级', value: LEVEL_NAMES[paper.provider.level] },
      { label: '险种', value: scheme },
      { label: '清算年度', value: String(paper.year) },
      { label: '年度预算', value: `第 ${paper.budgetVersion} 版` },
      { label: '政策版本', value: paper.policyVersion },
    ],
    opening: `${paper.provider.name}：\n\u3000\u3000你机构 ${paper.year} 年度${scheme}费用清算结果如下，${word} ${amountFigures(due)} 元。计算过程与依据附后。`,
    tables: [resultTable(paper, word), useTable(paper), traceTable(paper)],
    total: { label: word, amount: amountFigures(due), capital: capitalAmount(due) },
    notes: [
      ...(balance < 0n ? ['应收回款项从以后月份应拨付中冲抵，不足冲抵的由机构退回。'] : []),
      hashNote(paper.hash),
    ],
    signatures: signBlock(paper.signers),
    verification: verificationOf(number, paper.hash),
  };
}

// payable = accepted − refused − borne + retained; balance = payable + account − deposit − paid − prepaid + returned + share.
function resultTable(paper: ClearingPaper, word: string): SheetTable {
  const a = paper.amounts;
  return {
    title: '一、清算结果',
    columns: amountColumns(),
    rows: [
      amountRow('申报基金支付', a.accepted, '全年已结账月份', true),
      amountRow('减：扣款与不予支付', a.refused, '审核扣款、协议中止期间费用'),
      amountRow('减：机构分担', a.borne, '超支分担与双控扣减'),
      amountRow('加：结余留用', a.retained),
      amountRow('基金应付', a.payable, '', true),
      amountRow('加：个人账户支付', a.account),
      amountRow('减：已扣质量保证金', a.depositHeld),
      amountRow('减：已拨付', a.paid, '月度拨付，含已冲抵'),
      amountRow('减：已预付', a.prepaid, '周转预付，全额收回'),
      amountRow('加：返还质量保证金', a.depositReturned, `按考核结果；没收 ${amountFigures(a.depositForfeited)} 元`),
      amountRow('加：没收保证金分享', a.poolShare),
      amountRow(word, a.balance < 0n ? fen(-a.balance) : a.balance, '', true),
    ],
  };
}

function useTable(paper: ClearingPaper): SheetTable {
  const a = paper.amounts;
  const over = a.a > a.budget;
  return {
    title: '二、预算执行与双控',
    columns: amountColumns(),
    rows: [
      amountRow('年度预算', a.budget, `第 ${paper.budgetVersion} 版`),
      amountRow('清算基数', a.a, '纳入预算的申报额减审核扣款'),
      over
        ? amountRow('超支', fen(a.a - a.budget), `其中基金分担 ${amountFigures(a.extra)} 元`)
        : amountRow('结余', a.saving, `其中留用 ${amountFigures(a.retained)} 元`),
      amountRow('双控扣减', a.penalty, '次均费用与人次人头比'),
    ],
  };
}

function traceTable(paper: ClearingPaper): SheetTable {
  return {
    title: '三、计算过程与依据',
    columns: [
      { title: '步骤', align: 'left', width: 80 },
      { title: '算式与数据', align: 'left', width: '*' },
      { title: '结果', align: 'right', width: 88 },
      { title: '依据', align: 'left', width: 100 },
    ],
    rows: paper.trace.map(traceRow),
  };
}

function amountColumns(): SheetTable['columns'] {
  return [
    { title: '项目', align: 'left', width: 160 },
    { title: '金额（元）', align: 'right', width: 105 },
    { title: '说明', align: 'left', width: '*' },
  ];
}
