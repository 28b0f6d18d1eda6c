import type { Tx } from '../../common/db/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { type Fen, rateText, ratio, yuanText } from '../../common/money/index.js';
import type { Actor } from '../../identity/index.js';
import { type BudgetHead, budgetLines, budgetSetAsides, getBudget, listBudgets } from './budget.store.js';

type Json = Readonly<Record<string, unknown>>;

/** Budget versions of the actor's pool, newest first, one page. */
export async function viewBudgets(
  tx: Tx,
  actor: Actor,
  filter: { readonly scheme?: string | undefined; readonly year?: number | undefined },
  page: PageQuery,
): Promise<{ key: readonly string[]; shown: Json }[]> {
  const heads = await listBudgets(tx, actor.poolArea, filter, page);
  return heads.map((head) => ({
    key: [String(head.year), head.scheme, String(head.version)],
    shown: headJson(head),
  }));
}

/** One version with its set-asides and lines; `used` is what was accepted under the budget so far. Error `payment.budget-not-found`. */
export async function viewBudget(tx: Tx, actor: Actor, id: string): Promise<Json> {
  const head = await getBudget(tx, actor.poolArea, id);
  const setAsides = await budgetSetAsides(tx, actor.poolArea, id);
  const lines = await budgetLines(tx, actor.poolArea, id);
  const used = await usedAmounts(tx, head);
  return {
    ...headJson(head),
    setAsides: setAsides.map(({ code, zh, en, amount }) => ({ code, name: { zh, en }, amount: yuanText(amount) })),
    lines: lines.map((line) => {
      const amount = used.get(line.providerId);
      return {
        providerId: line.providerId,
        providerName: line.name,
        group: line.group,
        base: yuanText(line.base),
        byGroupAverage: line.byGroupAverage,
        weight: yuanText(line.weight),
        formula: yuanText(line.formula),
        negotiated: line.negotiated === null ? null : yuanText(line.negotiated),
        negotiatedReason: line.negotiatedReason,
        amount: yuanText(line.amount),
        used: amount === undefined ? null : yuanText(amount),
        useRate: amount === undefined || line.amount === 0n ? null : rateText(ratio(amount, line.amount), 4),
        quotas: line.quotas.map(yuanText),
        trace: line.trace,
      };
    }),
  };
}

async function usedAmounts(tx: Tx, head: BudgetHead): Promise<Map<string, Fen>> {
  const rows = await tx.query<{ providerId: string; amount: Fen }>(
    `SELECT l.provider_id AS "providerId", sum(l.budgeted_fen)::bigint AS amount
     FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
     WHERE m.pool_area = $1 AND m.scheme = $2 AND EXTRACT(year FROM m.month) = $3 AND m.state = 'closed'
     GROUP BY l.provider_id`,
    [head.poolArea, head.scheme, head.year],
  );
  return new Map(rows.map((row) => [row.providerId, row.amount]));
}

function headJson(head: BudgetHead): Json {
  return {
    id: head.id,
    scheme: head.scheme,
    year: head.year,
    version: head.version,
    state: head.state,
    reason: head.reason,
    baseId: head.baseId,
    income: yuanText(head.income),
    reserve: yuanText(head.reserve),
    setAside: yuanText(head.setAside),
    available: yuanText(head.available),
    policyVersion: head.policyVersion,
    createdBy: head.createdByName,
    approvedBy: head.approvedByName,
    publishedOn: head.publishedOn,
    inForceFrom: head.inForceFrom,
  };
}
