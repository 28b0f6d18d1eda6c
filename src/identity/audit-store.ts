import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { defineErrors, DomainError } from '../common/errors/index.js';
import { Readiness } from '../common/health/index.js';
import { translateFaults } from '../common/http/index.js';
import { Metrics } from '../common/metrics/index.js';
import { Settings } from '../common/config/index.js';
import { Audit } from './audit.js';
import { auditFaults } from './audit-faults.js';
import { systemActor } from './domain/actor.js';

export const auditErrors = defineErrors('audit', {
  unwritable: {
    kind: 'unavailable',
    zh: '审计存储不可写，操作已拒绝，未作任何改动；请联系系统管理员。',
    en: 'The audit trail cannot be written, so this was refused and nothing was changed; tell the administrator.',
  },
});

const STATE = `
  SELECT has_table_privilege('audit_event', 'INSERT') AS allowed, EXISTS (
    SELECT FROM pg_inherits WHERE inhparent = 'audit_event'::regclass AND inhrelid =
      to_regclass('audit_event_' || to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYYMM'))) AS month_there`;

class Probed extends Error {}

/**
 * Watches whether the audit trail can be written. What cannot be audited does not happen, so a server that cannot write
 * it is not ready. After a failure readiness is believed again only when a row could be written (and was rolled back).
 */
@Injectable()
export class AuditStore implements OnModuleInit, OnModuleDestroy {
  private failing = false;
  private unlisten: (() => void)[] = [];

  constructor(
    private readonly transactions: Transactions,
    private readonly settings: Settings,
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const failures = this.metrics.counter(
      'tongchou_audit_write_failures_total',
      'Operations refused because the audit trail could not be written',
    );
    this.readiness.add('audit', () => this.state());
    this.unlisten = [
      auditFaults.listen(() => {
        this.failing = true;
        failures.inc();
      }),
      translateFaults((thrown) => (auditFaults.isOne(thrown) ? new DomainError(auditErrors.unwritable) : undefined)),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.unlisten) stop();
  }

  /** 'ok', or what is wrong. */
  private async state(): Promise<string> {
    const { allowed, month_there: monthThere } = await this.transactions.autocommit((tx) =>
      tx.one<{ allowed: boolean; month_there: boolean }>(STATE),
    );
    if (!allowed) return 'unwritable';
    if (!monthThere) return 'month-missing';
    if (this.failing) this.failing = !(await this.canWrite());
    return this.failing ? 'unwritable' : 'ok';
  }

  private async canWrite(): Promise<boolean> {
    try {
      await this.transactions.run(async (tx) => {
        const entry = { action: 'audit.probed', subjectKind: 'audit-store', subjectId: 'probe' };
        await Audit.probe(tx, systemActor(this.settings.poolArea), entry);
        throw new Probed();
      });
      return true;
    } catch (error) {
      return error instanceof Probed;
    }
  }
}
