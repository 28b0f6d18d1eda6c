import { Injectable } from '@nestjs/common';
import type { Tx } from '../common/db/index.js';
import type { LocalDate } from '../common/time/index.js';
import type { InsuredType, Scheme } from './domain/coverage.js';
import { SealedPersons } from './sealed-persons.js';

/** A person with coverages and marks, ready to be written; ids are the caller's, numbers and telephones come in the clear. */
export interface RosterPerson {
  readonly id: string;
  readonly idNo: string;
  readonly name: string;
  readonly sex: string;
  readonly birthDate: LocalDate;
  readonly areaCode: string;
  readonly phone: string | null;
  readonly coverages: readonly {
    readonly id: string;
    readonly scheme: Scheme;
    readonly insuredType: InsuredType;
    readonly from: LocalDate;
    readonly to: LocalDate | null;
  }[];
  readonly marks: readonly { readonly mark: string; readonly from: LocalDate; readonly to: LocalDate | null }[];
}

/** Whole registers at once: what imports and the demonstration write, and head-counts. */
@Injectable()
export class Roster {
  constructor(private readonly sealedPersons: SealedPersons) {}

  /**
   * Writes many persons with their certificates, coverages and marks, one statement a table; numbers and telephones are sealed
   * on the way. The constraints of the tables hold; error `enrollment.person-exists` for a number that somebody has.
   */
  async insertMany(tx: Tx, poolArea: string, persons: readonly RosterPerson[], createdBy: string): Promise<void> {
    await this.insertPersons(tx, poolArea, persons, createdBy);
    await this.insertCoverages(tx, poolArea, persons, createdBy);
  }

  /** Which of the numbers somebody of the pool has. */
  async takenNumbers(tx: Tx, poolArea: string, numbers: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.sealedPersons.holders(tx, poolArea, numbers)).keys());
  }

  /** How many persons a scheme covers on a day. */
  async insuredCount(tx: Tx, poolArea: string, scheme: Scheme, on: LocalDate): Promise<number> {
    const { count } = await tx.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM coverage WHERE pool_area = $1 AND scheme = $2 AND valid @> $3::date`,
      [poolArea, scheme, on],
    );
    return count;
  }

  private async insertPersons(
    tx: Tx,
    poolArea: string,
    persons: readonly RosterPerson[],
    createdBy: string,
  ): Promise<void> {
    const batch = await this.sealedPersons.seal(tx, persons);
    await this.sealedPersons.insert(tx, poolArea, batch, createdBy);
    const { sealed } = batch;
    await tx.query(
      `INSERT INTO person (pool_area, id, certificate_mask, name, sex, birth_date, area_code, phone, phone_masked, created_by)
       SELECT $1, u.*, $10 FROM unnest($2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::date[], $7::text[], $8::bytea[],
                                       $9::text[]) u`,
      [
        poolArea,
        persons.map((person) => person.id),
        sealed.map((identity) => identity.mask),
        persons.map((person) => person.name),
        persons.map((person) => person.sex),
        persons.map((person) => person.birthDate),
        persons.map((person) => person.areaCode),
        sealed.map((identity) => identity.phone),
        sealed.map((identity) => identity.phoneMasked),
        createdBy,
      ],
    );
  }

  private async insertCoverages(
    tx: Tx,
    poolArea: string,
    persons: readonly RosterPerson[],
    createdBy: string,
  ): Promise<void> {
    const coverages = persons.flatMap((person) =>
      person.coverages.map((coverage) => ({ ...coverage, personId: person.id })),
    );
    await tx.query(
      `INSERT INTO coverage (pool_area, person_id, id, scheme, insured_type, valid, benefits_from, created_by)
       SELECT $1, u.person_id, u.id, u.scheme, u.insured_type, daterange(u.first, u.last), u.first, $8
         FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::date[])
           AS u (person_id, id, scheme, insured_type, first, last)`,
      [
        poolArea,
        coverages.map((coverage) => coverage.personId),
        coverages.map((coverage) => coverage.id),
        coverages.map((coverage) => coverage.scheme),
        coverages.map((coverage) => coverage.insuredType),
        coverages.map((coverage) => coverage.from),
        coverages.map((coverage) => coverage.to),
        createdBy,
      ],
    );
    const marks = persons.flatMap((person) => person.marks.map((mark) => ({ ...mark, personId: person.id })));
    await tx.query(
      `INSERT INTO person_mark (pool_area, person_id, mark, valid_from, valid_to)
       SELECT $1, u.* FROM unnest($2::uuid[], $3::text[], $4::date[], $5::date[]) u`,
      [
        poolArea,
        marks.map((mark) => mark.personId),
        marks.map((mark) => mark.mark),
        marks.map((mark) => mark.from),
        marks.map((mark) => mark.to),
      ],
    );
  }
}
