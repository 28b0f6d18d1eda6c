import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type JobHandler, type JobIdentity, type JobRun, JobRuns, type JsonObject } from '../../common/jobs/index.js';
import { lockInOrder } from '../../common/locks/index.js';
import { fen, type Fen, yuanText } from '../../common/money/index.js';
import {
  addMonths,
  firstDay,
  lastDay,
  type LocalDate,
  type Month,
  monthOf,
  parseMonth,
  yearOf,
} from '../../common/time/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import type { PaymentPolicy } from '../domain/policy.js';
import { type Scheme, SCHEMES } from '../domain/types.js';
import { PaymentPolicies } from '../policy/payment-policies.js';
import { collectMonthFacts, hashFacts, type MonthFacts, type MonthKey } from './month-facts.js';
import { findMonth, getMonth, insertSheets, monthHash, type MonthHead, monthTotals } from './month.store.js';
import { computeSheet } from './sheet.js';

export const MONTH_JOB = 'month-settlement';
/** Providers of one unit: small enough that a worker that dies loses little, large enough to be fast. */
const CHUNK = 8;

/**
 * The trial of a month (月结算试算). `plan` freezes the facts of all providers in one snapshot, each unit computes some
 * sheets from them, `finish` seals the trial; so a run that was killed gives, when resumed, the rows it would have given.
 */
@Injectable()
export class MonthJob implements JobHandler, OnModuleInit {
  readonly kind = MONTH_JOB;
  readonly byHand = true;

  constructor(
    private readonly runs: JobRuns,
    private readonly policies: PaymentPolicies,
    private readonly providers: Providers,
  ) {}

  onModuleInit(): void {
    this.runs.register(this);
  }

