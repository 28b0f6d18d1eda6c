import { fen, type Fen, multiplyRate, rateText, ratio, yuanText } from '../../../common/money/index.js';
import {
  clauseOf,
  type Clauses,
  countInput,
  rateInput,
  SOURCE,
  text,
  type Text,
  textInput,
  type TraceInput,
  type TraceLine,
  yuanInput,
  yuanLine,
} from '../../domain/trace.js';
import type { BandPart } from './bands.js';
import type { ClearingInput, ClearingResult, Settlement } from './clearing.js';
import type { QualityFailure } from './quality.js';

export interface ClearingTraceFacts {
  readonly clauses: Clauses;
  /** "budget 2025 version 3". */
  readonly budgetLabel: Text;
}

export const QUALITY_NAMES: Readonly<Record<QualityFailure, Text>> = {
  'visits-down': text('住院人次下降超限', 'visits down too far'),
  complaints: text('推诿病人投诉属实', 'confirmed complaints of refused admission'),
  'not-assessed': text('未完成考核', 'not assessed'),
  'score-below': text('考核未达标', 'assessment below the pass mark'),
};

/** "How was this computed" of one provider's clearing, band by band. */
export function traceClearing(
  input: ClearingInput,
  result: ClearingResult,
  settlement: Settlement,
  facts: ClearingTraceFacts,
): TraceLine[] {
  return [
    aLine(input, result, facts),
    useLine(result, input.budget, facts),
    ...result.bands.filter((band) => band.part > 0n).map((band, index) => bandLine(band, index, result, facts)),
    ...qualityLines(result, facts),
    ...dualLines(input, result, facts),
    payableLine(input, result, facts),
    ...depositLines(input, result, settlement, facts),
    balanceLine(input, result, settlement, facts),
  ];
}

function aLine(input: ClearingInput, result: ClearingResult, facts: ClearingTraceFacts): TraceLine {
  return yuanLine(
    'a',
    text('清算基数 A', 'Clearing base A'),
    text('全年纳入预算的申报额 − 审核扣款', 'accepted under the budget − deductions'),
    [
      yuanInput(text('申报总额', 'accepted'), result.accepted, SOURCE.yearSettlements),
      yuanInput(text('其中纳入预算', 'of it under the budget'), input.budgeted, SOURCE.yearSettlements),
      yuanInput(text('其中按实支付', 'of it as billed'), input.asBilled, SOURCE.yearSettlements),
      yuanInput(text('其中中止期间', 'of it in suspended spans'), input.suspended, SOURCE.agreement),
      yuanInput(text('审核扣款', 'deductions'), input.deductions, SOURCE.deductions),
    ],
    result.a,
    clauseOf(facts.clauses, 'clearing.result'),
  );
}

function useLine(result: ClearingResult, budget: Fen, facts: ClearingTraceFacts): TraceLine {
  const over = result.use === 'over';
  return {
    code: 'use',
    label: text('预算使用率 u', 'Budget use u'),
    formula: text('u = A ÷ B', 'u = A ÷ B'),
    inputs: [
      yuanInput(text('清算基数 A', 'A'), result.a, SOURCE.computed),
      yuanInput(text('年度预算 B', 'budget B'), budget, facts.budgetLabel),
    ],
    result: budget > 0n ? rateText(ratio(result.a, budget), 4) : '—',
    unit: 'rate',
    clause: clauseOf(facts.clauses, over ? 'clearing.overspend' : 'clearing.saving'),
  };
}

function bandLine(band: BandPart, index: number, result: ClearingResult, facts: ClearingTraceFacts): TraceLine {
  const over = result.use === 'over';
  const to = band.to === null ? '∞' : yuanText(band.to);
  const range = `${yuanText(band.from)} – ${to}`;
  const number = String(index + 1);
  return yuanLine(
    `band-${number}`,
    over
      ? text(`超支第 ${number} 段`, `Overspend band ${number}`)
      : text(`结余第 ${number} 段`, `Saving band ${number}`),
    over
      ? text('段内超支 × 基金分担', 'part × share of the fund')
      : text('段内结余 × 留用比例', 'part × share retained'),
    [
      textInput(text('段', 'band'), range, SOURCE.policy),
      yuanInput(text('段内金额', 'part'), band.part, SOURCE.computed),
      rateInput(
        over ? text('基金分担', 'share of the fund') : text('留用比例', 'share retained'),
        band.band.share,
        SOURCE.policy,
      ),
    ],
    band.amount,
    clauseOf(facts.clauses, over ? 'clearing.overspend' : 'clearing.saving'),
  );
}

function qualityLines(result: ClearingResult, facts: ClearingTraceFacts): TraceLine[] {
  if (result.qualityFailures.length === 0) return [];
  const names = result.qualityFailures.map((failure) => QUALITY_NAMES[failure]);
  const why = text(names.map((name) => name.zh).join('、'), names.map((name) => name.en).join(', '));
  return [
    yuanLine(
      'quality',
      text('结余留用条件不成立', 'Saving not retained'),
      text(`留用 = 0（${why.zh}）`, `retained = 0 (${why.en})`),
      [yuanInput(text('结余', 'saving'), result.saving, SOURCE.computed)],
      result.retained,
      clauseOf(facts.clauses, 'clearing.quality'),
    ),
  ];
}

