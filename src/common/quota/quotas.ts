import type { Tx } from '../db/index.js';

/** What is counted: units of one kind that one user takes within a window of whole seconds. */
export interface QuotaUse {
  readonly poolArea: string;
  readonly actorId: string;
  /** e.g. `persons.look-up` */
  readonly kind: string;
  readonly windowSeconds: number;
  readonly limit: number;
  /** Units taken now. */
  readonly units: number;
}

const TAKE = `
  INSERT INTO use_quota (pool_area, actor_id, kind, window_start, used)
  VALUES ($1, $2, $3, date_bin(make_interval(secs => $4), clock_timestamp(), '2000-01-01'), $5)
  ON CONFLICT ON CONSTRAINT use_quota_pk DO UPDATE SET used = use_quota.used + excluded.used
  RETURNING used`;

const FORGET = `DELETE FROM use_quota WHERE pool_area = $1 AND actor_id = $2 AND window_start < clock_timestamp() - interval '1 day'`;

/** Counts of what users take, in the database, so that all processes count together. */
export const Quotas = {
  /**
   * Takes units and tells whether they were within the limit. Counting goes on beyond it: the transaction should commit
   * either way.
   */
  async take(tx: Tx, use: QuotaUse): Promise<boolean> {
    const { poolArea, actorId, kind, windowSeconds, limit, units } = use;
    const { used } = await tx.one<{ used: number }>(TAKE, [poolArea, actorId, kind, windowSeconds, units]);
    // The first of a window clears up behind its user, so that the table stays as small as the staff.
    if (used === units) await tx.query(FORGET, [poolArea, actorId]);
    return used <= limit;
  },
};
