import type { Claims } from '../../claims/index.js';
import type { Tx } from '../../common/db/index.js';
import { rate } from '../../common/money/index.js';
import type { Providers } from '../../providers/index.js';
import { amountOf } from '../advance/month-facts.js';
import type { Level, Scheme } from '../domain/types.js';
import type { ClearingInput } from './domain/clearing.js';

/** Everything one provider's clearing is computed from, as frozen in `payment_clearing_input`. Amounts are fen as text. */
export interface ClearingFacts {
  readonly name: string;
  readonly level: Level;
  readonly budgeted: string;
  readonly asBilled: string;
  readonly suspended: string;
  readonly account: string;
  readonly deductions: string;
  /** null = no budget line. */
  readonly budget: string | null;
  readonly visits: number;
  readonly visitsLastYear: number;
  readonly persons: number;
  readonly reasonableReadmissions: number;
  readonly inpatientTotal: string;
  readonly inpatientFund: string;
  readonly complaints: number;
  /** null = not assessed, or not confirmed. */
  readonly score: string | null;
  readonly gradeIndex: string;
  readonly paid: string;
  readonly prepaid: string;
  readonly depositHeld: string;
}

export interface YearKey {
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly year: number;
}

// What the closed months of the year came to. "Paid" counts what was collected for an earlier clearing, and what was
// carried into and out of the year: it was settled, only not in money.
const MONTHS = `
  SELECT l.provider_id AS "providerId", sum(l.budgeted_fen)::text AS budgeted, sum(l.as_billed_fen)::text AS "asBilled",
    sum(l.suspended_fen)::text AS suspended, sum(l.account_fen)::text AS account, sum(l.deduction_fen)::text AS deductions,
    (sum(l.pay_fen - l.prepayment_fen + l.recovered_fen + l.carry_in_fen - l.carry_out_fen))::text AS paid,
    sum(l.prepayment_fen)::text AS prepaid, sum(l.deposit_fen)::text AS "depositHeld"
  FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
  WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month >= $3 AND m.month < $4
  GROUP BY l.provider_id`;

interface MonthSums {
  readonly providerId: string;
  readonly budgeted: string;
  readonly asBilled: string;
  readonly suspended: string;
  readonly account: string;
  readonly deductions: string;
  readonly paid: string;
  readonly prepaid: string;
  readonly depositHeld: string;
}

const ASSESSMENTS = `
  SELECT provider_id AS "providerId", score::text AS score, grade_index::text AS "gradeIndex", complaints
  FROM payment_assessment WHERE pool_area = $1 AND year = $2 AND state = 'confirmed'`;

const READMISSIONS = `
  SELECT provider_id AS "providerId", count(*)::int AS count FROM payment_readmission
  WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state = 'reasonable' GROUP BY provider_id`;

const VISITS_RECORDED = `
  SELECT provider_id AS "providerId", sum(visits)::int AS count FROM payment_history
  WHERE pool_area = $1 AND scheme = $2 AND month >= $3 AND month < $4 GROUP BY provider_id`;

/**
 * Collects the facts of a year for every provider with a closed month or a budget line, set-based, in the order of ids.
 */
