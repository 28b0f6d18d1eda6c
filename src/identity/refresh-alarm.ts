import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { Metrics } from '../common/metrics/index.js';
import { Notices } from './notices.js';

/** A refresh token came a second time: somebody else has it. Counted for the operators, told to the user. */
@Injectable()
export class RefreshAlarm {
  private readonly reuses;

  constructor(
    private readonly notices: Notices,
    metrics: Metrics,
  ) {
    this.reuses = metrics.counter(
      'tongchou_refresh_reuse_total',
      'Sessions revoked because a refresh token was used twice; any is an alarm',
    );
  }

  /** Leaves the notice, in the transaction that revokes the session. */
  tell(tx: Tx, userId: string): Promise<void> {
    return this.notices.add(tx, userId, 'refresh-reused');
  }

  /** Counts it, after the commit. */
  ring(): void {
    this.reuses.inc();
  }
}
