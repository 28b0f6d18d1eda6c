import { amountFigures, capitalAmount, type Sheet, type SheetRow, type SheetTable } from '../../../documents/index.js';
import { fen, type Fen, sumFen } from '../../../common/money/index.js';
import { MODE_NAMES } from '../../advance/domain/trace.js';
import type { AdvanceMode, Category, Fund, Scheme } from '../../domain/types.js';
import {
  amountRow,
  CATEGORY_NAMES,
  FUND_NAMES,
  hashNote,
  LEVEL_NAMES,
  NOT_CLOSED,
  type PaperHead,
  type PaperProvider,
  SCHEME_NAMES,
  signBlock,
  type Signers,
  verificationOf,
} from './words.js';

export const MONTH_AMOUNTS = [
  'accepted',
  'suspended',
  'rescue',
  'asBilled',
  'account',
  'budgeted',
  'quota',
  'cumulativeQuota',
  'eligible',
  'deposit',
  'held',
  'deduction',
  'adjustment',
  'carryIn',
  'recovered',
  'pay',
  'carryOut',
  'prepayment',
  'ytdAccepted',
  'ytdEligible',
  'ytdPay',
] as const;

export type MonthAmounts = Readonly<Record<(typeof MONTH_AMOUNTS)[number], Fen>>;

export const CELL_AMOUNTS = ['accepted', 'suspended', 'asBilled', 'eligible', 'withheld'] as const;

/** A fund × category of the sheet. */
export type MonthPaperCell = Readonly<Record<(typeof CELL_AMOUNTS)[number], Fen>> & {
  readonly fund: Fund;
  readonly category: Category;
};

export interface MonthPaperAdjustment {
  readonly amount: Fen;
  readonly reason: string;
  readonly document: string;
  readonly by: string;
}

/** Everything that is printed on a provider's settlement sheet of a month. */
export interface MonthPaper extends PaperHead {
  readonly provider: PaperProvider;
  readonly scheme: Scheme;
  /** 'YYYY-MM' */
  readonly month: string;
  readonly mode: AdvanceMode;
  readonly agreementNo: string | null;
  readonly budgetVersion: number;
  readonly policyVersion: string;
  readonly settlements: number;
  readonly amounts: MonthAmounts;
  readonly cells: readonly MonthPaperCell[];
  readonly adjustments: readonly MonthPaperAdjustment[];
  readonly signers: Signers;
}

/** Number of the sheet: scheme, month and national code of the institution. */
export function monthSheetNumber(paper: Pick<MonthPaper, 'scheme' | 'month' | 'provider'>): string {
  return `JS${paper.scheme}-${paper.month.replace('-', '')}-${paper.provider.code}`;
}

/** 定点医疗机构月度结算单: the provider's month from the bills to what is paid, in the order in which it is computed. */
export function monthSheet(paper: MonthPaper): Sheet {
  const number = monthSheetNumber(paper);
  const { amounts } = paper;
  return {
    issuer: paper.issuer,
    title: '定点医疗机构月度结算单',
    number,
    issuedOn: paper.issuedOn,
    ...(paper.hash === null ? { reservation: NOT_CLOSED } : {}),
    facts: [
      { label: '定点机构', value: paper.provider.name },
      { label: '机构编码', value: paper.provider.code },
      { label: '机构等级', value: LEVEL_NAMES[paper.provider.level] },
      { label: '协议编号', value: paper.agreementNo ?? '（本月无有效协议）' },
      { label: '险种', value: SCHEME_NAMES[paper.scheme] },
      { label: '结算月份', value: paper.month },
      { label: '预拨方式', value: MODE_NAMES[paper.mode].zh },
      { label: '年度预算', value: `第 ${paper.budgetVersion} 版` },
      { label: '政策版本', value: paper.policyVersion },
    ],
    tables: [stepsTable(paper), ...cellsTables(paper), ...adjustmentTables(paper)],
    total: { label: '应拨付', amount: amountFigures(amounts.pay), capital: capitalAmount(amounts.pay) },
    notes: [
      ...(amounts.prepayment > 0n
        ? [`应拨付中含周转预付 ${amountFigures(amounts.prepayment)} 元，年终清算时全额收回。`]
        : []),
      `本年累计（含本月）：申报 ${amountFigures(amounts.ytdAccepted)} 元，应拨基数 ${amountFigures(amounts.ytdEligible)} 元，拨付 ${amountFigures(amounts.ytdPay)} 元。`,
      hashNote(paper.hash),
    ],
    signatures: signBlock(paper.signers),
    verification: verificationOf(number, paper.hash),
  };
}

