import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../config/index.js';
import { JobRuns, purgeJob } from '../jobs/index.js';

const KEEP_DAYS = 30;

/** Every day removes events that were handed on longer ago than a month; what waits is kept however old it is. */
@Injectable()
export class OutboxPurgeJob implements OnModuleInit {
  constructor(
    private readonly runs: JobRuns,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const { poolArea } = this.settings;
    this.runs.register(
      purgeJob({ kind: 'outbox.purge', poolArea, table: 'outbox_event', column: 'dispatched_at', keepDays: KEEP_DAYS }),
    );
  }
}