  async plan(tx: Tx, run: JobRun): Promise<readonly string[]> {
    const key = monthKeyOf(run);
    await lockInOrder(tx, [{ kind: 'month-settlement', key: `${key.poolArea}:${key.scheme}:${key.month}` }]);
    const head = await this.headFor(tx, run, key);
    const policy = this.policyOf(head);
    const rows = await collectMonthFacts(tx, this.providers, key, head.budget.id, policy);
    await tx.query(
      `DELETE FROM payment_month_input WHERE pool_area = $1 AND month_id = $2 AND provider_id <> ALL ($3::uuid[])`,
      [key.poolArea, head.id, rows.map((row) => row.providerId)],
    );
    await tx.query(
      `INSERT INTO payment_month_input (pool_area, month_id, provider_id, facts)
       SELECT $1, $2, f.provider_id, f.facts FROM jsonb_to_recordset($3::jsonb) AS f (provider_id uuid, facts jsonb)
       ON CONFLICT ON CONSTRAINT pk_payment_month_input DO UPDATE SET facts = excluded.facts`,
      [key.poolArea, head.id, JSON.stringify(rows.map((row) => ({ provider_id: row.providerId, facts: row.facts })))],
    );
    await tx.query('UPDATE payment_month SET inputs_hash = $3 WHERE pool_area = $1 AND id = $2', [
      key.poolArea,
      head.id,
      hashFacts(rows),
    ]);
    return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, index) => `${head.id}:${String(index * CHUNK)}`);
  }

  async unit(tx: Tx, run: JobRun, unitKey: string): Promise<void> {
    const [monthId = '', offset = '0'] = unitKey.split(':');
    const head = await getMonth(tx, run.poolArea, monthId);
    const inputs = await tx.query<{ providerId: string; facts: MonthFacts }>(
      `SELECT provider_id AS "providerId", facts FROM payment_month_input
       WHERE pool_area = $1 AND month_id = $2 ORDER BY provider_id OFFSET $3 LIMIT $4`,
      [run.poolArea, monthId, Number(offset), CHUNK],
    );
    await this.writeSheets(tx, head, inputs);
  }

  async finish(tx: Tx, run: JobRun): Promise<JsonObject> {
    const { id, state } = await this.requireOwn(tx, run);
    const next = nextRunState(state, 'finish');
    await tx.query('UPDATE payment_month SET state = $3 WHERE pool_area = $1 AND id = $2', [run.poolArea, id, next]);
    const totals = await monthTotals(tx, run.poolArea, id);
    return {
      monthId: id,
      providers: totals.providers,
      settlements: totals.settlements,
      accepted: yuanText(totals.accepted),
      pay: yuanText(totals.pay),
      hash: await monthHash(tx, run.poolArea, id),
    };
  }

  /**
   * The month after the last closed one, once the policy's day of the month after it has come: a server that was down over
   * a month end catches up, month by month. With no budget in force, or a month still open, there is nothing to start.
   */
  async due(tx: Tx, today: LocalDate): Promise<readonly JobIdentity[]> {
    const due: JobIdentity[] = [];
    for (const { poolArea, scheme } of this.policies.covered()) {
      const policy = this.policies.inForce(poolArea, scheme, today);
      const isReady = Number(today.slice(8)) >= policy.advance.startDay;
      const newest = addMonths(monthOf(today), isReady ? -1 : -2);
      const known = await tx.one<{ last: LocalDate | null; open: boolean }>(
        `SELECT max(month) AS last, coalesce(bool_or(state <> 'closed'), false) AS open FROM payment_month
         WHERE pool_area = $1 AND scheme = $2`,
        [poolArea, scheme],
      );
      const month = known.last === null ? newest : addMonths(monthOf(known.last), 1);
      const budget = await tx.query(
        `SELECT FROM payment_budget WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state = 'in-force'`,
        [poolArea, scheme, yearOf(month)],
      );
      if (!known.open && month <= newest && budget.length > 0) {
        due.push({ kind: MONTH_JOB, area: `${poolArea}:${scheme}`, period: month });
      }
    }
    return due;
  }

  /** The policy a month is computed with: the one in force on its last day, and no other when it is computed again. */
  policyOf(head: Pick<MonthHead, 'poolArea' | 'scheme' | 'month'>): PaymentPolicy {
    return this.policies.inForce(head.poolArea, head.scheme, lastDay(head.month));
  }

  /** Computes sheets from frozen facts and the adjustments made so far, and writes them. */
  async writeSheets(
    tx: Tx,
    head: MonthHead,
    inputs: readonly { readonly providerId: string; readonly facts: MonthFacts }[],
  ): Promise<void> {
    const adjustments = await tx.query<{ providerId: string; amounts: string[] }>(
      `SELECT provider_id AS "providerId", array_agg(amount_fen::text ORDER BY id) AS amounts FROM payment_adjustment
       WHERE pool_area = $1 AND month_id = $2 AND provider_id = ANY ($3::uuid[]) GROUP BY provider_id`,
      [head.poolArea, head.id, inputs.map((input) => input.providerId)],
    );
    const policy = this.policyOf(head);
    const byProvider = new Map<string, Fen[]>(
      adjustments.map((row) => [row.providerId, row.amounts.map((amount) => fen(BigInt(amount)))]),
    );
    const sheets = inputs.map(({ providerId, facts }) => {
      const key = { poolArea: head.poolArea, monthId: head.id, month: head.month, providerId };
      return computeSheet(key, facts, byProvider.get(providerId) ?? [], head.budget, policy);
    });
    await insertSheets(tx, sheets);
  }

  // The first run makes the month; a later attempt finds it in the state that `recompute` left, with its own run id.
  private async headFor(tx: Tx, run: JobRun, key: MonthKey): Promise<MonthHead> {
    const known = await findMonth(tx, key);
    if (known !== undefined) {
      if (known.runId !== run.id) {
        throw new DomainError(paymentErrors['wrong-state'], { state: known.state, action: 'plan' });
      }
      return known;
    }
    await requireOrder(tx, key);
    const budget = await tx.maybe<{ id: string }>(
      `SELECT id FROM payment_budget WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state IN ('in-force', 'closed')
       ORDER BY version DESC LIMIT 1`,
      [key.poolArea, key.scheme, yearOf(key.month)],
    );
    if (budget === undefined) throw new DomainError(paymentErrors['no-budget-in-force'], { year: yearOf(key.month) });
    const id = uuid7();
    await tx.query(
      `INSERT INTO payment_month (pool_area, id, scheme, month, state, run_id, budget_id, policy_version, started_by)
       VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8)`,
      [key.poolArea, id, key.scheme, firstDay(key.month), run.id, budget.id, this.policyOf(key).version, run.createdBy],
    );
    return getMonth(tx, key.poolArea, id);
  }

  private async requireOwn(tx: Tx, run: JobRun): Promise<MonthHead> {
    const head = await findMonth(tx, monthKeyOf(run));
    if (head?.runId !== run.id) throw new DomainError(paymentErrors['month-not-found']);
    return head;
  }
}

/**
 * Months are settled one after the other: what is carried and the cumulative quota come from the month before. A month that
 * is closed for bills without ever having been settled here was paid by an earlier system and leaves nothing.
 */
async function requireOrder(tx: Tx, key: MonthKey): Promise<void> {
  const previous = addMonths(key.month, -1);
  const row = await tx.one<{ blocked: boolean }>(
    `SELECT EXISTS (SELECT FROM payment_month WHERE pool_area = $1 AND scheme = $2 AND month < $3 AND state <> 'closed')
       OR (EXISTS (SELECT FROM settlement WHERE pool_area = $1 AND scheme = $2 AND settle_month = $4)
         AND NOT EXISTS (SELECT FROM payment_month WHERE pool_area = $1 AND scheme = $2 AND month = $4)
         AND NOT EXISTS (SELECT FROM claims_month WHERE pool_area = $1 AND scheme = $2 AND month = $4 AND state = 'closed'))
       AS blocked`,
    [key.poolArea, key.scheme, firstDay(key.month), firstDay(previous)],
  );
  if (row.blocked) throw new DomainError(paymentErrors['month-order'], { month: key.month, previous });
}

function monthKeyOf(run: JobRun): MonthKey {
  const scheme = SCHEMES.find((known) => run.area === `${run.poolArea}:${known}`);
  if (scheme === undefined) {
    throw new DomainError(paymentErrors['unknown-value'], { field: 'area', value: run.area });
  }
  const month: Month = parseMonth(run.period.slice(0, 7));
  return { poolArea: run.poolArea, scheme: scheme satisfies Scheme, month };
}
