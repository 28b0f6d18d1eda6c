import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { httpErrors, type Page, pageOf } from '../common/http/index.js';
import { isUuid } from '../common/ids/index.js';
import { csvText } from '../exchange/index.js';
import { type Actor, Audit } from '../identity/index.js';
import type { AuditEventDto, AuditQueryDto } from './audit.dto.js';
import { auditRoomErrors } from './errors.js';

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
     AND ($8::text IS NULL OR actor_name = $8)
     AND ($9::text IS NULL OR action = $9 OR (right($9, 1) = '.' AND starts_with(action, $9)))
     AND ($10::text IS NULL OR kind = $10)
     AND ($11::uuid IS NULL OR id < $11)
   ORDER BY id DESC LIMIT $12`;

/** Rows of one export; whoever needs more narrows the time. */
const EXPORT_ROWS = 20_000;
const CSV_HEADINGS = [
  ...['时间 at', '用户 user', '角色 roles', '类别 kind', '动作 action', '对象类别 subject kind', '对象 subject'],
  ...['涉及参保人 persons', '详情 details', '跟踪号 trace', '编号 id'],
];

/** Reading the audit trail, newest first. Looking at it leaves a line in it too. */
@Injectable()
export class AuditTrailService {
  constructor(private readonly transactions: Transactions) {}

  async list(actor: Actor, query: AuditQueryDto): Promise<Page<AuditEventDto>> {
    const { limit, after } = pageOf.query(query, 1);
    const [mark] = after ?? [];
    if (mark !== undefined && !isUuid(mark)) throw new DomainError(httpErrors['bad-cursor']);
    const rows = await this.read(actor, query, 'identity.audit-read', limit + 1, mark);
    return pageOf.page(rows, limit, (row) => [row.id], show);
  }

  /** What the filters find as CSV, for a spreadsheet that runs nothing of it. Error `audit.export-too-large`. */
  async csv(actor: Actor, query: AuditQueryDto): Promise<string> {
    const rows = await this.read(actor, query, 'identity.audit-exported', EXPORT_ROWS + 1);
    if (rows.length > EXPORT_ROWS) throw new DomainError(auditRoomErrors['export-too-large'], { limit: EXPORT_ROWS });
    return csvText(
      CSV_HEADINGS,
      rows.map((row) => [
        ...[row.at.toISOString(), row.actor_name, row.actor_roles.join(' '), row.kind, row.action, row.subject_kind],
        ...[row.subject_id, row.person_ids.join(' '), JSON.stringify(row.details), row.trace_id ?? '', row.id],
      ]),
    );
  }

  private read(actor: Actor, query: AuditQueryDto, action: string, limit: number, mark?: string): Promise<AuditRow[]> {
    const { subjectKind, subjectId, actorId, personId, from, before, actorName, action: wanted, kind } = query;
    const filters = [subjectKind, subjectId, actorId, personId, from, before, actorName, wanted, kind, mark];
    return this.transactions.run(async (tx) => {
      const found = await tx.query<AuditRow>(LIST, [actor.poolArea, ...filters.map((value) => value ?? null), limit]);
      await Audit.look(tx, actor, {
        action,
        subjectKind: 'audit-trail',
        subjectId: actor.poolArea,
        details: { subjectKind, subjectId, actorId, personId, from, before, actorName, action: wanted, kind },
      });
      return found;
    });
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