// accepted = suspended + as billed + budgeted; eligible … pay is the law of the advance. Lines without an amount that
// belong to special cases are left out; those everybody looks for stay, at 0.00.
function stepsTable(paper: MonthPaper): SheetTable {
  const a = paper.amounts;
  const optional = (name: string, amount: Fen, about: string): SheetRow[] =>
    amount === 0n ? [] : [amountRow(name, amount, about)];
  const rescued = a.rescue === 0n ? '' : `；急救抢救 ${amountFigures(a.rescue)} 元照拨`;
  return {
    columns: [
      { title: '项目', align: 'left', width: 160 },
      { title: '金额（元）', align: 'right', width: 105 },
      { title: '说明', align: 'left', width: '*' },
    ],
    rows: [
      amountRow('一、申报基金支付', a.accepted, `结算单 ${paper.settlements} 笔，冲销在发生月抵减`, true),
      ...optional('　其中：中止期间不予预拨', a.suspended, `协议中止期间的基金支付${rescued}`),
      amountRow('　其中：按实支付', a.asBilled, '预算外基金、类别与独立核算费用'),
      amountRow('　其中：纳入总额预算', a.budgeted),
      amountRow('二、当月额度', a.quota, `累计额度 ${amountFigures(a.cumulativeQuota)} 元`, true),
      amountRow('三、应拨基数', a.eligible, MODE_NAMES[paper.mode].zh, true),
      amountRow('减：质量保证金', a.deposit, '预留，年终按考核结果返还'),
      ...optional('减：留待清算', a.held, '按比例预拨的差额，年终清算'),
      amountRow('加：按实支付', a.asBilled),
      ...optional('加：个人账户支付', a.account, '不占预算，全额拨付'),
      amountRow('减：审核扣款', a.deduction, '本月决定并执行'),
      ...optional('加：预拨调整', a.adjustment, '见调整明细，负数为调减'),
      amountRow('减：冲抵上月结转', a.carryIn),
      ...optional('减：冲抵清算应收', a.recovered, '以前年度清算应收回'),
      ...optional('加：结转下月冲抵', a.carryOut, '应拨为负的部分，下月冲抵'),
      amountRow('四、应拨付', a.pay, '', true),
    ],
  };
}

function cellsTables(paper: MonthPaper): SheetTable[] {
  if (paper.cells.length === 0) return [];
  const amount = (title: string) => ({ title, align: 'right' as const, width: '*' as const });
  return [
    {
      title: '按基金和清算类别（元）',
      columns: [
        { title: '基金', align: 'left', width: 'auto' },
        { title: '清算类别', align: 'left', width: 'auto' },
        amount('申报'),
        amount('中止不拨'),
        amount('按实支付'),
        amount('应拨基数'),
        amount('扣留'),
      ],
      rows: [
        ...paper.cells.map((cell) => ({
          cells: [
            FUND_NAMES[cell.fund],
            CATEGORY_NAMES[cell.category],
            ...CELL_AMOUNTS.map((name) => amountFigures(cell[name])),
          ],
        })),
        {
          cells: [
            '合计',
            '',
            ...CELL_AMOUNTS.map((name) => amountFigures(fen(sumFen(paper.cells.map((cell) => cell[name]))))),
          ],
          isSum: true,
        },
      ],
    },
  ];
}

function adjustmentTables(paper: MonthPaper): SheetTable[] {
  if (paper.adjustments.length === 0) return [];
  return [
    {
      title: '预拨调整明细',
      columns: [
        { title: '金额（元）', align: 'right', width: 90 },
        { title: '事由', align: 'left', width: '*' },
        { title: '依据文件', align: 'left', width: 120 },
        { title: '经办', align: 'left', width: 60 },
      ],
      rows: paper.adjustments.map((row) => ({
        cells: [amountFigures(row.amount), row.reason, row.document, row.by],
      })),
    },
  ];
}