export async function collectClearingFacts(
  tx: Tx,
  doors: { readonly providers: Providers; readonly claims: Claims },
  key: YearKey,
  budgetId: string,
): Promise<{ providerId: string; facts: ClearingFacts }[]> {
  const { poolArea, scheme, year } = key;
  const [first, next] = [`${String(year)}-01-01`, `${String(year + 1)}-01-01`];
  const months = await tx.query<MonthSums>(MONTHS, [poolArea, scheme, first, next]);
  const budgets = await tx.query<{ providerId: string; amount: string }>(
    `SELECT provider_id AS "providerId", amount_fen::text AS amount FROM payment_budget_line
     WHERE pool_area = $1 AND budget_id = $2`,
    [poolArea, budgetId],
  );
  const assessed = await tx.query<Assessed>(ASSESSMENTS, [poolArea, year]);
  const readmissions = await tx.query<Count>(READMISSIONS, [poolArea, scheme, year]);
  const recorded = await tx.query<Count>(VISITS_RECORDED, [poolArea, scheme, `${String(year - 1)}-01-01`, first]);
  const inpatients = (await doors.claims.yearFacts(tx, key)).filter((fact) => fact.category === 'inpatient');
  const before = await doors.claims.yearFacts(tx, { ...key, year: year - 1 });
  const visitsBefore = [
    ...recorded,
    ...before
      .filter((fact) => fact.category === 'inpatient')
      .map((fact) => ({ providerId: fact.providerId, count: fact.visits })),
  ];
  const ids = [...new Set([...months, ...budgets].map((row) => row.providerId))].sort();
  const institutions = new Map((await doors.providers.list(tx, { poolArea, ids })).map((one) => [one.id, one]));
  const of = <T extends { readonly providerId: string }>(rows: readonly T[]) =>
    new Map(rows.map((row) => [row.providerId, row]));
  const maps = { months: of(months), budgets: of(budgets), assessed: of(assessed), inpatients: of(inpatients) };
  const reasonable = of(readmissions);
  const lastYear = of(visitsBefore);
  return ids.map((providerId) => {
    const sums = maps.months.get(providerId) ?? NOTHING;
    const stay = maps.inpatients.get(providerId);
    const score = maps.assessed.get(providerId);
    const facts: ClearingFacts = {
      name: institutions.get(providerId)?.name ?? providerId,
      level: institutions.get(providerId)?.level ?? 'primary',
      budgeted: sums.budgeted,
      asBilled: sums.asBilled,
      suspended: sums.suspended,
      account: sums.account,
      deductions: sums.deductions,
      budget: maps.budgets.get(providerId)?.amount ?? null,
      visits: stay?.visits ?? 0,
      visitsLastYear: lastYear.get(providerId)?.count ?? 0,
      persons: stay?.persons ?? 0,
      reasonableReadmissions: reasonable.get(providerId)?.count ?? 0,
      inpatientTotal: (stay?.total ?? 0n).toString(),
      inpatientFund: (stay?.fundPaySum ?? 0n).toString(),
      complaints: score?.complaints ?? 0,
      score: score?.score ?? null,
      gradeIndex: score?.gradeIndex ?? '1',
      paid: sums.paid,
      prepaid: sums.prepaid,
      depositHeld: sums.depositHeld,
    };
    return { providerId, facts };
  });
}

/** The facts as the rules take them. */
export function clearingInput(providerId: string, facts: ClearingFacts): ClearingInput {
  return {
    providerId,
    level: facts.level,
    budgeted: amountOf(facts.budgeted),
    asBilled: amountOf(facts.asBilled),
    suspended: amountOf(facts.suspended),
    account: amountOf(facts.account),
    deductions: amountOf(facts.deductions),
    budget: amountOf(facts.budget ?? '0'),
    quality: {
      visits: BigInt(facts.visits),
      visitsLastYear: BigInt(facts.visitsLastYear),
      complaints: facts.complaints,
      score: facts.score === null ? null : rate(facts.score),
    },
    inpatient: {
      visits: BigInt(facts.visits),
      persons: BigInt(facts.persons),
      reasonableReadmissions: BigInt(facts.reasonableReadmissions),
      totalCost: amountOf(facts.inpatientTotal),
      fund: amountOf(facts.inpatientFund),
    },
    paid: amountOf(facts.paid),
    prepaid: amountOf(facts.prepaid),
    depositHeld: amountOf(facts.depositHeld),
  };
}

interface Assessed {
  readonly providerId: string;
  readonly score: string;
  readonly gradeIndex: string;
  readonly complaints: number;
}

interface Count {
  readonly providerId: string;
  readonly count: number;
}

const NOTHING: Omit<MonthSums, 'providerId'> = {
  budgeted: '0',
  asBilled: '0',
  suspended: '0',
  account: '0',
  deductions: '0',
  paid: '0',
  prepaid: '0',
  depositHeld: '0',
};
