import type { Tx } from '../../common/db/index.js';
import { type Fen, parseYuan } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { type Actor, scopeSql } from '../../identity/index.js';
import { viewSheet } from '../advance/month.view.js';
import { getMonth } from '../advance/month.store.js';
import type { ApprovalSteps } from '../approval-steps.js';
import { getClearing } from '../clearing/clearing.store.js';
import { viewClearingLine } from '../clearing/clearing.view.js';
import type { TraceLine } from '../domain/trace.js';
import type { AdvanceMode, Category, Fund, Scheme } from '../domain/types.js';
import type { OrderPayees } from '../orders/order-payees.js';
import type { PaymentOrder } from '../orders/orders.service.js';
import type { BankOrder } from './domain/bank-file.js';
import { CLEARING_AMOUNTS, type ClearingPaper } from './domain/clearing-letter.js';
import { CELL_AMOUNTS, MONTH_AMOUNTS, type MonthPaper } from './domain/month-sheet.js';
import type { VoucherPaper } from './domain/voucher.js';
import { type PaperProvider, signersOf } from './domain/words.js';

/** Amounts of a view are yuan text under these names. */
type YuanTexts<K extends string> = Readonly<Record<K, string>>;

// What the views of the room promise to show (see MONTH_LINE and CLEARING_LINE of rest/schemas.ts).
type SheetView = YuanTexts<(typeof MONTH_AMOUNTS)[number]> & {
  readonly mode: AdvanceMode;
  readonly settlements: number;
  readonly agreementNo: string | null;
  readonly cells: readonly (YuanTexts<(typeof CELL_AMOUNTS)[number]> & { fund: Fund; category: Category })[];
  readonly adjustments: readonly { amount: string; reason: string; document: string; createdBy: string }[];
};
type ClearingView = YuanTexts<(typeof CLEARING_AMOUNTS)[number]> & { readonly trace: readonly TraceLine[] };

/**
 * The facts of a provider's month sheet, in the actor's scope, by the same view as the screen.
 * Errors: `payment.month-line-not-found`, also for what is out of scope.
 * @param today printed on a sheet whose month is not closed
 */
export async function monthPaper(
  tx: Tx,
  steps: ApprovalSteps,
  actor: Actor,
  at: { readonly id: string; readonly providerId: string },
  today: LocalDate,
): Promise<MonthPaper> {
  const view = (await viewSheet(tx, actor, at.id, at.providerId)) as unknown as SheetView;
  const head = await getMonth(tx, actor.poolArea, at.id);
  const acts = await steps.timeline(tx, 'month-settlement', head);
  return {
    issuer: await issuerOf(tx, actor.poolArea),
    issuedOn: head.closedOn ?? today,
    hash: head.snapshotHash,
    provider: await providerOf(tx, 'payment_month_input', 'month_id', actor.poolArea, at),
    scheme: head.scheme,
    month: head.month,
    mode: view.mode,
    agreementNo: view.agreementNo,
    budgetVersion: head.budget.version,
    policyVersion: head.policyVersion,
    settlements: view.settlements,
    amounts: amountsOf(view, MONTH_AMOUNTS),
    cells: view.cells.map((cell) => ({
      fund: cell.fund,
      category: cell.category,
      ...amountsOf(cell, CELL_AMOUNTS),
    })),
    adjustments: view.adjustments.map((row) => ({
      amount: parseYuan(row.amount),
      reason: row.reason,
      document: row.document,
      by: row.createdBy,
    })),
    signers: signersOf(acts, head.round),
  };
}

/** The facts of a provider's clearing letter. Errors: `payment.clearing-line-not-found`, also for what is out of scope. */
export async function clearingPaper(
  tx: Tx,
  steps: ApprovalSteps,
  actor: Actor,
  at: { readonly id: string; readonly providerId: string },
  today: LocalDate,
): Promise<ClearingPaper> {
  const view = (await viewClearingLine(tx, actor, at.id, at.providerId)) as unknown as ClearingView;
  const head = await getClearing(tx, actor.poolArea, at.id);
  const acts = await steps.timeline(tx, 'annual-clearing', head);
  return {
    issuer: await issuerOf(tx, actor.poolArea),
    issuedOn: head.closedOn ?? today,
    hash: head.snapshotHash,
    provider: await providerOf(tx, 'payment_clearing_input', 'clearing_id', actor.poolArea, at),
    scheme: head.scheme,
    year: head.year,
    budgetVersion: head.budget.version,
    policyVersion: head.policyVersion,
    amounts: amountsOf(view, CLEARING_AMOUNTS),
    trace: view.trace,
    signers: signersOf(acts, head.round),
  };
}

