import type { Tx } from '../../common/db/index.js';
import { fen } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import type { Providers } from '../../providers/index.js';
import type { PaymentPolicy } from '../domain/policy.js';
import type { Scheme } from '../domain/types.js';
import type { BudgetFacts } from './domain/compose.js';

/** Which budget. */
export interface BudgetKey {
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly year: number;
}

interface MonthRow {
  readonly providerId: string;
  readonly year: number;
  readonly month: number;
  readonly amount: bigint;
}

const MONTHS = 12;

// Closed months of this system, and what was recorded of the time before it began.
const HISTORY = `
  SELECT provider_id AS "providerId", extract(year FROM month)::int AS year, extract(month FROM month)::int AS month,
    sum(amount)::bigint AS amount
  FROM (
    SELECT l.provider_id, m.month, l.budgeted_fen AS amount
    FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
    WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month >= $3 AND m.month < $4
    UNION ALL
    SELECT provider_id, month, budgeted_fen FROM payment_history
    WHERE pool_area = $1 AND scheme = $2 AND month >= $3 AND month < $4
  ) AS known
  GROUP BY provider_id, month`;

/**
 * What a budget is drafted from: institutions with an agreement on the first day of the year that pays at least one
 * category under the budget by global budget, with their history. Two set-based statements and the register.
 */
export async function collectBudgetFacts(
  tx: Tx,
  providers: Providers,
  key: BudgetKey,
  policy: PaymentPolicy,
): Promise<BudgetFacts[]> {
  const years = policy.budget.historyWeights.length;
  const rows = await tx.query<MonthRow>(HISTORY, [
    key.poolArea,
    key.scheme,
    firstOfYear(key.year - years),
    firstOfYear(key.year),
  ]);
  const agreements = await providers.agreementsInForce(tx, key.poolArea, firstOfYear(key.year));
  const under = agreements
    .filter((terms) => policy.budget.categories.some((category) => terms.paymentMethod[category] === 'global-budget'))
    .map((terms) => terms.institutionId);
  const institutions = await providers.list(tx, { poolArea: key.poolArea, ids: under });
  const history = groupByProvider(rows);
  return institutions
    .map((institution) => {
      const months = history.get(institution.id) ?? [];
      return {
        providerId: institution.id,
        name: institution.name,
        level: institution.level,
        units: BigInt(institution.beds),
        history: Array.from({ length: years }, (_, back) => sumOf(months, key.year - 1 - back)),
        seasonality: seasonOf(months, key.year - 1),
      };
    })
    .sort((a, b) => (a.providerId < b.providerId ? -1 : 1));
}

function sumOf(months: readonly MonthRow[], year: number): BudgetFacts['history'][number] {
  return fen(months.filter((row) => row.year === year).reduce((sum, row) => sum + row.amount, 0n));
}

function seasonOf(months: readonly MonthRow[], year: number): BudgetFacts['seasonality'] {
  const known = months.filter((row) => row.year === year).sort((a, b) => a.month - b.month);
  return known.length === MONTHS ? known.map((row) => fen(row.amount)) : [];
}

function groupByProvider(rows: readonly MonthRow[]): Map<string, MonthRow[]> {
  const groups = new Map<string, MonthRow[]>();
  for (const row of rows) groups.set(row.providerId, [...(groups.get(row.providerId) ?? []), row]);
  return groups;
}

function firstOfYear(year: number): LocalDate {
  return `${String(year)}-01-01` as LocalDate;
}
