import { randomUUID } from 'node:crypto';
import { parseLocalDate } from '../../src/common/time/index.js';
import { SettlementEngine } from '../../src/claims/settlement-engine.js';
import { SettlementLane } from '../../src/claims/settlement-lane.js';
import { readFacts } from '../../src/claims/facts.reader.js';
import { billOf as readBill, readBillBody } from '../../src/claims/settle-request.js';
import { accumulatorArray } from '../../src/claims/domain/accumulators.js';
import { Settings } from '../../src/common/config/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { systemActor } from '../../src/identity/index.js';
import { billOf, type ClaimsPool, line, POOL, TODAY } from './claims-pool.js';

/** A second lane over the same database, as another process would have one: it shares no queue with the first. */
export function secondLane(pool: ClaimsPool): SettlementLane {
  return new SettlementLane(pool.get(Transactions), pool.get(SettlementEngine), pool.get(Settings));
}

/** Arguments of `SettlementLane.submit` for a bill of the tertiary hospital. */
export function laneJob(pool: ClaimsPool, body: Record<string, unknown>): Parameters<SettlementLane['submit']> {
  const bill = readBill(readBillBody(body), pool.institutions.tertiary, parseLocalDate(TODAY));
  const actor = { ...systemActor(POOL), username: 'race' };
  const envelope = { actor, clientId: 'race', idempotencyKey: randomUUID(), bodyHash: '00'.repeat(32) };
  return [bill, envelope, { poolArea: POOL, postedBy: 'race', at: new Date() }];
}

/**
 * What settling must not be: read the year, compute, write the year back, with nothing between that notices another
 * writer. The harness has to see it overpay, or it would see nothing in the real one either.
 * @returns the sum the bills were paid
 */
export async function settleWithoutCompareAndSet(pool: ClaimsPool, personId: string, bills: number): Promise<bigint> {
  const transactions = pool.get(Transactions);
  const engine = pool.get(SettlementEngine);
  await pool.database.query(
    `INSERT INTO benefit_accumulator SELECT $1, $2, '390', 2026, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}'`,
    [POOL, personId],
  );
  const settleOnce = (): Promise<bigint> =>
    transactions.run(async (tx) => {
      const body = billOf(personId, {
        ...{ category: 'outpatient', admittedOn: TODAY, dischargedOn: TODAY, lines: [line(1, 'XA001', '3', '10.00')] },
      });
      const bill = readBill(readBillBody(body), pool.institutions.tertiary, parseLocalDate(TODAY));
      const [facts] = await readFacts(tx, POOL, [{ bill }]);
      if (facts === undefined) throw new Error('no facts');
      const { settlement, after } = engine.compute(bill, facts, { poolArea: POOL, postedBy: 'twin', at: new Date() });
      const values = accumulatorArray(after);
      await tx.query(
        'UPDATE benefit_accumulator SET outpatient_paid_fen = $3, outpatient_deductible_fen = $4 WHERE pool_area = $1 AND person_id = $2',
        [POOL, personId, values[10], values[12]],
      );
      return settlement.amounts.fundPaySum;
    });
  // As many at once as the application has connections; more would only wait for one and time out on a slow machine.
  let paid = 0n;
  let left = bills;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const amount = await settleOnce();
      paid += amount;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return paid;
}