/** The facts of the voucher of an order that the actor was allowed to read; `payeeAccount` in full. */
export async function voucherPaper(
  tx: Tx,
  actor: Actor,
  order: PaymentOrder,
  payeeAccount: string,
): Promise<VoucherPaper> {
  const { poolArea } = actor;
  const source =
    order.sourceKind === 'month'
      ? await getMonth(tx, poolArea, order.sourceId)
      : await getClearing(tx, poolArea, order.sourceId);
  return {
    issuer: await issuerOf(tx, poolArea),
    issuedOn: order.preparedOn,
    hash: source.snapshotHash,
    orderNo: order.orderNo,
    scheme: order.scheme,
    source: order.sourceKind,
    period: order.period.slice(0, 7),
    state: order.state,
    providerName: order.providerName,
    payeeName: order.payeeName,
    payeeBank: order.payeeBank,
    payeeAccount,
    amount: order.amount,
    prepayment: order.prepayment,
    preparedBy: order.preparedByName,
    reviewedBy: order.reviewedByName,
    approvedBy: order.approvedByName,
    signedBy: order.signedByName,
    sentOn: order.sentOn,
    paidOn: order.paidOn,
    bankReference: order.bankReference,
    returnReason: order.returnReason,
  };
}

/**
 * Orders of a scheme that pay for a month and may go to the bank: signed off, or sent and not yet answered. In the actor's
 * scope, in the order of their numbers, with their accounts in full.
 * @param period first day of the month
 */
export async function bankOrders(
  tx: Tx,
  payees: OrderPayees,
  actor: Actor,
  scheme: Scheme,
  period: LocalDate,
): Promise<BankOrder[]> {
  const scope = scopeSql(actor, { pool: 'o.pool_area', area: 'i.area_code', provider: 'o.provider_id' }, 3);
  const orders = await tx.query<Omit<BankOrder, 'payeeAccount'> & { readonly id: string }>(
    `SELECT o.id, o.order_no AS "orderNo", o.payee_name AS "payeeName", o.payee_bank AS "payeeBank", o.amount_fen AS amount, o.state,
       to_char(o.period, 'YYYY-MM') || CASE o.source_kind WHEN 'month' THEN ' 月度结算' ELSE ' 年终清算' END AS purpose
     FROM payment_order o JOIN institution i ON i.pool_area = o.pool_area AND i.id = o.provider_id
     WHERE o.scheme = $1 AND o.period = $2 AND o.state IN ('signed-off', 'sent') AND ${scope.sql}
     ORDER BY o.order_no`,
    [scheme, period, ...scope.params],
  );
  const ids = orders.map((order) => order.id);
  const accounts = await payees.accounts(tx, actor.poolArea, ids);
  return orders.map(({ id, ...order }) => ({ ...order, payeeAccount: accounts.get(id) ?? '' }));
}

async function issuerOf(tx: Tx, poolArea: string): Promise<string> {
  const area = await tx.maybe<{ name: string }>('SELECT name FROM area WHERE code = $1', [poolArea]);
  return `${area?.name ?? poolArea}医疗保障局`;
}

// Name and level as they were frozen with the figures: a hospital that is renamed later does not change an old paper.
function providerOf(
  tx: Tx,
  table: 'payment_month_input' | 'payment_clearing_input',
  run: 'month_id' | 'clearing_id',
  poolArea: string,
  at: { readonly id: string; readonly providerId: string },
): Promise<PaperProvider> {
  return tx.one<PaperProvider>(
    `SELECT n.facts ->> 'name' AS name, n.facts ->> 'level' AS level, i.code12 AS code
     FROM ${table} n JOIN institution i ON i.pool_area = n.pool_area AND i.id = n.provider_id
     WHERE n.pool_area = $1 AND n.${run} = $2 AND n.provider_id = $3`,
    [poolArea, at.id, at.providerId],
  );
}

function amountsOf<K extends string>(texts: YuanTexts<K>, names: readonly K[]): Readonly<Record<K, Fen>> {
  return Object.fromEntries(names.map((name) => [name, parseYuan(texts[name])])) as Record<K, Fen>;
}
