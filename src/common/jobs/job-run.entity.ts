import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

const wallClock = (): string => 'clock_timestamp()';

/** One execution of a job: unique by kind, area and period. */
@Entity('job_run')
@Unique('uq_job_run_kind_area_period', ['poolArea', 'kind', 'areaCode', 'period'])
@Index('ix_job_run_unfinished', ['createdAt'], { where: `state IN ('waiting', 'running')` })
@Check('ck_job_run_kind', `kind ~ '^[a-z][a-z-]*([.][a-z-]+)*$'`)
@Check('ck_job_run_state', `state IN ('waiting', 'running', 'done', 'failed')`)
@Check('ck_job_run_done', `(state = 'done') = (result IS NOT NULL) AND (state = 'done') = (finished_at IS NOT NULL)`)
@Check('ck_job_run_units', `units_done >= 0 AND (units_planned IS NULL OR units_done <= units_planned)`)
export class JobRunEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_job_run' })
  poolArea: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_job_run' })
  id: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ name: 'area_code', type: 'text' })
  areaCode: string;

  @Column({ type: 'text' })
  period: string;

  @Column({ type: 'jsonb', default: {} })
  params: object;

  @Column({ type: 'text', default: 'waiting' })
  state: string;

  /** How many workers have held the run; only the last one may write. */
  @Column({ type: 'bigint', default: 0 })
  fence: bigint;

  @Column({ type: 'text', nullable: true })
  worker: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil: Date | null;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  @Column({ name: 'units_planned', type: 'integer', nullable: true })
  unitsPlanned: number | null;

  @Column({ name: 'units_done', type: 'integer', default: 0 })
  unitsDone: number;

  @Column({ type: 'jsonb', nullable: true })
  result: object | null;

  @Column({ type: 'jsonb', nullable: true })
  error: object | null;

  @Column({ name: 'created_by', type: 'text' })
  createdBy: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: wallClock })
  createdAt: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}

/** A part of a run that is done in one transaction. */
@Entity('job_unit')
@Unique('uq_job_unit_ordinal', ['poolArea', 'runId', 'ordinal'])
@ForeignKey(() => JobRunEntity, ['poolArea', 'runId'], ['poolArea', 'id'], { name: 'fk_job_unit_run' })
@Check('ck_job_unit_state', `state IN ('planned', 'done')`)
@Check('ck_job_unit_done', `(state = 'done') = (done_at IS NOT NULL AND fence IS NOT NULL)`)
export class JobUnitEntity {
  @PrimaryColumn({ name: 'pool_area', type: 'text', primaryKeyConstraintName: 'pk_job_unit' })
  poolArea: string;

  @PrimaryColumn({ name: 'run_id', type: 'uuid', primaryKeyConstraintName: 'pk_job_unit' })
  runId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_job_unit' })
  key: string;

  @Column({ type: 'integer' })
  ordinal: number;

  @Column({ type: 'text', default: 'planned' })
  state: string;

  /** The worker that did it. */
  @Column({ type: 'bigint', nullable: true })
  fence: bigint | null;

  @Column({ name: 'done_at', type: 'timestamptz', nullable: true })
  doneAt: Date | null;
}
