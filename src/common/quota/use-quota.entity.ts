import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of something a user took within a window; older windows are forgotten after a day. */
@Entity('use_quota')
@Check('use_quota_ck_used', 'used > 0')
export class UseQuotaEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'use_quota_pk' })
  poolArea: string;

  @PrimaryColumn({ name: 'actor_id', type: 'uuid', primaryKeyConstraintName: 'use_quota_pk' })
  actorId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'use_quota_pk' })
  kind: string;

  @PrimaryColumn({ name: 'window_start', type: 'timestamptz', primaryKeyConstraintName: 'use_quota_pk' })
  windowStart: Date;

  @Column({ type: 'integer' })
  used: number;
}
