import { Injectable } from '@nestjs/common';
import { defineBlindIndex, defineEncryptedField, FieldCrypto } from '../common/crypto/index.js';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import { indexedCertificate, normalisedNumber, RESIDENT_CARD } from './domain/certificate.js';
import { enrollmentErrors } from './domain/errors.js';
import { maskIdNo, maskPhone } from './domain/id-number.js';

/** The number of a certificate (证件号码). */
const NUMBER = defineEncryptedField({
  ...{ table: 'person_certificate', column: 'number', purpose: 'person' },
  row: ['person_id', 'id'],
});

/**
 * The number as lists show it. Sealed too: together with the birth date, sex and county that stand beside it in the clear, the
 * last four digits would be the whole number.
 */
const MASK = defineEncryptedField({ table: 'person', column: 'certificate_mask', purpose: 'person', row: ['id'] });

const PHONE = defineEncryptedField({ table: 'person', column: 'phone', purpose: 'person', row: ['id'] });

const CERTIFICATE = defineBlindIndex({
  ...{ table: 'person_certificate', column: 'blind_index', kind: 'certificate' },
  of: NUMBER,
  needs: ['kind'],
  text: (number, row) => indexedCertificate(String(row['kind']), number),
});

/** What of a person is never written in the clear. */
export interface ClearIdentity {
  readonly id: string;
  /** As `parseIdNumber` gives it. */
  readonly idNo: string;
  readonly phone: string | null;
}

/** The same, ready to be written. */
export interface SealedIdentity {
  readonly personId: string;
  readonly certificateId: string;
  readonly blindIndex: Buffer;
  readonly number: Buffer;
  readonly mask: Buffer;
  readonly phone: Buffer | null;
  readonly phoneMasked: string | null;
}

/** Sealed identities and the blind indexes of older keys under which one of them may stand already. */
export interface SealedBatch {
  readonly sealed: readonly SealedIdentity[];
  readonly older: readonly Buffer[];
}

/** What a reveal answers. */
export interface RevealedIdentity {
  readonly idNo: string;
  readonly phone: string | null;
}

/** Numbers and telephones of persons on their way into the database and out of it. */
@Injectable()
export class SealedPersons {
  constructor(private readonly crypto: FieldCrypto) {}

  /** Seals the identities of new persons, in their order, inside the transaction that writes them. */
  async seal(tx: Tx, persons: readonly ClearIdentity[]): Promise<SealedBatch> {
    const items = persons.map((person) => ({ ...person, certificateId: uuid7() }));
    const texts = items.map((item) => indexedCertificate(RESIDENT_CARD, item.idNo));
    const { current, older } = await this.crypto.indexNew(tx, CERTIFICATE, texts);
    const numbers = await this.crypto.sealMany(
      NUMBER,
      items.map((item) => ({ row: [item.id, item.certificateId], text: item.idNo })),
    );
    const masks = await this.crypto.sealMany(
      MASK,
      items.map((item) => ({ row: item.id, text: maskIdNo(item.idNo) })),
    );
    const phones = await this.phones(items);
    const sealed = items.map((item, at) => ({
      personId: item.id,
      certificateId: item.certificateId,
      blindIndex: current[at] as Buffer,
      number: numbers[at] as Buffer,
      mask: masks[at] as Buffer,
      ...(phones[at] as SealedPhone),
    }));
    return { sealed, older };
  }

