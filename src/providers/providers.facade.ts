import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { firstDay, type LocalDate, type Month, nextMonth } from '../common/time/index.js';
import { providersErrors } from './domain/errors.js';
import type { Span } from './domain/agreement.js';
import {
  type Institution,
  INSTITUTION_COLUMNS,
  type InstitutionLevel,
  type InstitutionType,
} from './institutions.service.js';
import { PayeeAccounts } from './payee-accounts.js';

/** What an agreement says about paying its institution. */
export interface AgreementTerms extends Span {
  readonly id: string;
  readonly institutionId: string;
  readonly agreementNo: string;
  /** Payment method per clearing category, e.g. { inpatient: 'global-budget' }. */
  readonly paymentMethod: Readonly<Record<string, string>>;
  /** Decimal text, 0 … 1. */
  readonly depositRate: string;
}

/** A span in which an institution's services are not paid. */
export interface SuspendedSpan extends Span {
  readonly institutionId: string;
  readonly reason: string;
}

/** What other rooms ask about designated institutions; no scope is applied, they are asked on behalf of the whole pool. */
@Injectable()
export class Providers {
  constructor(private readonly payees: PayeeAccounts) {}

  /** One institution. Error `providers.institution-not-found`. */
  async get(tx: Tx, poolArea: string, id: string): Promise<Institution> {
    const [found] = await this.list(tx, { poolArea, ids: [id] });
    if (found === undefined) throw new DomainError(providersErrors['institution-not-found']);
    return found;
  }

  /** Institutions of the pool by national code. */
  list(
    tx: Tx,
    filter: { poolArea: string; ids?: readonly string[]; type?: InstitutionType; level?: InstitutionLevel },
  ): Promise<Institution[]> {
    return tx.query<Institution>(
      `SELECT ${INSTITUTION_COLUMNS} FROM institution i JOIN area a ON a.code = i.area_code
        WHERE i.pool_area = $1 AND ($2::uuid[] IS NULL OR i.id = ANY ($2)) AND ($3::text IS NULL OR i.type = $3)
          AND ($4::text IS NULL OR i.level = $4)
        ORDER BY i.code12`,
      [filter.poolArea, filter.ids ?? null, filter.type ?? null, filter.level ?? null],
    );
  }

  /** The bank accounts of institutions in full, by id; for payment orders. Who shows them to anybody audits it. */
  payeeAccounts(tx: Tx, poolArea: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.payees.open(tx, poolArea, ids);
  }

  /** Spans of suspension that touch a month, cut to nothing: their own first day and end. */
  suspendedSpans(tx: Tx, poolArea: string, month: Month): Promise<SuspendedSpan[]> {
    return tx.query<SuspendedSpan>(
      `SELECT institution_id AS "institutionId", lower(span) AS "from", upper(span) AS "to", reason FROM agreement_suspension
        WHERE pool_area = $1 AND span && daterange($2, $3) ORDER BY institution_id, lower(span)`,
      [poolArea, firstDay(month), firstDay(nextMonth(month))],
    );
  }

  /** The agreement an institution has on a day; undefined when it has none. */
  async agreementInForce(
    tx: Tx,
    poolArea: string,
    institutionId: string,
    on: LocalDate,
  ): Promise<AgreementTerms | undefined> {
    const [found] = await this.agreementsInForce(tx, poolArea, on, [institutionId]);
    return found;
  }

  /** The agreements of a day, one per institution that has one. */
  agreementsInForce(
    tx: Tx,
    poolArea: string,
    on: LocalDate,
    institutionIds?: readonly string[],
  ): Promise<AgreementTerms[]> {
    return tx.query<AgreementTerms>(
      `SELECT id, institution_id AS "institutionId", agreement_no AS "agreementNo", lower(valid) AS "from", upper(valid) AS "to",
              payment_method AS "paymentMethod", deposit_rate AS "depositRate"
         FROM agreement
        WHERE pool_area = $1 AND state <> 'draft' AND valid @> $2::date AND ($3::uuid[] IS NULL OR institution_id = ANY ($3))
        ORDER BY institution_id`,
      [poolArea, on, institutionIds ?? null],
    );
  }
}
