import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Claims } from '../../claims/index.js';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type JobHandler, type JobRun, JobRuns, type JsonObject } from '../../common/jobs/index.js';
import { lockInOrder } from '../../common/locks/index.js';
import { sumFen, yuanText } from '../../common/money/index.js';
import { firstDay, type LocalDate, monthsOfYear } from '../../common/time/index.js';
import { Providers } from '../../providers/index.js';
import { hashFacts } from '../advance/month-facts.js';
import { paymentErrors } from '../domain/errors.js';
import { nextRunState } from '../domain/lifecycle.js';
import type { PaymentPolicy } from '../domain/policy.js';
import { SCHEMES } from '../domain/types.js';
import { PaymentPolicies } from '../policy/payment-policies.js';
import { collectClearingFacts, type YearKey } from './clearing-facts.js';
import { clearingRow, computeClearing, forfeitShares, withShare } from './clearing-lines.js';
import {
  clearingHash,
  type ClearingHead,
  clearingInputs,
  findClearing,
  getClearing,
  insertClearingLines,
} from './clearing.store.js';

export const CLEARING_JOB = 'annual-clearing';
const CHUNK = 8;

/**
 * The trial of an annual clearing (年终清算试算): facts frozen in the plan, lines computed in units, the forfeits pool shared
 * when all lines are there.
 */
@Injectable()
export class ClearingJob implements JobHandler, OnModuleInit {
  readonly kind = CLEARING_JOB;

  constructor(
    private readonly runs: JobRuns,
    private readonly policies: PaymentPolicies,
    private readonly providers: Providers,
    private readonly claims: Claims,
  ) {}

  onModuleInit(): void {
    this.runs.register(this);
  }