function dualLines(input: ClearingInput, result: ClearingResult, facts: ClearingTraceFacts): TraceLine[] {
  const { dual } = result;
  if (dual === null) return [];
  const { inpatient } = input;
  const ratios: TraceInput[] = [
    ...(dual.averageCost === null
      ? []
      : [
          yuanInput(
            text('次均费用 C', 'average cost C'),
            multiplyRate(fen(1), dual.averageCost),
            SOURCE.yearSettlements,
          ),
        ]),
    yuanInput(text('次均限额 C*(1+t)', 'limit C*(1+t)'), dual.costLimit, SOURCE.policy),
    ...(dual.visitRatio === null
      ? []
      : [rateInput(text('人次人头比 R', 'visit-to-person ratio R'), dual.visitRatio, SOURCE.yearSettlements)]),
    rateInput(text('人次人头比限额 R*(1+t)', 'limit R*(1+t)'), dual.ratioLimit, SOURCE.policy),
    countInput(text('人次', 'visits'), inpatient.visits, SOURCE.yearSettlements),
    countInput(text('人头', 'persons'), inpatient.persons, SOURCE.yearSettlements),
    countInput(
      text('剔除合理再入院', 'reasonable readmissions left out'),
      inpatient.reasonableReadmissions,
      SOURCE.yearSettlements,
    ),
    yuanInput(text('次均超额', 'excess of cost'), dual.costExcess, SOURCE.computed),
    yuanInput(text('人次超额', 'excess of visits'), dual.visitExcess, SOURCE.computed),
    yuanInput(text('封顶', 'cap'), dual.cap, SOURCE.policy),
  ];
  return [
    yuanLine(
      'dual-control',
      text('双控扣减', 'Dual-control penalty'),
      text('min(r₁ × 次均超额 + r₂ × 人次超额, 封顶)', 'min(r₁ × excess of cost + r₂ × excess of visits, cap)'),
      ratios,
      dual.penalty,
      clauseOf(facts.clauses, 'clearing.dual-control'),
    ),
  ];
}

function payableLine(input: ClearingInput, result: ClearingResult, facts: ClearingTraceFacts): TraceLine {
  return yuanLine(
    'payable',
    text('基金应付', 'Payable from the fund'),
    text('A − 机构分担 + 结余留用 + 按实支付', 'A − borne by provider + retained + as billed'),
    [
      yuanInput(text('清算基数 A', 'A'), result.a, SOURCE.computed),
      yuanInput(text('机构分担（含双控扣减）', 'borne, penalties included'), result.borne, SOURCE.computed),
      yuanInput(text('结余留用', 'retained'), result.retained, SOURCE.computed),
      yuanInput(text('按实支付', 'as billed'), input.asBilled, SOURCE.yearSettlements),
    ],
    result.payable,
    clauseOf(facts.clauses, 'clearing.result'),
  );
}

function depositLines(
  input: ClearingInput,
  result: ClearingResult,
  settlement: Settlement,
  facts: ClearingTraceFacts,
): TraceLine[] {
  if (input.depositHeld === 0n && settlement.poolShare === 0n) return [];
  const score = input.quality.score;
  return [
    yuanLine(
      'deposit',
      text('保证金返还', 'Deposit returned'),
      text('按考核得分：达标全返，未达标按比例，不合格没收', 'by score: whole, pro rata, or forfeited'),
      [
        yuanInput(text('已扣保证金', 'held'), input.depositHeld, SOURCE.advances),
        ...(score === null
          ? []
          : [
              {
                name: text('考核得分', 'score'),
                value: rateText(score, 2),
                unit: 'score' as const,
                source: SOURCE.assessment,
              },
            ]),
        yuanInput(text('没收', 'forfeited'), result.deposit?.forfeited ?? (0n as Fen), SOURCE.computed),
        yuanInput(text('分享没收池', 'share of the forfeits'), settlement.poolShare, SOURCE.computed),
      ],
      settlement.depositReturned,
      clauseOf(facts.clauses, 'clearing.assessment'),
    ),
  ];
}

function balanceLine(
  input: ClearingInput,
  result: ClearingResult,
  settlement: Settlement,
  facts: ClearingTraceFacts,
): TraceLine {
  return yuanLine(
    'balance',
    settlement.balance < 0n ? text('应收回', 'To recover') : text('应补付', 'To pay'),
    text(
      '基金应付 + 个人账户 − 已扣保证金 − 已拨付 − 预付 + 返还保证金 + 没收池分享',
      'payable + accounts − deposit held − paid − prepaid + deposit returned + share of the forfeits',
    ),
    [
      yuanInput(text('基金应付', 'payable'), result.payable, SOURCE.computed),
      yuanInput(text('个人账户', 'personal accounts'), input.account, SOURCE.yearSettlements),
      yuanInput(text('已扣保证金', 'deposit held'), input.depositHeld, SOURCE.advances),
      yuanInput(text('已拨付', 'paid'), input.paid, SOURCE.advances),
      yuanInput(text('预付', 'prepaid'), input.prepaid, SOURCE.advances),
      yuanInput(text('返还保证金', 'deposit returned'), settlement.depositReturned, SOURCE.computed),
      yuanInput(text('没收池分享', 'share of the forfeits'), settlement.poolShare, SOURCE.computed),
    ],
    settlement.balance,
    clauseOf(facts.clauses, 'clearing.result'),
  );
}
