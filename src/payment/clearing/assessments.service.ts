import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import type { PageQuery } from '../../common/http/index.js';
import { uuid7 } from '../../common/ids/index.js';
import { type Actor, Audit, scopeSql } from '../../identity/index.js';
import { Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';

/** The annual assessment of a provider (年度考核) as stored. */
export interface Assessment {
  readonly id: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly year: number;
  /** 0 … 100, decimal text. */
  readonly score: string;
  /** Index of the grade (考核系数), decimal text. */
  readonly gradeIndex: string;
  /** Confirmed complaints of refused admission. */
  readonly complaints: number;
  readonly evidence: string;
  readonly state: 'draft' | 'confirmed';
  readonly scoredBy: string;
  readonly scoredByName: string;
  readonly confirmedByName: string | null;
}

export interface NewAssessment {
  readonly providerId: string;
  readonly year: number;
  readonly score: string;
  readonly gradeIndex: string;
  readonly complaints: number;
  readonly evidence?: string | undefined;
}

const SELECT = `
  SELECT a.id, a.provider_id AS "providerId", i.name AS "providerName", a.year::int AS year, a.score::text AS score,
    a.grade_index::text AS "gradeIndex", a.complaints, a.evidence, a.state, a.scored_by AS "scoredBy",
    a.scored_by_name AS "scoredByName", a.confirmed_by_name AS "confirmedByName"
  FROM payment_assessment a JOIN institution i ON i.pool_area = a.pool_area AND i.id = a.provider_id`;

const SCOPE = { pool: 'a.pool_area', area: 'i.area_code', provider: 'a.provider_id' };

/** Annual assessments: scored by one person, confirmed by another; then they decide about deposits and savings. */
@Injectable()
export class Assessments {
  constructor(private readonly providers: Providers) {}

  /** Assessments of the actor's scope, one page. */
  list(tx: Tx, actor: Actor, filter: { readonly year?: number | undefined }, page: PageQuery): Promise<Assessment[]> {
    const scope = scopeSql(actor, SCOPE, 4);
    return tx.query<Assessment>(
      `${SELECT} WHERE ($1::int IS NULL OR a.year = $1) AND ($2::uuid IS NULL OR a.id < $2) AND ${scope.sql}
       ORDER BY a.id DESC LIMIT $3`,
      [filter.year ?? null, page.after?.[0] ?? null, page.limit + 1, ...scope.params],
    );
  }

  /** One assessment of the actor's scope. Error `payment.assessment-not-found`. */
  async get(tx: Tx, actor: Actor, id: string): Promise<Assessment> {
    const scope = scopeSql(actor, SCOPE, 2);
    const found = await tx.maybe<Assessment>(`${SELECT} WHERE a.id = $1 AND ${scope.sql}`, [id, ...scope.params]);
    if (found === undefined) throw new DomainError(paymentErrors['assessment-not-found']);
    return found;
  }

  /** Scores a provider for a year, or scores it anew while nobody has confirmed. Error `payment.wrong-state`. */
  async score(tx: Tx, actor: Actor, input: NewAssessment): Promise<string> {
    await this.providers.get(tx, actor.poolArea, input.providerId);
    const row = await tx.maybe<{ id: string }>(
      `INSERT INTO payment_assessment AS a (pool_area, id, provider_id, year, score, grade_index, complaints, evidence,
         scored_by, scored_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT ON CONSTRAINT uq_payment_assessment_provider_year DO UPDATE SET score = excluded.score,
         grade_index = excluded.grade_index, complaints = excluded.complaints, evidence = excluded.evidence,
         scored_by = excluded.scored_by, scored_by_name = excluded.scored_by_name, updated_at = now()
       WHERE a.state = 'draft' RETURNING id`,
      [
        actor.poolArea,
        uuid7(),
        input.providerId,
        input.year,
        input.score,
        input.gradeIndex,
        input.complaints,
        input.evidence ?? '',
        actor.userId,
        actor.displayName,
      ],
    );
    if (row === undefined) throw new DomainError(paymentErrors['wrong-state'], { state: 'confirmed', action: 'score' });
    await Audit.record(tx, actor, {
      action: 'payment.assessment-scored',
      subjectKind: 'assessment',
      subjectId: row.id,
      details: { providerId: input.providerId, year: input.year, score: input.score },
    });
    return row.id;
  }

  /** Confirms a score, as a second person. Errors: `payment.same-person`, `payment.wrong-state`. */
  async confirm(tx: Tx, actor: Actor, id: string): Promise<void> {
    await tx.query('SELECT FROM payment_assessment WHERE pool_area = $1 AND id = $2 FOR UPDATE', [actor.poolArea, id]);
    const assessment = await this.get(tx, actor, id);
    if (assessment.state === 'confirmed') {
      throw new DomainError(paymentErrors['wrong-state'], { state: assessment.state, action: 'confirm' });
    }
    if (assessment.scoredBy === actor.userId) throw new DomainError(paymentErrors['same-person']);
    await tx.query(
      `UPDATE payment_assessment SET state = 'confirmed', confirmed_by = $3, confirmed_by_name = $4, updated_at = now()
       WHERE pool_area = $1 AND id = $2`,
      [actor.poolArea, id, actor.userId, actor.displayName],
    );
    await Audit.record(tx, actor, {
      action: 'payment.assessment-confirmed',
      subjectKind: 'assessment',
      subjectId: id,
      details: { score: assessment.score },
    });
  }
}
