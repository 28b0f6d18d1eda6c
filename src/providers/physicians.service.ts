import { Injectable } from '@nestjs/common';
import { constraintOf, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { PageQuery } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import type { LocalDate } from '../common/time/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { requirePeriod } from './domain/agreement.js';
import { providersErrors } from './domain/errors.js';
import { Institutions } from './institutions.service.js';

/** A physician with the privilege at one institution; `to` null = open. */
export interface Physician {
  readonly id: string;
  readonly name: string;
  readonly licenceNo: string;
  readonly profession: string;
  readonly title: string | null;
  readonly departmentId: string | null;
  readonly departmentName: string | null;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly state: 'active' | 'suspended';
}

export interface NewPhysician {
  readonly name: string;
  readonly licenceNo: string;
  readonly profession: string;
  readonly title: string | null;
  readonly departmentId: string | null;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

/** Physicians, pharmacists, nurses and technicians and their privilege at an institution (医保支付资格). */
@Injectable()
export class Physicians {
  constructor(private readonly institutions: Institutions) {}

  /** Who works at an institution of the actor's scope, by id, one page; the latest privilege of each. */
  async list(tx: Tx, actor: Actor, institutionId: string, page: PageQuery): Promise<Physician[]> {
    await this.institutions.get(tx, actor, institutionId);
    return tx.query<Physician>(
      `SELECT DISTINCT ON (p.id) p.id, p.name, p.licence_no AS "licenceNo", p.profession, p.title,
              v.department_id AS "departmentId", d.name AS "departmentName",
              lower(v.valid) AS "from", upper(v.valid) AS "to", v.state
         FROM physician_privilege v
         JOIN physician p ON p.pool_area = v.pool_area AND p.id = v.physician_id
         LEFT JOIN department d ON d.pool_area = v.pool_area AND d.institution_id = v.institution_id AND d.id = v.department_id
        WHERE v.pool_area = $1 AND v.institution_id = $2 AND ($3::uuid IS NULL OR p.id > $3)
        ORDER BY p.id, lower(v.valid) DESC LIMIT $4`,
      [actor.poolArea, institutionId, page.after?.[0] ?? null, page.limit + 1],
    );
  }

  /**
   * Gives a physician the privilege at an institution; the file of the person (by licence number) is made when it is not
   * there yet. Errors `providers.bad-period`, `providers.privilege-overlaps`, `providers.department-not-found`.
   */
  async register(tx: Tx, actor: Actor, institutionId: string, input: NewPhysician): Promise<string> {
    await this.institutions.get(tx, actor, institutionId);
    if (input.to !== null) requirePeriod(input.from, input.to);
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO physician (pool_area, id, name, licence_no, profession, title, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT physician_uq_licence_no DO UPDATE SET title = excluded.title RETURNING id`,
      [actor.poolArea, uuid7(), input.name, input.licenceNo, input.profession, input.title, actor.username],
    );
    try {
      await tx.query(
        `INSERT INTO physician_privilege (pool_area, physician_id, institution_id, id, department_id, valid)
         VALUES ($1, $2, $3, $4, $5, daterange($6, $7))`,
        [actor.poolArea, id, institutionId, uuid7(), input.departmentId, input.from, input.to],
      );
    } catch (error) {
      const constraint = constraintOf(error);
      if (constraint === 'physician_privilege_no_overlap') throw new DomainError(providersErrors['privilege-overlaps']);
      if (constraint === 'physician_privilege_fk_department')
        throw new DomainError(providersErrors['department-not-found']);
      throw error;
    }
    await Audit.record(tx, actor, {
      action: 'providers.physician.registered',
      subjectKind: 'physician',
      subjectId: id,
      details: { institutionId, from: input.from, to: input.to },
    });
    return id;
  }
}
