import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { fen, type Fen, type Rate, sumFen, ZERO_FEN } from '../../common/money/index.js';
import { firstDay, type LocalDate, monthsOfYear } from '../../common/time/index.js';
import type { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { PaymentPolicy } from '../domain/policy.js';
import type { TraceLine } from '../domain/trace.js';
import type { Scheme } from '../domain/types.js';
import { allocateBudget, type AllocatedProvider, type BudgetCandidate } from './domain/allocation.js';
import { type Available, computeAvailable } from './domain/available.js';
import { monthlyQuotas } from './domain/quotas.js';
import { traceBudgetLine } from './domain/trace.js';

/** A provider that takes part, with what the allocation and the monthly split need. */
export interface BudgetParticipant {
  readonly providerId: string;
  readonly name: string;
  readonly group: string;
  readonly units: bigint;
  /** Accepted under the budget: last year, the year before, … */
  readonly history: readonly Fen[];
  /** Last year by month, January first; empty = no history. */
  readonly seasonality: readonly bigint[];
}

/** Everything a budget is computed from, before anybody negotiates. */
export interface BudgetFacts {
  readonly year: number;
  readonly income: Fen;
  readonly insured: bigint;
  readonly participants: readonly BudgetParticipant[];
}

/** What may be different from the policy: in an adjustment, and in a what-if. */
export interface BudgetChoices {
  readonly growth?: Rate;
  readonly reserveRate?: Rate;
  /** Negotiated amounts by provider. */
  readonly negotiated: ReadonlyMap<string, Fen>;
  /** Growth of single providers, e.g. a new campus. */
  readonly providerGrowth?: ReadonlyMap<string, Rate>;
}

export interface PlannedLine {
  readonly participant: BudgetParticipant;
  readonly allocated: AllocatedProvider;
  readonly quotas: readonly Fen[];
  readonly trace: readonly TraceLine[];
}

/** A whole budget as computed; Σ lines = available, each line = Σ its quotas. */
export interface BudgetPlan {
  readonly available: Available;
  readonly lines: readonly PlannedLine[];
}

/** Computes a budget from facts, policy and choices; pure, so a what-if is the same computation without writing. */
export function planBudget(facts: BudgetFacts, policy: PaymentPolicy, choices: BudgetChoices): BudgetPlan {
  const { budget } = policy;
  const available = computeAvailable(
    facts.income,
    choices.reserveRate ?? budget.reserveRate,
    budget.setAsides,
    facts.insured,
  );
  const candidates = facts.participants.map((participant): BudgetCandidate => {
    const group = budget.groups.find((known) => known.code === participant.group);
    return {
      providerId: participant.providerId,
      group: participant.group,
      history: participant.history,
      units: participant.units,
      growth: choices.providerGrowth?.get(participant.providerId) ?? choices.growth ?? budget.growth,
      coefficients: (group?.coefficients ?? []).map((coefficient) => coefficient.value),
      negotiated: choices.negotiated.get(participant.providerId) ?? null,
    };
  });
  const allocation = allocateBudget(available.available, budget.groups, budget.historyWeights, candidates);
  const totals = new Map(allocation.groups.map((group) => [group.code, group.total]));
  const byId = new Map(facts.participants.map((participant) => [participant.providerId, participant]));
  const known = new Map(candidates.map((candidate) => [candidate.providerId, candidate]));
  const lines = allocation.providers.flatMap((allocated) => {
    const participant = byId.get(allocated.providerId);
    const candidate = known.get(allocated.providerId);
    if (participant === undefined || candidate === undefined) return [];
    const seasonality = budget.seasonality === 'even' ? [] : participant.seasonality;
    const total = totals.get(allocated.group) ?? ZERO_FEN;
    return [
      {
        participant,
        allocated,
        quotas: monthlyQuotas(allocated.amount, seasonality),
        trace: traceBudgetLine(candidate, allocated, total, facts.year, policy),
      },
    ];
  });
  return { available, lines };
}

// Closed months of this system, and what was recorded of the time before it; last year by month for the seasonality.
const HISTORY = `
  SELECT provider_id AS "providerId", month, sum(amount)::bigint AS amount FROM (
    SELECT l.provider_id, m.month, l.budgeted_fen AS amount
    FROM payment_month m JOIN payment_month_line l ON l.pool_area = m.pool_area AND l.month_id = m.id
    WHERE m.pool_area = $1 AND m.scheme = $2 AND m.state = 'closed' AND m.month >= $3 AND m.month < $4
    UNION ALL
    SELECT provider_id, month, budgeted_fen FROM payment_history
    WHERE pool_area = $1 AND scheme = $2 AND month >= $3 AND month < $4
  ) AS h GROUP BY provider_id, month`;

/**
 * Reads who takes part and their history: three set-based statements.
 * Error `payment.budget-nothing-to-allocate` when no income is forecast.
 */
export async function readBudgetFacts(
  tx: Tx,
  providers: Providers,
  key: { readonly poolArea: string; readonly scheme: Scheme; readonly year: number; readonly income: Fen },
  policy: PaymentPolicy,
): Promise<BudgetFacts> {
  if (key.income <= 0n) throw new DomainError(paymentErrors['budget-nothing-to-allocate']);
  const years = policy.budget.historyWeights.length;
  const rows = await tx.query<{ providerId: string; month: LocalDate; amount: bigint }>(HISTORY, [
    key.poolArea,
    key.scheme,
    `${String(key.year - years)}-01-01`,
    `${String(key.year)}-01-01`,
  ]);
  const { insured } = await tx.one<{ insured: bigint }>(
    `SELECT count(DISTINCT person_id) AS insured FROM coverage
     WHERE pool_area = $1 AND scheme = $2 AND valid && daterange($3, $4)`,
    [key.poolArea, key.scheme, `${String(key.year)}-01-01`, `${String(key.year + 1)}-01-01`],
  );
  const amounts = new Map(rows.map((row) => [`${row.providerId} ${row.month}`, row.amount]));
  const list = await providers.list(tx, { poolArea: key.poolArea });
  const participants = list.flatMap((institution) => {
    const group = policy.budget.groups.find((known) => known.levels.includes(institution.level));
    if (institution.type === 'pharmacy' || institution.state !== 'active' || group === undefined) return [];
    const monthsOf = (year: number): bigint[] =>
      monthsOfYear(year).map((month) => amounts.get(`${institution.id} ${firstDay(month)}`) ?? 0n);
    const lastYear = monthsOf(key.year - 1).map((amount) => (amount > 0n ? amount : 0n));
    return [
      {
        providerId: institution.id,
        name: institution.name,
        group: group.code,
        units: BigInt(institution.beds),
        history: Array.from({ length: years }, (_, index) => sumFen(monthsOf(key.year - 1 - index).map((a) => fen(a)))),
        seasonality: lastYear.some((amount) => amount > 0n) ? lastYear : [],
      },
    ];
  });
  return { year: key.year, income: key.income, insured, participants };
}
