import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A certificate of a person (证件): one person has a number in a pool. Distributed by its blind index, so that exactly this can
 * be kept wherever persons lie; therefore no foreign key – reconciliation proves that the two belong together.
 */
@Entity('person_certificate')
@Index('person_certificate_ix_person', ['poolArea', 'personId'])
@Check('person_certificate_ck_blind_index', 'length(blind_index) = 18')
@Check('person_certificate_ck_kind', `kind ~ '^[0-9]{2}$'`)
@Check('person_certificate_ck_valid', 'valid_to > valid_from')
export class PersonCertificateEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'person_certificate_pk' })
  poolArea: string;

  /** Finds the exact number without showing it: key id, HMAC-SM3 of kind and number, cut to 16 bytes. */
  @PrimaryColumn({ name: 'blind_index', type: 'bytea', primaryKeyConstraintName: 'person_certificate_pk' })
  blindIndex: Buffer;

  @Column({ type: 'uuid' })
  id: string;

  @Column({ name: 'person_id', type: 'uuid' })
  personId: string;

  /** psn_cert_type: 01 resident identity card. */
  @Column({ type: 'text' })
  kind: string;

  /** The number, sealed. */
  @Column({ type: 'bytea' })
  number: Buffer;

  @Column({ name: 'valid_from', type: 'date', nullable: true })
  validFrom: string | null;

  /** First day on which it is not valid any more. */
  @Column({ name: 'valid_to', type: 'date', nullable: true })
  validTo: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;
}
