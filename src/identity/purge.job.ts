import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import type { Tx } from '../common/db/index.js';
import { type JobHandler, JobRuns } from '../common/jobs/index.js';
import { Clock } from '../common/time/index.js';

/** What is kept a while after its end, and what goes then; `$1` is now. */
const PURGES: Readonly<Record<string, readonly string[]>> = {
  // A day longer than they live: a token that comes again after its session ended is still known as used.
  sessions: [
    `DELETE FROM refresh_token t USING auth_session s
      WHERE s.id = t.session_id
        AND (s.expires_at < $1::timestamptz - interval '1 day' OR s.revoked_at < $1::timestamptz - interval '1 day')`,
    `DELETE FROM auth_session s
      WHERE (s.expires_at < $1::timestamptz - interval '1 day' OR s.revoked_at < $1::timestamptz - interval '1 day')
        AND NOT EXISTS (SELECT FROM refresh_token t WHERE t.session_id = s.id)`,
  ],
  challenges: [`DELETE FROM sign_in_challenge WHERE expires_at < $1::timestamptz`],
  throttles: [
    `DELETE FROM sign_in_throttle
      WHERE window_from < $1::timestamptz - interval '1 day' AND (locked_until IS NULL OR locked_until < $1::timestamptz)`,
  ],
  addresses: [`DELETE FROM known_address WHERE last_at < $1::timestamptz - interval '90 days'`],
  notices: [`DELETE FROM user_notice WHERE seen_at < $1::timestamptz - interval '180 days'`],
  enrolments: [
    `DELETE FROM second_factor WHERE state = 'pending' AND created_at < $1::timestamptz - interval '1 day'`,
    `UPDATE credential_reset SET state = 'cancelled', ended_at = $1 WHERE state = 'open' AND expires_at < $1::timestamptz`,
  ],
};

/** Clears away what sign-ins leave behind, once a day (GB/T 22239 8.1.4.10). */
@Injectable()
export class IdentityPurgeJob implements OnModuleInit {
  constructor(
    private readonly runs: JobRuns,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.runs.register(this.handler());
  }

  private handler(): JobHandler {
    const kind = 'identity.purge';
    return {
      kind,
      byHand: true,
      plan: () => Promise.resolve(Object.keys(PURGES)),
      unit: (tx, _run, what) => this.purge(tx, what),
      finish: (_tx, run) => Promise.resolve({ purged: run.unitsPlanned ?? 0 }),
      due: (_tx, today) => Promise.resolve([{ kind, area: this.settings.poolArea, period: today }]),
    };
  }

  private async purge(tx: Tx, what: string): Promise<void> {
    for (const statement of PURGES[what] ?? []) await tx.query(statement, [this.clock.now()]);
  }
}
