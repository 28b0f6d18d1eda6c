import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { type JobHandler, JobRuns } from '../common/jobs/index.js';
import { addMonths, monthOf, parseLocalDate } from '../common/time/index.js';
import { systemActor } from '../identity/index.js';
import { AuditVerifier } from './verifier.js';

const KIND = 'audit.verify';

/**
 * Verifies once a day: every link of the chains, and the rows of this month and the one before; on the first of a month
 * every row there is. The outcome stands in the audit trail, where the console shows it.
 */
@Injectable()
export class VerifyJob implements OnModuleInit {
  constructor(
    private readonly runs: JobRuns,
    private readonly verifier: AuditVerifier,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.runs.register(this.handler());
  }

  private handler(): JobHandler {
    return {
      kind: KIND,
      byHand: true,
      plan: (_tx, run) => Promise.resolve([run.period]),
      unit: async (tx, run) => {
        const options = { ...(await this.verifier.ownAnchors(run.poolArea)), ...scopeOf(run.period) };
        const report = await this.verifier.verifyIn(tx, run.poolArea, options);
        await this.verifier.record(tx, report, options, systemActor(run.poolArea));
      },
      finish: (_tx, run) => Promise.resolve({ verified: run.period }),
      due: (_tx, today) => Promise.resolve([{ kind: KIND, area: this.settings.poolArea, period: today }]),
    };
  }
}

function scopeOf(period: string): { from?: ReturnType<typeof monthOf> } {
  if (!/^\d{4}-\d{2}-\d{2}/.test(period) || period.slice(8, 10) === '01') return {};
  return { from: addMonths(monthOf(parseLocalDate(period.slice(0, 10))), -1) };
}
