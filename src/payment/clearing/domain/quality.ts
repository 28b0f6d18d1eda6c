import type { Rate } from '../../../common/money/index.js';
import { ratio } from '../../../common/money/index.js';
import type { QualityConditions } from '../../domain/policy.js';
import { compareRates, minus } from '../../domain/rates.js';

export interface QualityFacts {
  readonly visits: bigint;
  readonly visitsLastYear: bigint;
  /** Confirmed complaints of refused admission (推诿病人). */
  readonly complaints: number;
  /** Assessment score; null when not assessed. */
  readonly score: Rate | null;
}

/** A condition of keeping savings that does not hold. */
export type QualityFailure = 'visits-down' | 'complaints' | 'not-assessed' | 'score-below';

/** Which conditions for keeping a saving fail; none = the saving may be kept. A provider without visits last year cannot be down. */
export function qualityFailures(facts: QualityFacts, conditions: QualityConditions): QualityFailure[] {
  const failures: QualityFailure[] = [];
  if (facts.visitsLastYear > 0n) {
    const kept = ratio(facts.visits, facts.visitsLastYear);
    if (compareRates(kept, minus(ratio(1n, 1n), conditions.maxVisitDrop)) < 0) failures.push('visits-down');
  }
  if (facts.complaints > conditions.maxComplaints) failures.push('complaints');
  if (facts.score === null) failures.push('not-assessed');
  else if (compareRates(facts.score, conditions.minScore) < 0) failures.push('score-below');
  return failures;
}
