import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { addMonths, Clock, type Month, monthOf } from '../common/time/index.js';
import { Audit, systemActor } from '../identity/index.js';
import { ChainKeeper } from './chain-keeper.js';
import { auditRoomErrors } from './errors.js';
import { AuditVerifier } from './verifier.js';
import { ARCHIVED_ACTION } from './verifier-reader.js';

/** 网络安全法 Art. 21: access logs are kept for six months at least. */
const KEPT_MONTHS = 6;

/** Takes whole months of the audit trail out of the table; their blocks stay in the chain. */
@Injectable()
export class AuditArchive {
  constructor(
    private readonly transactions: Transactions,
    private readonly verifier: AuditVerifier,
    private readonly keeper: ChainKeeper,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies the month, records that it leaves, and detaches it: the three together or nothing. Needs a connection whose
   * login owns the tables. Returns the name of the table that now stands alone.
   * @throws DomainError `audit.month-too-young`, `audit.month-not-sound`
   */
  async detach(month: Month): Promise<string> {
    if (month >= addMonths(monthOf(this.clock.today()), -KEPT_MONTHS)) {
      throw new DomainError(auditRoomErrors['month-too-young'], { month, months: KEPT_MONTHS });
    }
    const pools = await this.keeper.pools();
    const table = `audit_event_${month.replace('-', '')}`;
    await this.transactions.run(async (tx) => {
      for (const poolArea of pools) {
        const { count, streams } = await this.verifier.verifyIn(tx, poolArea, { from: month, to: month });
        const pending = streams.find(({ stream }) => stream === 'audit')?.pending ?? 0;
        if (count > 0 || pending > 0) throw new DomainError(auditRoomErrors['month-not-sound'], { month });
        await Audit.record(tx, systemActor(poolArea), {
          ...{ action: ARCHIVED_ACTION, subjectKind: 'audit-month', subjectId: `audit_event:${month}` },
          details: { table },
        });
      }
      await tx.query('SET LOCAL ROLE NONE');
      await tx.query(`ALTER TABLE audit_event DETACH PARTITION ${table}`);
    });
    return table;
  }
}
