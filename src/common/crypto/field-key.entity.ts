import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A key of encrypted columns, as far as the database knows it: how to recognise it, never the key. */
@Entity('field_key')
@Unique('field_key_uq_version', ['use', 'purpose', 'version'])
@Index('field_key_uq_current', ['use', 'purpose'], { unique: true, where: `state = 'current'` })
@Check('field_key_ck_id', 'id BETWEEN 1 AND 65535')
@Check('field_key_ck_use', `use IN ('data', 'index')`)
@Check('field_key_ck_version', 'version > 0')
@Check('field_key_ck_check_value', 'length(check_value) = 8')
@Check('field_key_ck_state', `state IN ('current', 'old', 'retired')`)
export class FieldKeyEntity {
  /** Stands in everything the key sealed. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'field_key_pk' })
  id: number;

  /** `data` seals, `index` makes blind indexes. */
  @Column({ type: 'text' })
  use: string;

  @Column({ type: 'text' })
  purpose: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ name: 'check_value', type: 'bytea' })
  checkValue: Buffer;

  @Column({ type: 'text', default: 'current' })
  state: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
