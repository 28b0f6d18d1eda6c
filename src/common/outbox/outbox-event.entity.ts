import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Something that happened and is told to other rooms. */
@Entity('outbox_event')
@Index('ix_outbox_event_pending', ['ownerId', 'seq'], { where: 'dispatched_at IS NULL' })
@Index('ix_outbox_event_dispatched', ['dispatchedAt'], { where: 'dispatched_at IS NOT NULL' })
@Check('ck_outbox_event_topic', `topic ~ '^[a-z][a-z-]*([.][a-z-]+)*$'`)
@Check('ck_outbox_event_key', `key <> ''`)
export class OutboxEventEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_outbox_event' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_outbox_event' })
  id: string;

  /** Distribution key, made from `key`; the person where the key is a person's id. */
  @PrimaryColumn({ name: 'owner_id', type: 'uuid', primaryKeyConstraintName: 'pk_outbox_event' })
  ownerId: string;

  /** Order of happening within a key, and no more: `xid` says what may be handed on. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  seq: bigint;

  @Column({ type: 'text' })
  topic: string;

  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'jsonb' })
  payload: object;

  /** The transaction in which it happened. The default is as the ORM reads it back, without its casts. */
  @Column({ type: 'bigint', default: () => '((pg_current_xact_id()))' })
  xid: bigint;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt: Date;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;

  @Column({ name: 'dispatched_at', type: 'timestamptz', nullable: true })
  dispatchedAt: Date | null;
}