  /**
   * Writes the certificates of new persons. Of any number of concurrent attempts with one number one succeeds; error
   * `enrollment.person-exists` names the person that has it.
   */
  async insert(tx: Tx, poolArea: string, { sealed, older }: SealedBatch, createdBy: string): Promise<void> {
    const made = await tx.query<{ id: string }>(
      `INSERT INTO person_certificate (pool_area, blind_index, id, person_id, kind, number, created_by)
       SELECT $1, u.blind_index, u.id, u.person_id, $2, u.number, $3
         FROM unnest($4::bytea[], $5::uuid[], $6::uuid[], $7::bytea[]) AS u (blind_index, id, person_id, number)
       ON CONFLICT ON CONSTRAINT person_certificate_pk DO NOTHING RETURNING id`,
      [
        ...[poolArea, RESIDENT_CARD, createdBy, sealed.map((identity) => identity.blindIndex)],
        sealed.map((identity) => identity.certificateId),
        sealed.map((identity) => identity.personId),
        sealed.map((identity) => identity.number),
      ],
    );
    const written = new Set(made.map((row) => row.id));
    const refused = sealed.filter((identity) => !written.has(identity.certificateId));
    const asked = [...refused.map((identity) => identity.blindIndex), ...older];
    if (asked.length === 0) return;
    const [existing] = await tx.query<{ personId: string }>(
      `SELECT person_id AS "personId" FROM person_certificate
        WHERE pool_area = $1 AND blind_index = ANY ($2::bytea[]) ORDER BY created_at LIMIT 1`,
      [poolArea, asked],
    );
    if (existing === undefined) return;
    throw new DomainError(enrollmentErrors['person-exists'], { existingId: existing.personId });
  }

  /** The sealed and the masked telephone of a person. */
  async phone(personId: string, phone: string): Promise<SealedPhone> {
    const [sealed] = await this.phones([{ id: personId, phone }]);
    return sealed as SealedPhone;
  }

  /** Persons by the exact numbers they have, of the pool; by an index scan, once a number. */
  async holders(tx: Tx, poolArea: string, numbers: readonly string[]): Promise<Map<string, string>> {
    const indexes = await Promise.all(
      numbers.map((number) => this.crypto.indexesOf(CERTIFICATE, indexedCertificate(RESIDENT_CARD, number))),
    );
    const rows = await tx.query<{ index: Buffer; personId: string }>(
      `SELECT blind_index AS index, person_id AS "personId" FROM person_certificate
        WHERE pool_area = $1 AND blind_index = ANY ($2::bytea[])`,
      [poolArea, indexes.flat()],
    );
    const byIndex = new Map(rows.map((row) => [row.index.toString('hex'), row.personId]));
    const found = numbers.map((number, at) => {
      const hit = indexes[at]?.map((index) => byIndex.get(index.toString('hex'))).find((id) => id !== undefined);
      return [number, hit] as const;
    });
    return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  /** Puts the readable mask in place of the sealed one. */
  async unmasked<T extends { readonly id: string; readonly sealedMask: Buffer }>(
    rows: readonly T[],
  ): Promise<(Omit<T, 'sealedMask'> & { readonly idNo: string })[]> {
    const masks = await this.crypto.openMany(
      MASK,
      rows.map((row) => ({ row: row.id, sealed: row.sealedMask })),
    );
    return rows.map(({ sealedMask: _, ...row }, at) => ({ ...row, idNo: masks[at] as string }));
  }

  /**
   * The full number and telephone of a person. Error `crypto.tampered`, also when the certificate's blind index is not that of
   * its number: somebody exchanged it.
   */
  async reveal(tx: Tx, poolArea: string, personId: string): Promise<RevealedIdentity> {
    const row = await tx.one<{ id: string; kind: string; number: Buffer; index: Buffer; phone: Buffer | null }>(
      `SELECT c.id, c.kind, c.number, c.blind_index AS index, p.phone
         FROM person p JOIN person_certificate c ON c.pool_area = p.pool_area AND c.person_id = p.id
        WHERE p.pool_area = $1 AND p.id = $2 ORDER BY c.kind, c.id LIMIT 1`,
      [poolArea, personId],
    );
    const idNo = await this.crypto.open(NUMBER, [personId, row.id], row.number);
    await this.crypto.requireIndex(CERTIFICATE, row.index, indexedCertificate(row.kind, idNo));
    const phone = row.phone === null ? null : await this.crypto.open(PHONE, personId, row.phone);
    return { idNo: normalisedNumber(idNo), phone };
  }

  private async phones(
    items: readonly { readonly id: string; readonly phone: string | null }[],
  ): Promise<SealedPhone[]> {
    const sealed = await this.crypto.sealMany(
      PHONE,
      items.map((item) => ({ row: item.id, text: item.phone })),
    );
    return items.map((item, at) => ({ phone: sealed[at] ?? null, phoneMasked: maskPhone(item.phone) }));
  }
}

type SealedPhone = Pick<SealedIdentity, 'phone' | 'phoneMasked'>;
