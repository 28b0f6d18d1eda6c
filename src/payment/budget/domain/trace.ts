import type { Fen } from '../../../common/money/index.js';
import {
  clauseOf,
  countInput,
  rateInput,
  SOURCE,
  text,
  type TraceLine,
  yuanInput,
  yuanLine,
} from '../../domain/trace.js';
import type { PaymentPolicy } from '../../domain/policy.js';
import type { AllocatedProvider, BudgetCandidate } from './allocation.js';

/** "How was this computed" of one provider's budget. */
export function traceBudgetLine(
  candidate: BudgetCandidate,
  line: AllocatedProvider,
  groupTotal: Fen,
  year: number,
  policy: PaymentPolicy,
): TraceLine[] {
  const { clauses, budget } = policy;
  const history = budget.historyWeights.flatMap((weight, index) => {
    const label = String(year - index - 1);
    const amount = candidate.history[index];
    if (amount === undefined) return [];
    return [
      yuanInput(text(`${label} 年纳入预算申报额`, `accepted in ${label}`), amount, SOURCE.lastYear),
      rateInput(text(`${label} 年权重`, `weight of ${label}`), weight, SOURCE.policy),
    ];
  });
  const baseFormula = line.byGroupAverage
    ? text(
        '无历史：组内每床（签约人）平均 × 床位（签约人）',
        'no history: group average per bed or signed person × units',
      )
    : text('Σ 权重 × 历年申报额', 'Σ weight × accepted of earlier years');
  const lines = [
    yuanLine(
      'base',
      text('基数', 'Base'),
      baseFormula,
      line.byGroupAverage ? [countInput(text('床位（签约人）', 'units'), candidate.units, SOURCE.agreement)] : history,
      line.base,
      clauseOf(clauses, 'budget.weights'),
    ),
    yuanLine(
      'weight',
      text('权重', 'Weight'),
      text('基数 × 增长 × Π 系数', 'base × growth × Π coefficients'),
      [
        rateInput(text('增长', 'growth'), candidate.growth, SOURCE.policy),
        ...candidate.coefficients.map((value) => rateInput(text('系数', 'coefficient'), value, SOURCE.policy)),
      ],
      line.weight,
      clauseOf(clauses, 'budget.weights'),
    ),
    yuanLine(
      'formula',
      text('公式额', 'Formula amount'),
      text('组总额 × 权重 ÷ Σ 权重（最大余数法）', 'group total × weight ÷ Σ weights, largest remainder'),
      [yuanInput(text('组总额', 'group total'), groupTotal, SOURCE.computed)],
      line.formula,
      clauseOf(clauses, 'budget.allocation'),
    ),
  ];
  const isNegotiated = candidate.negotiated !== null;
  lines.push(
    yuanLine(
      'amount',
      text('年度预算', 'Annual budget'),
      isNegotiated
        ? text('协商额替代公式额', 'the negotiated amount replaces the formula amount')
        : text('其余机构按权重重新归一', 'the rest is re-normalised by weight'),
      [yuanInput(text('公式额', 'formula amount'), line.formula, SOURCE.computed)],
      line.amount,
      clauseOf(clauses, 'budget.allocation'),
    ),
  );
  return lines;
}
