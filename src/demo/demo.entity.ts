import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A demonstration region: what it was made from, and whether it is complete. */
@Entity('demo_region')
@Check('demo_region_ck_scale', `scale ~ '^1:[1-9][0-9]{0,3}$'`)
@Check('demo_region_ck_years', `years ~ '^(none|[0-9]{4}-[0-9]{4})$'`)
@Check('demo_region_ck_state', `state IN ('loading', 'complete')`)
export class DemoRegionEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'demo_region_pk' })
  poolArea: string;

  @Column({ type: 'text' })
  seed: string;

  /** "1:200". */
  @Column({ type: 'text' })
  scale: string;

  /** Years before last year that were loaded: "2011-2024" or "none". */
  @Column({ type: 'text' })
  years: string;

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
