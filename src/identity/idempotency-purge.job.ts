import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { JobRuns, purgeJob } from '../common/jobs/index.js';

/** How long a client may repeat a request under its key and be given the first answer. */
const KEEP_DAYS = 90;

/** Every day removes the idempotency keys that are older than that; what they did is in the books for good. */
@Injectable()
export class IdempotencyPurgeJob implements OnModuleInit {
  constructor(
    private readonly runs: JobRuns,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    const { poolArea } = this.settings;
    this.runs.register(
      purgeJob({
        ...{ kind: 'idempotency.purge', poolArea, keepDays: KEEP_DAYS },
        ...{ table: 'idempotency_key', column: 'created_at' },
      }),
    );
  }
}