  async plan(tx: Tx, run: JobRun): Promise<readonly string[]> {
    const key = yearKeyOf(run);
    await lockInOrder(tx, [{ kind: 'clearing', key: `${key.poolArea}:${key.scheme}:${String(key.year)}` }]);
    const head = await this.headFor(tx, run, key);
    const rows = await this.facts(tx, head);
    await tx.query('DELETE FROM payment_clearing_input WHERE pool_area = $1 AND clearing_id = $2', [
      key.poolArea,
      head.id,
    ]);
    await tx.query(
      `INSERT INTO payment_clearing_input (pool_area, clearing_id, provider_id, facts)
       SELECT $1, $2, f.provider_id, f.facts FROM jsonb_to_recordset($3::jsonb) AS f (provider_id uuid, facts jsonb)`,
      [key.poolArea, head.id, JSON.stringify(rows.map((row) => ({ provider_id: row.providerId, facts: row.facts })))],
    );
    await tx.query('UPDATE payment_clearing SET inputs_hash = $3 WHERE pool_area = $1 AND id = $2', [
      key.poolArea,
      head.id,
      hashFacts(rows),
    ]);
    return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, index) => `${head.id}:${String(index * CHUNK)}`);
  }

  async unit(tx: Tx, run: JobRun, unitKey: string): Promise<void> {
    const [clearingId = '', offset = '0'] = unitKey.split(':');
    const head = await getClearing(tx, run.poolArea, clearingId);
    const policy = this.policyOf(head);
    const inputs = await clearingInputs(tx, run.poolArea, clearingId, { offset: Number(offset), limit: CHUNK });
    const key = { poolArea: run.poolArea, clearingId };
    const rows = inputs.map(({ providerId, facts }) =>
      clearingRow(key, computeClearing(providerId, facts, policy), head.budget, policy),
    );
    await insertClearingLines(tx, rows);
  }

  async finish(tx: Tx, run: JobRun): Promise<JsonObject> {
    const head = await findClearing(tx, yearKeyOf(run));
    if (head?.runId !== run.id) throw new DomainError(paymentErrors['clearing-not-found']);
    const policy = this.policyOf(head);
    const inputs = await clearingInputs(tx, run.poolArea, head.id);
    const computed = inputs.map(({ providerId, facts }) => computeClearing(providerId, facts, policy));
    const { forfeits, shares } = forfeitShares(inputs, computed, policy);
    const sharing = computed.flatMap((line) => {
      const share = shares.get(line.providerId);
      return share === undefined || share === 0n ? [] : [withShare(line, share)];
    });
    await tx.query(
      'DELETE FROM payment_clearing_line WHERE pool_area = $1 AND clearing_id = $2 AND provider_id = ANY ($3::uuid[])',
      [run.poolArea, head.id, sharing.map((line) => line.providerId)],
    );
    const key = { poolArea: run.poolArea, clearingId: head.id };
    await insertClearingLines(
      tx,
      sharing.map((line) => clearingRow(key, line, head.budget, policy)),
    );
    await tx.query('UPDATE payment_clearing SET state = $3, forfeits_fen = $4 WHERE pool_area = $1 AND id = $2', [
      run.poolArea,
      head.id,
      nextRunState(head.state, 'finish'),
      forfeits,
    ]);
    return {
      clearingId: head.id,
      providers: computed.length,
      payable: yuanText(sumFen(computed.map((line) => line.result.payable))),
      forfeits: yuanText(forfeits),
      hash: await clearingHash(tx, run.poolArea, head.id),
    };
  }

  /** The policy a year is cleared with: the one in force on its last day. */
  policyOf(key: YearKey): PaymentPolicy {
    return this.policies.inForce(key.poolArea, key.scheme, `${String(key.year)}-12-31` as LocalDate);
  }

  /** The facts of a year as they are now. */
  facts(tx: Tx, head: ClearingHead): ReturnType<typeof collectClearingFacts> {
    return collectClearingFacts(tx, { providers: this.providers, claims: this.claims }, head, head.budget.id);
  }

  private async headFor(tx: Tx, run: JobRun, key: YearKey): Promise<ClearingHead> {
    const known = await findClearing(tx, key);
    if (known !== undefined) {
      if (known.runId !== run.id) {
        throw new DomainError(paymentErrors['wrong-state'], { state: known.state, action: 'plan' });
      }
      return known;
    }
    await requireClosedMonths(tx, key);
    const budget = await tx.maybe<{ id: string }>(
      `SELECT id FROM payment_budget WHERE pool_area = $1 AND scheme = $2 AND year = $3 AND state = 'in-force'`,
      [key.poolArea, key.scheme, key.year],
    );
    if (budget === undefined) throw new DomainError(paymentErrors['no-budget-in-force'], { year: key.year });
    const id = uuid7();
    await tx.query(
      `INSERT INTO payment_clearing (pool_area, id, scheme, year, state, run_id, budget_id, policy_version, started_by)
       VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8)`,
      [key.poolArea, id, key.scheme, key.year, run.id, budget.id, this.policyOf(key).version, run.createdBy],
    );
    return getClearing(tx, key.poolArea, id);
  }
}

/** A year is cleared when every month of it is closed. Error `payment.clearing-months-open` with the months that are not. */
async function requireClosedMonths(tx: Tx, key: YearKey): Promise<void> {
  const months = monthsOfYear(key.year);
  const closed = await tx.query<{ month: LocalDate }>(
    `SELECT month FROM payment_month WHERE pool_area = $1 AND scheme = $2 AND month = ANY ($3::date[]) AND state = 'closed'`,
    [key.poolArea, key.scheme, months.map(firstDay)],
  );
  const known = new Set(closed.map((row) => row.month));
  const open = months.filter((month) => !known.has(firstDay(month)));
  if (open.length > 0) {
    throw new DomainError(paymentErrors['clearing-months-open'], { year: key.year, months: open });
  }
}

function yearKeyOf(run: JobRun): YearKey {
  const scheme = SCHEMES.find((known) => run.area === `${run.poolArea}:${known}`);
  const year = Number(run.period.slice(0, 4));
  if (scheme === undefined) throw new DomainError(paymentErrors['unknown-value'], { field: 'area', value: run.area });
  return { poolArea: run.poolArea, scheme, year };
}
