import { type Fen, fen, rate, sumFen } from '../../common/money/index.js';
import type { Month } from '../../common/time/index.js';
import type { PaymentPolicy } from '../domain/policy.js';
import { text } from '../domain/trace.js';
import { globalBudget } from '../methods/global-budget/domain/global-budget.js';
import type { AdvanceResult } from './domain/advance.js';
import { monthExceptions } from './domain/exceptions.js';
import { acceptedCells, amountOf, type MonthFacts } from './month-facts.js';

/** Which budget version a sheet was computed with. */
export interface BudgetReference {
  readonly id: string;
  readonly year: number;
  readonly version: number;
}

/** Rows of `payment_month_line` and `payment_month_cell`, as `jsonb_populate_recordset` takes them. */
export interface SheetRows {
  readonly line: Readonly<Record<string, unknown>>;
  readonly cells: readonly Readonly<Record<string, unknown>>[];
}

/**
 * One provider's sheet from its frozen facts: pure, so the same facts, policy and budget give the same rows on any
 * worker at any time.
 */
export function computeSheet(
  key: { readonly poolArea: string; readonly monthId: string; readonly month: Month; readonly providerId: string },
  facts: MonthFacts,
  adjustments: readonly Fen[],
  budget: BudgetReference,
  policy: PaymentPolicy,
): SheetRows {
  const cells = acceptedCells(facts, policy.budget);
  const rescue = sumFen(facts.cells.map((cell) => amountOf(cell.rescue)));
  const input = {
    providerId: key.providerId,
    mode: policy.advance.mode,
    alpha: policy.advance.alpha,
    depositRate: rate(facts.depositRate),
    cells,
    account: amountOf(facts.account),
    deductions: sumFen(facts.deductions.map((deduction) => amountOf(deduction.amount))),
    quota: amountOf(facts.quota),
    cumulativeQuota: amountOf(facts.cumulativeQuota),
    cumulativeEligibleBefore: amountOf(facts.before.eligible),
    priorAverage: amountOf(facts.priorAverage),
    carryIn: amountOf(facts.carryIn),
    recoverable: amountOf(facts.recoverable),
    adjustments,
  };
  const year = String(budget.year);
  const version = String(budget.version);
  const { result, trace } = globalBudget.monthly(input, {
    settlements: facts.settlements,
    rescue,
    clauses: policy.clauses,
    budgetLabel: text(`${year} 年预算第 ${version} 版`, `budget ${year} version ${version}`),
  });
  const line = {
    pool_area: key.poolArea,
    month_id: key.monthId,
    provider_id: key.providerId,
    mode: input.mode,
    settlements: facts.settlements,
    rescue_fen: rescue.toString(),
    quota_fen: facts.quota,
    cumulative_quota_fen: facts.cumulativeQuota,
    ...amounts(result),
    last_month_accepted_fen: facts.lastMonthAccepted,
    ...yearToDate(facts, result),
    exceptions: exceptionsOf(key.month, facts, result, rescue, policy),
    trace,
  };
  return { line, cells: cellRows(key, facts, result) };
}

function amounts(result: AdvanceResult): Record<string, string> {
  const columns: Record<string, Fen> = {
    accepted_fen: result.accepted,
    suspended_fen: result.suspended,
    as_billed_fen: result.asBilled,
    account_fen: result.account,
    budgeted_fen: result.budgeted,
    eligible_fen: result.eligible,
    deposit_fen: result.deposit,
    held_fen: result.held,
    deduction_fen: result.deductions,
    adjustment_fen: result.adjusted,
    carry_in_fen: result.carryIn,
    recovered_fen: result.recovered,
    pay_fen: result.pay,
    carry_out_fen: result.carryOut,
    prepayment_fen: result.prepayment,
  };
  return Object.fromEntries(Object.entries(columns).map(([column, amount]) => [column, amount.toString()]));
}

function yearToDate(facts: MonthFacts, result: AdvanceResult): Record<string, string> {
  const plus = (before: string, amount: Fen): string => (BigInt(before) + amount).toString();
  return {
    ytd_accepted_fen: plus(facts.before.accepted, result.accepted),
    ytd_budgeted_fen: plus(facts.before.budgeted, result.budgeted),
    ytd_eligible_fen: plus(facts.before.eligible, result.eligible),
    ytd_pay_fen: plus(facts.before.pay, result.pay),
  };
}

function exceptionsOf(
  month: Month,
  facts: MonthFacts,
  result: AdvanceResult,
  rescue: Fen,
  policy: PaymentPolicy,
): string[] {
  return monthExceptions(
    {
      accepted: result.accepted,
      lastMonthAccepted: amountOf(facts.lastMonthAccepted),
      ytdBudgeted: fen(BigInt(facts.before.budgeted) + result.budgeted),
      annualBudget: facts.annualBudget === null ? null : amountOf(facts.annualBudget),
      monthOfYear: Number(month.slice(5)),
      suspended: result.suspended,
      rescue,
      hasAgreement: facts.agreementNo !== null,
      carryOut: result.carryOut,
      adjusted: result.adjusted,
    },
    policy.advance,
  );
}

function cellRows(
  key: { readonly poolArea: string; readonly monthId: string; readonly providerId: string },
  facts: MonthFacts,
  result: AdvanceResult,
): Record<string, unknown>[] {
  const ytd = new Map(facts.cells.map((cell) => [`${cell.fund} ${cell.category}`, cell.ytdAccepted]));
  return result.cells.map((cell) => ({
    pool_area: key.poolArea,
    month_id: key.monthId,
    provider_id: key.providerId,
    fund: cell.fund,
    category: cell.category,
    accepted_fen: cell.accepted.toString(),
    suspended_fen: cell.suspended.toString(),
    as_billed_fen: cell.asBilled.toString(),
    eligible_fen: cell.eligible.toString(),
    withheld_fen: cell.withheld.toString(),
    ytd_accepted_fen: ytd.get(`${cell.fund} ${cell.category}`) ?? '0',
  }));
}
