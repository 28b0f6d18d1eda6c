import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A demonstration region: what it was made from, and whether it is complete. */
@Entity('demo_region')
@Check('demo_region_ck_state', `state IN ('loading', 'complete')`)
export class DemoRegionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'demo_region_pk' })
  poolArea: string;

  @Column({ type: 'text' })
  seed: string;

  @Column({ type: 'numeric', precision: 6, scale: 4 })
  scale: string;

  @Column({ type: 'date' })
  today: string;

  @Column({ type: 'text', default: 'loading' })
  state: string;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' })
  startedAt: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}

/** A step of the load that is done; an interrupted load goes on at the first step without a row. */
@Entity('demo_step')
export class DemoStepEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'demo_step_pk' })
  @ForeignKey(() => DemoRegionEntity, 'poolArea', { name: 'demo_step_fk_region' })
  poolArea: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'demo_step_pk' })
  step: string;

  @Column({ name: 'done_at', type: 'timestamptz', default: () => 'now()' })
  doneAt: Date;
}
