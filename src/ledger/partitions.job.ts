import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobHandler, JobRuns } from '../common/jobs/index.js';
import { addMonths, firstDay, monthOf, parseMonth } from '../common/time/index.js';
import { Settings } from '../common/config/index.js';

const MONTHS_AHEAD = 14;

/** Makes the partitions of the months to come, once a month, so that no bill ever finds its month missing. */
@Injectable()
export class PartitionsJob implements OnModuleInit {
  constructor(
    private readonly runs: JobRuns,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.runs.register(this.handler());
  }

  private handler(): JobHandler {
    const kind = 'ledger.partitions';
    return {
      kind,
      byHand: true,
      plan: (_tx, run) => {
        const from = parseMonth(run.period.slice(0, 7));
        return Promise.resolve(Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => addMonths(from, ahead)));
      },
      unit: async (tx, _run, month) => {
        await tx.query('SELECT ensure_month_partitions($1)', [firstDay(parseMonth(month))]);
      },
      finish: (_tx, run) => Promise.resolve({ months: run.unitsPlanned ?? MONTHS_AHEAD + 1 }),
      due: (_tx, today) => Promise.resolve([{ kind, area: this.settings.poolArea, period: monthOf(today) }]),
    };
  }
}
