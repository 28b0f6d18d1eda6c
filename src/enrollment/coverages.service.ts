import { Injectable } from '@nestjs/common';
import { constraintOf, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import { lockInOrder } from '../common/locks/index.js';
import type { LocalDate } from '../common/time/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { checkCoverage, type CoverageRequest, type InsuredType, type Scheme } from './domain/coverage.js';
import { enrollmentErrors } from './domain/errors.js';
import { Persons } from './persons.service.js';

/** A span of coverage; days are half-open, `to` null = until ended. */
export interface Coverage {
  readonly id: string;
  readonly personId: string;
  readonly scheme: Scheme;
  readonly status: 'active' | 'suspended';
  readonly insuredType: InsuredType;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly benefitsFrom: LocalDate;
}

/** A coverage is named together with its person, by whom the table is distributed. */
export interface CoverageKey {
  readonly personId: string;
  readonly id: string;
}

const SELECT = `SELECT id, person_id AS "personId", scheme, status, insured_type AS "insuredType",
                       lower(valid) AS "from", upper(valid) AS "to", benefits_from AS "benefitsFrom" FROM coverage`;

/** Who is covered, in which scheme, from when to when. */
@Injectable()
export class Coverages {
  constructor(private readonly persons: Persons) {}

  /** The coverage history of a person of the actor's scope, newest first. Error `enrollment.person-not-found`. */
  async ofPerson(tx: Tx, actor: Actor, personId: string): Promise<Coverage[]> {
    await this.persons.get(tx, actor, personId);
    return tx.query<Coverage>(`${SELECT} WHERE pool_area = $1 AND person_id = $2 ORDER BY lower(valid) DESC`, [
      actor.poolArea,
      personId,
    ]);
  }

  /**
   * Covers a person. Overlaps with any other coverage of the person are refused by the database's exclusion constraint;
   * of any number of concurrent attempts one succeeds. Errors of `checkCoverage`, `enrollment.coverage-overlaps`,
   * `enrollment.person-not-found`.
   */
  async cover(tx: Tx, actor: Actor, personId: string, request: CoverageRequest): Promise<string> {
    const checked = checkCoverage(request);
    await this.persons.get(tx, actor, personId);
    // Concurrent inserts into an exclusion constraint wait for each other crosswise and deadlock; in a queue they do not.
    await lockInOrder(tx, [{ kind: 'person-coverage', key: `${actor.poolArea}:${personId}` }]);
    const id = uuid7();
    try {
      await tx.query(
        `INSERT INTO coverage (pool_area, person_id, id, scheme, insured_type, valid, benefits_from, created_by)
         VALUES ($1, $2, $3, $4, $5, daterange($6, $7), $8, $9)`,
        [
          actor.poolArea,
          personId,
          id,
          checked.scheme,
          checked.insuredType,
          checked.from,
          checked.to,
          checked.benefitsFrom,
          actor.username,
        ],
      );
    } catch (error) {
      if (constraintOf(error) === 'coverage_no_overlap') throw new DomainError(enrollmentErrors['coverage-overlaps']);
      throw error;
    }
    await Audit.record(tx, actor, {
      action: 'enrollment.coverage.started',
      subjectKind: 'coverage',
      subjectId: id,
      personIds: [personId],
      details: { scheme: checked.scheme, from: checked.from, to: checked.to },
    });
    return id;
  }

  /**
   * Ends a coverage: `on` becomes the first day without it. Errors `enrollment.coverage-not-found`,
   * `enrollment.bad-period` when the coverage has not begun by then or has ended before.
   */
  async end(tx: Tx, actor: Actor, key: CoverageKey, on: LocalDate, reason: string): Promise<void> {
    const coverage = await this.getForChange(tx, actor, key);
    if (on <= coverage.from || (coverage.to !== null && on > coverage.to)) {
      throw new DomainError(enrollmentErrors['bad-period']);
    }
    await tx.query(
      `UPDATE coverage SET valid = daterange(lower(valid), $4), benefits_from = least(benefits_from, $4::date), version = version + 1
        WHERE pool_area = $1 AND person_id = $2 AND id = $3`,
      [actor.poolArea, key.personId, key.id, on],
    );
    await recordChange(tx, actor, key, 'enrollment.coverage.ended', { on, reason });
  }

  /** Suspends the benefits of a coverage (arrears) or restores them. Error `enrollment.coverage-not-found`. */
  async setStatus(tx: Tx, actor: Actor, key: CoverageKey, status: Coverage['status'], reason: string): Promise<void> {
    await this.getForChange(tx, actor, key);
    await tx.query(
      `UPDATE coverage SET status = $4, version = version + 1 WHERE pool_area = $1 AND person_id = $2 AND id = $3`,
      [actor.poolArea, key.personId, key.id, status],
    );
    await recordChange(tx, actor, key, `enrollment.coverage.${status}`, { reason });
  }

  private async getForChange(tx: Tx, actor: Actor, key: CoverageKey): Promise<Coverage> {
    await this.persons.get(tx, actor, key.personId);
    await lockInOrder(tx, [{ kind: 'person-coverage', key: `${actor.poolArea}:${key.personId}` }]);
    const found = await tx.maybe<Coverage>(`${SELECT} WHERE pool_area = $1 AND person_id = $2 AND id = $3`, [
      actor.poolArea,
      key.personId,
      key.id,
    ]);
    if (found === undefined) throw new DomainError(enrollmentErrors['coverage-not-found']);
    return found;
  }
}

async function recordChange(tx: Tx, actor: Actor, key: CoverageKey, action: string, details: object): Promise<void> {
  await Audit.record(tx, actor, {
    action,
    subjectKind: 'coverage',
    subjectId: key.id,
    personIds: [key.personId],
    details: { ...details },
  });
}
