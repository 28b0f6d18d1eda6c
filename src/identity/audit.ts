import type { Tx } from '../common/db/index.js';
import { currentContext } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { auditFaults } from './audit-faults.js';
import type { Actor } from './domain/actor.js';

/** One line of the audit trail, without the who and when, which are added here. */
export interface AuditEntry {
  /** `room.what-was-done`, e.g. `payment.month-approved`. */
  readonly action: string;
  /** Kind and id of what it was done to. */
  readonly subjectKind: string;
  readonly subjectId: string;
  /** Facts worth keeping: figures as text, states before and after; no personal data, no secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Persons whose data were seen or changed, so that one can ask later who looked at them. */
  readonly personIds?: readonly string[];
}

type AuditKind = 'change' | 'look' | 'access';

// One reading of the clock for both columns, so that the month is always the month of the instant.
const INSERT = `
  INSERT INTO audit_event (pool_area, owner_id, id, on_month, at, actor_id, actor_name, actor_roles, kind, action,
                           subject_kind, subject_id, person_ids, details, trace_id)
  SELECT $1, $2, $3::uuid, date_trunc('month', now_at AT TIME ZONE 'Asia/Shanghai')::date, now_at, $4::uuid, $5, $6::text[],
         $7, $8, $9, $10, $11::uuid[], $12::jsonb, $13
    FROM clock_timestamp() AS now_at`;

/** Events about one person lie with that person, all others with who did it. */
function ownerOf(actor: Actor, personIds: readonly string[]): string {
  const [only] = personIds;
  return personIds.length === 1 && only !== undefined ? only : actor.userId;
}

async function write(tx: Tx, actor: Actor, kind: AuditKind, entry: AuditEntry): Promise<void> {
  try {
    await insert(tx, actor, kind, entry);
  } catch (error) {
    auditFaults.tell(error);
    throw error;
  }
}

async function insert(tx: Tx, actor: Actor, kind: AuditKind, entry: AuditEntry): Promise<void> {
  const personIds = entry.personIds ?? [];
  await tx.named('identity.audit', INSERT, [
    actor.poolArea,
    ownerOf(actor, personIds),
    uuid7(),
    actor.userId,
    actor.username,
    actor.roles,
    kind,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    personIds,
    JSON.stringify(entry.details ?? {}, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
    currentContext()?.traceId ?? null,
  ]);
}

/**
 * The audit trail. It is written in the transaction of what it tells of: what cannot be audited does not happen
 * (等保 8.1.4.3; ASVS 16.5.3). The table can only be inserted into and read.
 */
export const Audit = {
  /** Something was changed. */
  record: (tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> => write(tx, actor, 'change', entry),
  /** Personal data were shown; call it in the transaction that reads them. */
  look: (tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> => write(tx, actor, 'look', entry),
  /** A decision about access: sign-in, refusal, revocation. */
  access: (tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> => write(tx, actor, 'access', entry),
  /** Only tries whether a row could be written, for a transaction that is rolled back; a failure is not news. */
  probe: (tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> => insert(tx, actor, 'access', entry),
};
