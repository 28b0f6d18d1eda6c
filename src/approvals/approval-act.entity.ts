import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** One person's step in a round of approval; only ever inserted. */
@Entity('approval_act')
@Unique('uq_approval_act_actor', ['poolArea', 'subjectKind', 'subjectId', 'round', 'actorId'])
@Unique('uq_approval_act_step', ['poolArea', 'subjectKind', 'subjectId', 'round', 'step'])
@Check('ck_approval_act_subject', `subject_kind ~ '^[a-z][a-z-]{1,40}$' AND subject_id <> ''`)
@Check('ck_approval_act_round', `round > 0`)
@Check('ck_approval_act_step', `step IN ('submit', 'review', 'approve', 'sign-off', 'return')`)
@Check('ck_approval_act_opinion', `char_length(opinion) <= 2000 AND (step <> 'return' OR opinion <> '')`)
export class ApprovalActEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_approval_act' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_approval_act' })
  id: string;

  @Column({ name: 'subject_kind', type: 'text' })
  subjectKind: string;

  @Column({ name: 'subject_id', type: 'text' })
  subjectId: string;

  @Column({ type: 'integer' })
  round: number;

  @Column({ type: 'text' })
  step: string;

  @Column({ name: 'actor_id', type: 'uuid' })
  actorId: string;

  @Column({ name: 'actor_name', type: 'text' })
  actorName: string;

  @Column({ type: 'text', default: '' })
  opinion: string;

  @Column({ name: 'acted_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  actedAt: Date;
}
