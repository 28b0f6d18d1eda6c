import { Injectable } from '@nestjs/common';
import { Areas } from '../catalogue/index.js';
import { isUniqueViolation, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { PageQuery } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { type Actor, Audit, scopeSql } from '../identity/index.js';
import { providersErrors } from './domain/errors.js';
import { PayeeAccounts } from './payee-accounts.js';

export type InstitutionType = 'hospital' | 'primary' | 'pharmacy';
export type InstitutionLevel = 'tertiary' | 'secondary' | 'primary';

/** A designated institution or pharmacy as plain values. */
export interface Institution {
  readonly id: string;
  readonly code12: string;
  readonly name: string;
  readonly type: InstitutionType;
  readonly level: InstitutionLevel;
  readonly speciality: string;
  readonly ownership: string;
  readonly areaCode: string;
  readonly areaName: string;
  readonly priceLevel: InstitutionLevel;
  readonly beds: number;
  readonly payeeName: string | null;
  readonly payeeBank: string | null;
  /** The last four digits. */
  readonly payeeAccount: string | null;
  readonly state: 'active' | 'closed';
}

/** As it is registered: the account in full. */
export type NewInstitution = Omit<Institution, 'id' | 'areaName' | 'state'> & { readonly id?: string };

export interface InstitutionFilter {
  readonly q?: string;
  readonly type?: string;
  readonly level?: string;
  readonly areaCode?: string;
}

export interface Department {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly state: 'active' | 'closed';
}

export const INSTITUTION_COLUMNS = `i.id, i.code12, i.name, i.type, i.level, i.speciality, i.ownership, i.area_code AS "areaCode",
  a.name AS "areaName", i.price_level AS "priceLevel", i.beds, i.payee_name AS "payeeName", i.payee_bank AS "payeeBank",
  i.payee_account_masked AS "payeeAccount", i.state`;

/** The register of designated institutions and their departments, as a signed-in user sees and changes it. */
@Injectable()
export class Institutions {
  constructor(
    private readonly areas: Areas,
    private readonly payees: PayeeAccounts,
  ) {}

  /** Institutions of the actor's scope by national code, one page. */
  async list(tx: Tx, actor: Actor, filter: InstitutionFilter, page: PageQuery): Promise<Institution[]> {
    const scope = scopeSql(actor, { pool: 'i.pool_area', area: 'i.area_code', provider: 'i.id' }, 7);
    return tx.query<Institution>(
      `SELECT ${INSTITUTION_COLUMNS} FROM institution i JOIN area a ON a.code = i.area_code
        WHERE ($1::text IS NULL OR position($1 IN i.name) > 0 OR i.code12 = $1)
          AND ($2::text IS NULL OR i.type = $2) AND ($3::text IS NULL OR i.level = $3)
          AND ($4::text IS NULL OR starts_with(i.area_code, $4)) AND ($5::text IS NULL OR i.code12 > $5)
          AND ${scope.sql}
        ORDER BY i.code12 LIMIT $6`,
      [
        filter.q ?? null,
        filter.type ?? null,
        filter.level ?? null,
        filter.areaCode ?? null,
        page.after?.[0] ?? null,
        page.limit + 1,
        ...scope.params,
      ],
    );
  }

  /** One institution of the actor's scope. Error `providers.institution-not-found`, also when out of scope. */
  async get(tx: Tx, actor: Actor, id: string): Promise<Institution> {
    const scope = scopeSql(actor, { pool: 'i.pool_area', area: 'i.area_code', provider: 'i.id' }, 2);
    const found = await tx.maybe<Institution>(
      `SELECT ${INSTITUTION_COLUMNS} FROM institution i JOIN area a ON a.code = i.area_code WHERE i.id = $1 AND ${scope.sql}`,
      [id, ...scope.params],
    );
    if (found === undefined) throw new DomainError(providersErrors['institution-not-found']);
    return found;
  }

  /** Registers an institution in the actor's scope. Errors `catalogue.unknown-area`, `providers.institution-exists`. */
  async register(tx: Tx, actor: Actor, input: NewInstitution): Promise<string> {
    const county = await this.areas.getCounty(tx, actor.poolArea, input.areaCode);
    const id = input.id ?? uuid7();
    const [payee] = await this.payees.seal([{ id, account: input.payeeAccount }]);
    const created = await tx.maybe(
      `INSERT INTO institution (pool_area, id, code12, name, type, level, speciality, ownership, area_code, price_level, beds,
                                payee_name, payee_bank, payee_account, payee_account_masked, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       ON CONFLICT ON CONSTRAINT institution_uq_code12 DO NOTHING RETURNING id`,
      [
        actor.poolArea,
        id,
        input.code12,
        input.name,
        input.type,
        input.level,
        input.speciality,
        input.ownership,
        county.code,
        input.priceLevel,
        input.beds,
        input.payeeName,
        input.payeeBank,
        payee?.account,
        payee?.masked,
        actor.username,
      ],
    );
    if (created === undefined) {
      const existing = await tx.one<{ id: string }>('SELECT id FROM institution WHERE pool_area = $1 AND code12 = $2', [
        actor.poolArea,
        input.code12,
      ]);
      throw new DomainError(providersErrors['institution-exists'], { code12: input.code12, existingId: existing.id });
    }
    // Out of the actor's area it is rolled back as if it had never been.
    await this.get(tx, actor, id);
    await Audit.record(tx, actor, {
      action: 'providers.institution.registered',
      subjectKind: 'institution',
      subjectId: id,
      details: { code12: input.code12, level: input.level },
    });
    return id;
  }

  /** The bank account of an institution of the actor's scope in full; audited with the reason. Null when it has none. */
  async revealAccount(tx: Tx, actor: Actor, id: string, reason: string): Promise<string | null> {
    await this.get(tx, actor, id);
    const accounts = await this.payees.open(tx, actor.poolArea, [id]);
    await Audit.look(tx, actor, {
      action: 'providers.account-revealed',
      subjectKind: 'institution',
      subjectId: id,
      details: { reason },
    });
    return accounts.get(id) ?? null;
  }

  /** The departments of an institution of the actor's scope, by code. */
  async departments(tx: Tx, actor: Actor, institutionId: string): Promise<Department[]> {
    await this.get(tx, actor, institutionId);
    return tx.query<Department>(
      'SELECT id, code, name, state FROM department WHERE pool_area = $1 AND institution_id = $2 ORDER BY code',
      [actor.poolArea, institutionId],
    );
  }

  /** Adds a department. Error `providers.department-exists`. */
  async addDepartment(
    tx: Tx,
    actor: Actor,
    institutionId: string,
    input: { code: string; name: string },
  ): Promise<string> {
    await this.get(tx, actor, institutionId);
    const id = uuid7();
    try {
      await tx.query('INSERT INTO department (pool_area, institution_id, id, code, name) VALUES ($1, $2, $3, $4, $5)', [
        actor.poolArea,
        institutionId,
        id,
        input.code,
        input.name,
      ]);
    } catch (error) {
      if (!isUniqueViolation(error, 'department_uq_code')) throw error;
      throw new DomainError(providersErrors['department-exists'], { code: input.code });
    }
    await Audit.record(tx, actor, {
      action: 'providers.department.added',
      subjectKind: 'department',
      subjectId: id,
      details: { institutionId, code: input.code },
    });
    return id;
  }
}
