import {
  addAccumulators,
  type BenefitResult,
  negateAccumulators,
  type PolicyVersions,
  settle,
} from '../benefits/index.js';
import type { Tx } from '../common/db/index.js';
import type { Accumulators } from '../benefits/index.js';
import { replayInput, type StoredFacts } from './domain/replay.js';
import type { Settlement, SettlementAmounts } from './domain/types.js';
import { getLines, SETTLEMENT_COLUMNS, storedOf } from './settlement.store.js';

const FUNDS = ['hifp', 'cvlserv', 'hifes', 'hifmi', 'hifob', 'maf', 'oth'] as const;

/**
 * Flags the later bills of a person whose result would be another one without the bill that was just taken back
 * (e.g. a deductible that the reversed admission had used up). Each is computed again in its order on the accumulators
 * as they would have stood; the stored settlements stay as they are, a clerk decides.
 *
 * @param accumulators of the person's year after the reversal
 * @returns how many were flagged
 */
export async function flagLaterBills(
  tx: Tx,
  poolArea: string,
  reversed: Settlement,
  reversalId: string,
  accumulators: Accumulators,
  policies: PolicyVersions,
): Promise<number> {
  const later = await laterBills(tx, poolArea, reversed);
  if (later.length === 0) return 0;
  let running = later.reduce(
    (before, { settlement }) => addAccumulators(before, negateAccumulators(settlement.delta)),
    accumulators,
  );
  let flagged = 0;
  for (const { settlement, facts, mainDiagnosis } of later) {
    const lines = await getLines(tx, poolArea, settlement);
    // The version the bill was settled under, not today's file: an edited policy is no consequence of this reversal.
    const policy = await policies.get(tx, poolArea, settlement.policyVersion);
    const again = settle(replayInput(settlement, lines, facts, mainDiagnosis, running), policy);
    running = again.after;
    if (isSame(settlement.amounts, again)) continue;
    flagged += 1;
    await tx.query(
      `INSERT INTO recalculation_flag (pool_area, person_id, settlement_id, reversal_id, fund_paid_fen, fund_would_be_fen)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
      [poolArea, settlement.personId, settlement.id, reversalId, settlement.amounts.fundPaySum, again.fundPaySum],
    );
  }
  return flagged;
}

// Each payer by itself: with full assistance the sum of the funds stays equal while the pool and assistance change places.
function isSame(paid: SettlementAmounts, again: BenefitResult): boolean {
  return (
    FUNDS.every((fund) => paid[fund] === again.funds[fund]) &&
    paid.psnPart === again.psnPart &&
    paid.hospPart === again.hospPart
  );
}

interface LaterBill {
  readonly settlement: Settlement;
  readonly facts: StoredFacts;
  readonly mainDiagnosis: string | null;
}

async function laterBills(tx: Tx, poolArea: string, reversed: Settlement): Promise<LaterBill[]> {
  const rows = await tx.query<Record<string, unknown>>(
    `SELECT ${SETTLEMENT_COLUMNS}, v.facts, v.main_diagnosis
     FROM settlement AS s
     JOIN visit AS v ON v.pool_area = s.pool_area AND v.person_id = s.person_id AND v.id = s.visit_id
     WHERE s.pool_area = $1 AND s.person_id = $2 AND s.scheme = $3 AND s.benefit_year = $4 AND s.kind = 'settlement'
       AND v.state = 'settled' AND (s.settled_at, s.id) > ($5, $6::uuid)
     ORDER BY s.settled_at, s.id`,
    [poolArea, reversed.personId, reversed.scheme, reversed.benefitYear, reversed.settledAt, reversed.id],
  );
  return rows.map((row) => ({
    settlement: storedOf(row).settlement,
    facts: row['facts'] as StoredFacts,
    mainDiagnosis: row['main_diagnosis'] as string | null,
  }));
}
