import { Injectable } from '@nestjs/common';
import {
  accumulatorsToJson,
  addAccumulators,
  negateAccumulators,
  PolicyVersions,
  traceToJson,
} from '../benefits/index.js';
import type { Accumulators } from '../benefits/index.js';
import { Transactions, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { isUuid, uuid7 } from '../common/ids/index.js';
import { lockInOrder } from '../common/locks/index.js';
import { fen } from '../common/money/index.js';
import { Outbox } from '../common/outbox/index.js';
import { Clock, firstDay, type Month, monthOf, type LocalDate } from '../common/time/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { Ledger } from '../ledger/index.js';
import { ACCUMULATOR_COLUMNS, accumulatorArray, accumulatorsOf, chronicJson } from './domain/accumulators.js';
import { reversalMonths } from './domain/booking.js';
import type { Settlement } from './domain/types.js';
import { claimsErrors } from './errors.js';
import { flagLaterBills } from './recalculation.js';
import { lockPerson } from './settlement-lane.js';
import { getSettlement } from './settlement.store.js';
import { AMOUNT_COLUMNS } from './settlement.writer.js';

/** What a reversal did. */
export interface ReversalAnswer {
  readonly reversalId: string;
  readonly originalId: string;
  readonly month: Month;
  /** Later bills of the person whose result would be another one now. */
  readonly flagged: number;
}

/**
 * Takes a settlement back (冲销): the same numbers negated, in the first open month, linked to the original, which stays as
 * it is. Gives the person's year and account back exactly what the settlement took, whatever happened since.
 */
@Injectable()
export class ReversalService {
  constructor(
    private readonly transactions: Transactions,
    private readonly ledger: Ledger,
    private readonly outbox: Outbox,
    private readonly policies: PolicyVersions,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `claims.settlement-not-found`, `claims.already-reversed`, `claims.reversal-cannot-be-reversed`,
   *   `claims.month-closed` when neither the current nor the next month takes it
   */
  async reverse(actor: Actor, id: string, reason: string): Promise<ReversalAnswer> {
    if (!isUuid(id)) throw new DomainError(claimsErrors['settlement-not-found']);
    return this.transactions.run(async (tx) => {
      const { settlement, reversedBy } = await getSettlement(tx, actor, id);
      if (settlement.kind === 'reversal') throw new DomainError(claimsErrors['reversal-cannot-be-reversed']);
      if (reversedBy !== null) throw new DomainError(claimsErrors['already-reversed'], { reversalId: reversedBy });
      const month = await this.openMonth(tx, actor.poolArea, settlement);
      await lockPerson(tx, actor.poolArea, settlement);
      const reversalId = await this.link(tx, actor, settlement, month, reason);
      const accumulators = await giveBack(tx, actor.poolArea, settlement);
      const today = this.clock.today();
      await insertNegated(tx, actor, settlement, { reversalId, month, today, at: this.clock.now() });
      await this.undoPosting(tx, actor, settlement, month, today);
      const flagged = await flagLaterBills(tx, actor.poolArea, settlement, reversalId, accumulators, this.policies);
      await this.tell(tx, actor, settlement, { reversalId, month, flagged });
      return { reversalId, originalId: settlement.id, month, flagged };
    });
  }

  // Holds the shared locks of all candidate months until commit: none of them can close between this look and the write.
  private async openMonth(tx: Tx, poolArea: string, settlement: Settlement): Promise<Month> {
    const { scheme } = settlement;
    const months = reversalMonths(settlement.settleMonth, this.clock.today());
    await lockInOrder(
      tx,
      months.map((month) => ({ kind: 'claims-month', key: `${poolArea}:${scheme}:${month}`, shared: true })),
    );
    const closed = await tx.query<{ month: LocalDate }>(
      `SELECT month FROM claims_month
       WHERE pool_area = $1 AND scheme = $2 AND month = ANY ($3::date[]) AND state = 'closed'
       UNION SELECT period FROM ledger_period WHERE pool_area = $1 AND scheme = $2 AND period = ANY ($3::date[])`,
      [poolArea, scheme, months.map(firstDay)],
    );
    const shut = new Set(closed.map((row) => monthOf(row.month)));
    const open = months.find((month) => !shut.has(month));
    if (open === undefined) throw new DomainError(claimsErrors['month-closed'], { month: months.join('、'), scheme });
    return open;
  }

  /** The row whose key exists once: of two reversals at the same time one stops here. */
  private async link(tx: Tx, actor: Actor, settlement: Settlement, month: Month, reason: string): Promise<string> {
    const reversalId = uuid7();
    const { poolArea } = actor;
    const key = [poolArea, settlement.personId, settlement.id];
    const linked = await tx.query(
      `INSERT INTO settlement_reversal (pool_area, person_id, original_id, original_month, reversal_id, reversal_month,
         reason, reversed_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT settlement_reversal_pk DO NOTHING RETURNING 1`,
      [...key, firstDay(settlement.settleMonth), reversalId, firstDay(month), reason, actor.username],
    );
    if (linked.length === 0) {
      const { reversal_id } = await tx.one<{ reversal_id: string }>(
        'SELECT reversal_id FROM settlement_reversal WHERE pool_area = $1 AND person_id = $2 AND original_id = $3',
        key,
      );
      throw new DomainError(claimsErrors['already-reversed'], { reversalId: reversal_id });
    }
    await tx.one(
      `UPDATE visit SET state = 'reversed' WHERE pool_area = $1 AND person_id = $2 AND id = $3 AND state = 'settled'
       RETURNING 1`,
      [poolArea, settlement.personId, settlement.visitId],
    );
    return reversalId;
  }

  private async undoPosting(
    tx: Tx,
    actor: Actor,
    settlement: Settlement,
    month: Month,
    today: LocalDate,
  ): Promise<void> {
    // A bill that only cash paid was never posted.
    if (settlement.amounts.fundPaySum + settlement.amounts.acctPay === 0n) return;
    await this.ledger.reverse(
      tx,
      {
        poolArea: actor.poolArea,
        sourceKind: 'settlement',
        sourceId: settlement.id,
        ownerId: settlement.personId,
        period: month,
        postedOn: today,
        memo: `reversal ${settlement.billNo}`,
      },
      actor,
    );
  }

  private async tell(
    tx: Tx,
    actor: Actor,
    settlement: Settlement,
    done: { reversalId: string; month: Month; flagged: number },
  ): Promise<void> {
    await Audit.record(tx, actor, {
      action: 'claims.reverse',
      subjectKind: 'settlement',
      subjectId: settlement.id,
      details: { reversalId: done.reversalId, month: done.month, flagged: done.flagged },
      personIds: [settlement.personId],
    });
    await this.outbox.publish(tx, {
      poolArea: actor.poolArea,
      topic: 'claims.reversed',
      key: settlement.personId,
      payload: { settlementId: settlement.id, reversalId: done.reversalId, providerId: settlement.providerId },
    });
  }
}

/** Subtracts what the settlement took from the person's year and puts the account's share back; returns the year after. */
async function giveBack(tx: Tx, poolArea: string, settlement: Settlement): Promise<Accumulators> {
  const key = [poolArea, settlement.personId, settlement.scheme, settlement.benefitYear];
  const row = await tx.one<Record<string, unknown>>(
    'SELECT * FROM benefit_accumulator WHERE pool_area = $1 AND person_id = $2 AND scheme = $3 AND year = $4',
    key,
  );
  const after = addAccumulators(accumulatorsOf(row), negateAccumulators(settlement.delta));
  const columns = ['admissions', ...ACCUMULATOR_COLUMNS];
  await tx.query(
    `UPDATE benefit_accumulator SET version = version + 1, chronic_paid = $5,
       ${columns.map((column, index) => `${column} = $${String(index + 6)}`).join(', ')}
     WHERE pool_area = $1 AND person_id = $2 AND scheme = $3 AND year = $4`,
    [...key, JSON.stringify(chronicJson(after)), ...accumulatorArray(after)],
  );
  if (settlement.amounts.acctPay > 0n) {
    await tx.one(
      `UPDATE personal_account SET balance_fen = balance_fen + $3, version = version + 1
       WHERE pool_area = $1 AND person_id = $2 RETURNING 1`,
      [poolArea, settlement.personId, settlement.amounts.acctPay],
    );
  }
  return after;
}

async function insertNegated(
  tx: Tx,
  actor: Actor,
  settlement: Settlement,
  reversal: { reversalId: string; month: Month; today: LocalDate; at: Date },
): Promise<void> {
  const original = [actor.poolArea, settlement.personId, firstDay(settlement.settleMonth), settlement.id];
  const columns = AMOUNT_COLUMNS.map(([, column]) => column);
  const trace = settlement.trace.map((step) => ({ ...step, base: fen(-step.base), amount: fen(-step.amount) }));
  await tx.query(
    `INSERT INTO settlement (pool_area, person_id, settle_month, id, kind, reverses_id, visit_id, bill_no, provider_id,
       provider_area, area_code, scheme, insured_type, category, level, admitted_on, discharged_on, settled_on, settled_at,
       benefit_year, emergency, line_count, ${columns.join(', ')}, policy_version, delta, trace, source, posted_by)
     SELECT pool_area, person_id, $5, $6, 'reversal', id, visit_id, bill_no, provider_id, provider_area, area_code, scheme,
       insured_type, category, level, admitted_on, discharged_on, $7, $8, benefit_year, emergency, line_count,
       ${columns.map((column) => `-${column}`).join(', ')}, policy_version, $9, $10, source, $11
     FROM settlement WHERE pool_area = $1 AND person_id = $2 AND settle_month = $3 AND id = $4`,
    [
      ...original,
      firstDay(reversal.month),
      reversal.reversalId,
      reversal.today,
      reversal.at,
      JSON.stringify(accumulatorsToJson(negateAccumulators(settlement.delta))),
      JSON.stringify(traceToJson(trace)),
      actor.username,
    ],
  );
  await tx.query(
    `INSERT INTO claim_line (pool_area, person_id, settle_month, settlement_id, line_no, provider_id, item_code, class,
       fee_date, quantity, unit_price, amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen,
       hospital_fen)
     SELECT pool_area, person_id, $5, $6, line_no, provider_id, item_code, class, fee_date, -quantity, unit_price,
       -amount_fen, -fulamt_ownpay_fen, -overlmt_selfpay_fen, -preselfpay_fen, -inscp_fen, -hospital_fen
     FROM claim_line WHERE pool_area = $1 AND person_id = $2 AND settle_month = $3 AND settlement_id = $4`,
    [...original, firstDay(reversal.month), reversal.reversalId],
  );
}
