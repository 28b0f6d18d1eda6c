import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { httpErrors, type Page, pageOf } from '../common/http/index.js';
import { isUuid } from '../common/ids/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import type { AuditEventDto, AuditQueryDto } from './dto/access.dto.js';

interface AuditRow {
  id: string;
  at: Date;
  actor_id: string;
  actor_name: string;
  actor_roles: string[];
  kind: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  person_ids: string[];
  details: Record<string, unknown>;
  trace_id: string | null;
}

// What is about one person lies with that person (the owner); lists of several are found by their index.
const LIST = `
  SELECT id, at, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id, person_ids, details, trace_id
    FROM audit_event
   WHERE pool_area = $1
     AND ($2::text IS NULL OR subject_kind = $2)
     AND ($3::text IS NULL OR subject_id = $3)
     AND ($4::uuid IS NULL OR actor_id = $4)
     AND ($5::uuid IS NULL OR (owner_id = $5 AND person_ids @> ARRAY[$5::uuid])
          OR (cardinality(person_ids) > 1 AND person_ids @> ARRAY[$5::uuid]))
     AND ($6::date IS NULL OR at >= $6::date::timestamp AT TIME ZONE 'Asia/Shanghai')
     AND ($7::date IS NULL OR at < $7::date::timestamp AT TIME ZONE 'Asia/Shanghai')
     AND ($6::date IS NULL OR on_month >= date_trunc('month', $6::date))
     AND ($7::date IS NULL OR on_month <= date_trunc('month', $7::date))
     AND ($8::uuid IS NULL OR id < $8)
   ORDER BY id DESC LIMIT $9`;

/** Reading the audit trail, newest first. Looking at it leaves a line in it too. */
@Injectable()
export class AuditTrailService {
  constructor(private readonly transactions: Transactions) {}

  async list(actor: Actor, query: AuditQueryDto): Promise<Page<AuditEventDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const [mark] = after ?? [];
    if (mark !== undefined && !isUuid(mark)) throw new DomainError(httpErrors['bad-cursor']);
    const { subjectKind, subjectId, actorId, personId, from, before } = query;
    const filters = [subjectKind, subjectId, actorId, personId, from, before, mark].map((value) => value ?? null);
    const rows = await this.transactions.run(async (tx) => {
      const found = await tx.query<AuditRow>(LIST, [actor.poolArea, ...filters, limit + 1]);
      await Audit.look(tx, actor, {
        action: 'identity.audit-read',
        subjectKind: 'audit-trail',
        subjectId: actor.poolArea,
        details: { subjectKind, subjectId, actorId, personId, from, before },
      });
      return found;
    });
    return pageOf.page(rows, limit, (row) => [row.id], show);
  }
}

function show(row: AuditRow): AuditEventDto {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorRoles: row.actor_roles,
    kind: row.kind,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    personIds: row.person_ids,
    details: row.details,
    traceId: row.trace_id,
  };
}
