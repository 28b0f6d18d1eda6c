import { Injectable } from '@nestjs/common';
import { Areas } from '../catalogue/index.js';
import { constraintOf, sqlState, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import type { PageQuery } from '../common/http/index.js';
import { uuid7 } from '../common/ids/index.js';
import { Clock, type LocalDate } from '../common/time/index.js';
import { type Actor, Audit, scopeSql } from '../identity/index.js';
import { IDENTITY_MARKS, type InsuredType, type Scheme } from './domain/coverage.js';
import { enrollmentErrors } from './domain/errors.js';
import { parseIdNumber, type Sex } from './domain/id-number.js';
import { parseName } from './domain/name.js';
import { type RevealedIdentity, SealedPersons } from './sealed-persons.js';

/** A person as lists show it: number and telephone are masked, the rest is what the database has. */
export interface Person {
  readonly id: string;
  /** Masked. */
  readonly idNo: string;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: LocalDate;
  readonly areaCode: string;
  readonly areaName: string;
  /** Masked. */
  readonly phone: string | null;
  /** Coverage on the day of asking; null = none. */
  readonly scheme: Scheme | null;
  readonly insuredType: InsuredType | null;
}

/** An identity mark; `to` is the first day without it, null = open. */
export interface PersonMark {
  readonly mark: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly evidence: string | null;
}

export interface NewPerson {
  readonly id?: string;
  readonly idNo: string;
  readonly name: string;
  readonly areaCode: string;
  readonly phone?: string;
}

export interface PersonFilter {
  /** Part of the name, in the order of its characters. */
  readonly name?: string;
  /** The whole number. */
  readonly idNo?: string;
  readonly areaCode?: string;
  readonly scheme?: Scheme;
}

const EXCLUSION_VIOLATION = '23P01';

/** The register of insured persons. */
@Injectable()
export class Persons {
  constructor(
    private readonly areas: Areas,
    private readonly clock: Clock,
    private readonly sealedPersons: SealedPersons,
  ) {}

  /**
   * Registers a person in a county of the actor's scope. Birth date and sex come from the number.
   * Errors `enrollment.bad-id-number`, `enrollment.bad-name`, `catalogue.unknown-area`, and `enrollment.person-exists`
   * naming the person that has the number already (also when two registrations race).
   */
  async register(tx: Tx, actor: Actor, input: NewPerson): Promise<string> {
    const number = parseIdNumber(input.idNo, this.clock.today());
    const name = parseName(input.name);
    const county = await this.areas.getCounty(tx, actor.poolArea, input.areaCode);
    await this.requireInScope(tx, actor, county.code);
    const id = input.id ?? uuid7();
    const batch = await this.sealedPersons.seal(tx, [{ id, idNo: number.idNo, phone: input.phone ?? null }]);
    await this.sealedPersons.insert(tx, actor.poolArea, batch, actor.username);
    const [identity] = batch.sealed;
    await tx.query(
      `INSERT INTO person (pool_area, id, certificate_mask, name, sex, birth_date, area_code, phone, phone_masked, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        actor.poolArea,
        id,
        identity?.mask,
        name,
        number.sex,
        number.birthDate,
        county.code,
        identity?.phone,
        identity?.phoneMasked,
        actor.username,
      ],
    );
    await Audit.record(tx, actor, {
      action: 'enrollment.person.registered',
      subjectKind: 'person',
      subjectId: id,
      personIds: [id],
      details: { areaCode: county.code },
    });
    return id;
  }

  /** Persons of the actor's scope by id, one page. The look is audited with every person shown. */
  async list(tx: Tx, actor: Actor, filter: PersonFilter, page: PageQuery): Promise<Person[]> {
    const scope = scopeSql(actor, { pool: 'p.pool_area', area: 'p.area_code' });
    const params: unknown[] = [...scope.params, this.clock.today()];
    const today = `$${String(params.length)}::date`;
    const conditions = [scope.sql];
    const where = (sql: (placeholder: string) => string, value: unknown): void => {
      params.push(value);
      conditions.push(sql(`$${String(params.length)}`));
    };
    if (filter.name !== undefined) {
      where(
        (v) => `string_to_array(p.name, NULL) @> string_to_array(${v}, NULL) AND position(${v} IN p.name) > 0`,
        filter.name,
      );
    }
    if (filter.idNo !== undefined) {
      const holders = await this.sealedPersons.holders(tx, actor.poolArea, [filter.idNo]);
      where((v) => `p.id = ANY (${v}::uuid[])`, [...holders.values()]);
    }
    if (filter.areaCode !== undefined) where((v) => `starts_with(p.area_code, ${v})`, filter.areaCode);
    if (filter.scheme !== undefined) where((v) => `c.scheme = ${v}`, filter.scheme);
    if (page.after !== undefined) where((v) => `p.id > ${v}::uuid`, page.after[0]);
    params.push(page.limit + 1);
    const rows = await tx.query<StoredPerson>(
      `${selectPerson(today)} WHERE ${conditions.join(' AND ')} ORDER BY p.id LIMIT $${String(params.length)}`,
      params,
    );
    const found = await this.sealedPersons.unmasked(rows);
    await Audit.look(tx, actor, {
      action: 'enrollment.person.listed',
      subjectKind: 'person',
      subjectId: 'list',
      personIds: found.slice(0, page.limit).map((person) => person.id),
      details: { by: Object.keys(filter).filter((key) => filter[key as keyof PersonFilter] !== undefined) },
    });
    return found;
  }

  /** One person of the actor's scope; the look is audited. Error `enrollment.person-not-found`, also when out of scope. */
  async get(tx: Tx, actor: Actor, id: string): Promise<Person> {
    const found = await this.find(tx, actor, id);
    await Audit.look(tx, actor, {
      action: 'enrollment.person.viewed',
      subjectKind: 'person',
      subjectId: id,
      personIds: [id],
    });
    return found;
  }

  /** The full number, birth date and telephone of a person of the actor's scope; audited with the reason. */
  async reveal(
    tx: Tx,
    actor: Actor,
    id: string,
    reason: string,
  ): Promise<RevealedIdentity & { readonly birthDate: LocalDate }> {
    const { birthDate } = await this.find(tx, actor, id);
    const revealed = await this.sealedPersons.reveal(tx, actor.poolArea, id);
    await Audit.look(tx, actor, {
      action: 'enrollment.person.revealed',
      subjectKind: 'person',
      subjectId: id,
      personIds: [id],
      details: { reason },
    });
    return { ...revealed, birthDate };
  }

  /** Changes phone or county of a person of the actor's scope. Errors `enrollment.person-not-found`, `catalogue.unknown-area`. */
  async change(tx: Tx, actor: Actor, id: string, change: { phone?: string; areaCode?: string }): Promise<void> {
    const before = await this.get(tx, actor, id);
    const county = await this.areas.getCounty(tx, actor.poolArea, change.areaCode ?? before.areaCode);
    await this.requireInScope(tx, actor, county.code);
    await tx.query('UPDATE person SET area_code = $3, version = version + 1 WHERE pool_area = $1 AND id = $2', [
      actor.poolArea,
      id,
      county.code,
    ]);
    if (change.phone !== undefined) {
      const { phone, phoneMasked } = await this.sealedPersons.phone(id, change.phone);
      await tx.query('UPDATE person SET phone = $3, phone_masked = $4 WHERE pool_area = $1 AND id = $2', [
        actor.poolArea,
        id,
        phone,
        phoneMasked,
      ]);
    }
    await Audit.record(tx, actor, {
      action: 'enrollment.person.changed',
      subjectKind: 'person',
      subjectId: id,
      personIds: [id],
      details: { areaCode: [before.areaCode, county.code], phone: change.phone !== undefined },
    });
  }

  /** The identity marks of a person, newest first. */
  async marks(tx: Tx, poolArea: string, personId: string): Promise<PersonMark[]> {
    return tx.query<PersonMark>(
      `SELECT mark, valid_from AS "from", valid_to AS "to", evidence FROM person_mark
        WHERE pool_area = $1 AND person_id = $2 ORDER BY valid_from DESC, mark`,
      [poolArea, personId],
    );
  }

  /** Gives a person an identity mark for a span. Errors `enrollment.bad-mark`, `enrollment.bad-period`, `enrollment.mark-overlaps`. */
  async addMark(tx: Tx, actor: Actor, personId: string, mark: PersonMark): Promise<void> {
    if (!IDENTITY_MARKS.includes(mark.mark)) throw new DomainError(enrollmentErrors['bad-mark'], { mark: mark.mark });
    if (mark.to !== null && mark.to <= mark.from) throw new DomainError(enrollmentErrors['bad-period']);
    await this.get(tx, actor, personId);
    try {
      await tx.query(
        `INSERT INTO person_mark (pool_area, person_id, mark, valid_from, valid_to, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
        [actor.poolArea, personId, mark.mark, mark.from, mark.to, mark.evidence],
      );
    } catch (error) {
      const taken = ['person_mark_no_overlap', 'person_mark_pk'].includes(constraintOf(error) ?? '');
      if (taken && ['23505', EXCLUSION_VIOLATION].includes(sqlState(error) ?? '')) {
        throw new DomainError(enrollmentErrors['mark-overlaps']);
      }
      throw error;
    }
    await Audit.record(tx, actor, {
      action: 'enrollment.mark.added',
      subjectKind: 'person',
      subjectId: personId,
      personIds: [personId],
      details: { mark: mark.mark, from: mark.from, to: mark.to },
    });
  }

  private async find(tx: Tx, actor: Actor, id: string): Promise<Person> {
    const scope = scopeSql(actor, { pool: 'p.pool_area', area: 'p.area_code' });
    const at = scope.params.length;
    const rows = await tx.query<StoredPerson>(
      `${selectPerson(`$${String(at + 1)}::date`)} WHERE ${scope.sql} AND p.id = $${String(at + 2)}`,
      [...scope.params, this.clock.today(), id],
    );
    const [found] = await this.sealedPersons.unmasked(rows);
    if (found === undefined) throw new DomainError(enrollmentErrors['person-not-found']);
    return found;
  }

  // A clerk of one county cannot register people of another: there the county does not exist for them.
  private async requireInScope(tx: Tx, actor: Actor, countyCode: string): Promise<void> {
    const scope = scopeSql(actor, { pool: 'own.pool_area', area: 'own.area_code' }, 3);
    const seen = await tx.maybe(
      `SELECT 1 FROM (SELECT $1::text AS pool_area, $2::text AS area_code) own WHERE ${scope.sql}`,
      [actor.poolArea, countyCode, ...scope.params],
    );
    if (seen === undefined) throw new DomainError(enrollmentErrors['person-not-found']);
  }
}

type StoredPerson = Omit<Person, 'idNo'> & { readonly sealedMask: Buffer };

function selectPerson(today: string): string {
  return `SELECT p.id, p.certificate_mask AS "sealedMask", p.name, p.sex, p.birth_date AS "birthDate", p.area_code AS "areaCode",
                 a.name AS "areaName", p.phone_masked AS phone, c.scheme, c.insured_type AS "insuredType"
            FROM person p
            JOIN area a ON a.code = p.area_code
            LEFT JOIN coverage c ON c.pool_area = p.pool_area AND c.person_id = p.id AND c.valid @> ${today}`;
}
