import type { Fen } from '../../../common/money/index.js';
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
import type { AdvanceMode } from '../../domain/types.js';
import type { AdvanceInput, AdvanceResult } from './advance.js';

/** Facts that only the trace needs. */
export interface AdvanceTraceFacts {
  readonly settlements: number;
  readonly rescue: Fen;
  readonly clauses: Clauses;
  /** "budget 2026 version 2", for the source of the quota. */
  readonly budgetLabel: Text;
}

export const MODE_NAMES: Readonly<Record<AdvanceMode, Text>> = {
  fixed: text('定额预拨', 'fixed quota'),
  'share-of-actual': text('按实际发生比例预拨', 'share of actual'),
  'actual-capped': text('按实际发生、不超累计额度', 'actual, capped by the cumulative quota'),
  'prior-average': text('上年月均预付', 'average month of last year'),
};

/** "How was this computed" (怎么算的) of one provider's sheet: a line per step, in the order of the sheet. */
export function traceAdvance(input: AdvanceInput, result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine[] {
  return [
    acceptedLine(result, facts),
    ...suspendedLines(result, facts),
    budgetedLine(result, facts),
    eligibleLine(input, result, facts),
    ...withheldLines(input, result, facts),
    asBilledLine(result, facts),
    ...deductionLines(result, facts),
    ...offsetLines(input, result, facts),
    payLine(result, facts),
  ];
}

function acceptedLine(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine {
  return yuanLine(
    'accepted',
    text('申报基金支付', 'Accepted fund amount'),
    text('Σ 当月结算单基金支付 − Σ 冲销', 'Σ fund share of the month’s settlements − Σ reversals'),
    [countInput(text('结算单数', 'settlements'), facts.settlements, SOURCE.settlements)],
    result.accepted,
    clauseOf(facts.clauses, 'advance.as-billed'),
  );
}

function suspendedLines(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine[] {
  if (result.suspended === 0n && facts.rescue === 0n) return [];
  return [
    yuanLine(
      'suspended',
      text('协议中止期间不予预拨', 'Not advanced: agreement suspended'),
      text('Σ 中止期间基金支付（急救抢救除外）', 'Σ fund share of services in the suspended span, rescue excepted'),
      [yuanInput(text('其中急救抢救照拨', 'rescue, advanced all the same'), facts.rescue, SOURCE.settlements)],
      result.suspended,
      clauseOf(facts.clauses, 'advance.suspension'),
    ),
  ];
}

function budgetedLine(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine {
  return yuanLine(
    'budgeted',
    text('纳入总额预算 F', 'Under the budget, F'),
    text('申报 − 中止期间 − 按实支付', 'accepted − suspended − as billed'),
    [
      yuanInput(text('申报', 'accepted'), result.accepted, SOURCE.settlements),
      yuanInput(text('中止期间', 'suspended'), result.suspended, SOURCE.agreement),
      yuanInput(text('按实支付', 'as billed'), result.asBilled, SOURCE.policy),
    ],
    result.budgeted,
    clauseOf(facts.clauses, 'advance.as-billed'),
  );
}

function eligibleLine(input: AdvanceInput, result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine {
  const f = yuanInput(text('纳入总额预算 F', 'under the budget, F'), result.budgeted, SOURCE.computed);
  const shapes: Record<AdvanceMode, { formula: Text; inputs: TraceInput[] }> = {
    fixed: {
      formula: text('E = 当月额度 Q', 'E = quota Q of the month'),
      inputs: [yuanInput(text('当月额度 Q', 'quota Q'), input.quota, facts.budgetLabel)],
    },
    'share-of-actual': { formula: text('E = F', 'E = F'), inputs: [f] },
    'actual-capped': {
      formula: text(
        'E = min(F, 累计额度 − 以前月份累计 E)，不低于 0',
        'E = min(F, cumulative quota − cumulative E before), not below 0',
      ),
      inputs: [
        f,
        yuanInput(text('累计额度', 'cumulative quota'), input.cumulativeQuota, facts.budgetLabel),
        yuanInput(text('以前月份累计 E', 'cumulative E before'), input.cumulativeEligibleBefore, SOURCE.monthsBefore),
      ],
    },
    'prior-average': {
      formula: text('E = 上年月平均（清算时全额收回）', 'E = average month of last year, recovered at clearing'),
      inputs: [yuanInput(text('上年月平均', 'average month'), input.priorAverage, SOURCE.lastYear)],
    },
  };
  const { formula, inputs } = shapes[input.mode];
  const name = MODE_NAMES[input.mode];
  const mode = textInput(text('预拨方式', 'mode'), `${name.zh} (${input.mode})`, SOURCE.policy);
  return yuanLine(
    'eligible',
    text(`应拨基数 E（${name.zh}）`, `Eligible amount E (${name.en})`),
    formula,
    [mode, ...inputs],
    result.eligible,
    clauseOf(facts.clauses, 'advance.mode'),
  );
}

function withheldLines(input: AdvanceInput, result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine[] {
  const e = yuanInput(text('应拨基数 E', 'eligible amount E'), result.eligible, SOURCE.computed);
  const lines = [
    yuanLine(
      'deposit',
      text('质量保证金', 'Quality deposit'),
      text('E × ρ，四舍五入到分', 'E × ρ, rounded half up to the fen'),
      [e, rateInput(text('保证金比例 ρ', 'deposit rate ρ'), input.depositRate, SOURCE.agreement)],
      result.deposit,
      clauseOf(facts.clauses, 'advance.deposit'),
    ),
  ];
  if (input.mode !== 'share-of-actual') return lines;
  lines.push(
    yuanLine(
      'held',
      text('留待清算', 'Held until clearing'),
      text('E − E × α − 保证金', 'E − E × α − deposit'),
      [e, rateInput(text('预拨比例 α', 'share α'), input.alpha, SOURCE.policy), depositInput(result.deposit)],
      result.held,
      clauseOf(facts.clauses, 'advance.mode'),
    ),
  );
  return lines;
}

function asBilledLine(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine {
  return yuanLine(
    'as-billed',
    text('按实支付', 'Paid as billed'),
    text('Σ 预算外基金、类别与独立核算费用', 'Σ funds and categories outside the budget, special drugs'),
    [yuanInput(text('另：个人账户支付', 'besides: personal accounts'), result.account, SOURCE.settlements)],
    result.asBilled,
    clauseOf(facts.clauses, 'advance.as-billed'),
  );
}

function deductionLines(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine[] {
  if (result.deductions === 0n) return [];
  return [
    yuanLine(
      'deductions',
      text('审核扣款 D', 'Deductions D'),
      text('Σ 本月决定且未执行的扣款', 'Σ deductions decided and not yet applied'),
      [],
      result.deductions,
      clauseOf(facts.clauses, 'advance.deductions'),
    ),
  ];
}

function offsetLines(input: AdvanceInput, result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine[] {
  const clause = clauseOf(facts.clauses, 'advance.offset');
  const lines: TraceLine[] = [];
  if (result.adjusted !== 0n) {
    const count = countInput(text('调整行数', 'adjustment lines'), input.adjustments.length, SOURCE.adjustments);
    const formula = text(
      'Σ 调整行（清算时与已拨一并结算）',
      'Σ adjustment lines, settled with what was paid at clearing',
    );
    lines.push(yuanLine('adjustments', text('预拨调整', 'Adjustments'), formula, [count], result.adjusted, clause));
  }
  if (result.carryIn > 0n) {
    const label = text('冲抵上月结转', 'Offset of the month before');
    const formula = text('上月应拨为负的部分', 'what was negative in the month before');
    const source = yuanInput(text('上月结转', 'carried'), result.carryIn, SOURCE.previousMonth);
    lines.push(yuanLine('carry-in', label, formula, [source], result.carryIn, clause));
  }
  if (result.recovered > 0n) {
    const label = text('冲抵清算应收', 'Collected for a clearing');
    const formula = text('min(可拨, 清算应收)', 'min(what can be paid, receivable)');
    const source = yuanInput(text('清算应收', 'receivable'), input.recoverable, SOURCE.recoverable);
    lines.push(yuanLine('recovered', label, formula, [source], result.recovered, clause));
  }
  return lines;
}

function payLine(result: AdvanceResult, facts: AdvanceTraceFacts): TraceLine {
  const computed = SOURCE.computed;
  const inputs = [
    yuanInput(text('应拨基数 E', 'eligible E'), result.eligible, computed),
    depositInput(result.deposit),
    yuanInput(text('留待清算', 'held'), result.held, computed),
    yuanInput(text('按实支付', 'as billed'), result.asBilled, computed),
    yuanInput(text('个人账户', 'personal accounts'), result.account, SOURCE.settlements),
    yuanInput(text('审核扣款', 'deductions'), result.deductions, SOURCE.deductions),
    yuanInput(text('预拨调整', 'adjustments'), result.adjusted, SOURCE.adjustments),
    yuanInput(text('冲抵上月结转', 'carried in'), result.carryIn, SOURCE.previousMonth),
    yuanInput(text('冲抵清算应收', 'collected'), result.recovered, SOURCE.recoverable),
    yuanInput(text('结转下月', 'carried to the next month'), result.carryOut, computed),
  ];
  return yuanLine(
    'pay',
    text('应拨付', 'To pay'),
    text(
      'E − 保证金 − 留待清算 + 按实支付 + 个人账户 − 扣款 + 调整 − 上月结转 − 清算应收；为负时结转下月',
      'E − deposit − held + as billed + accounts − deductions + adjustments − carried in − collected; if negative, carried',
    ),
    inputs,
    result.pay,
    clauseOf(facts.clauses, 'advance.offset'),
  );
}

function depositInput(deposit: Fen): TraceInput {
  return yuanInput(text('质量保证金', 'quality deposit'), deposit, SOURCE.computed);
}
