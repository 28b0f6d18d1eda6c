import type { Tx } from '../common/db/index.js';
import { currentContext } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
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

const INSERT = `
  INSERT INTO audit_event (pool_area, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id,
                           person_ids, details, trace_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

async function write(tx: Tx, actor: Actor, kind: AuditKind, entry: AuditEntry): Promise<void> {
  await tx.named('identity.audit', INSERT, [
    actor.poolArea,
    uuid7(),
    actor.userId,
    actor.username,
    actor.roles,
    kind,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    entry.personIds ?? [],
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
};
