import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a migration means for servers of the version before it, which serve while it runs and for a while after:
 * `expand` only adds – tables, columns with a default, indexes, functions under a new name – and they do not notice;
 * `contract` takes away, renames or demands, and they must be gone before. A rolling upgrade runs `expand` only.
 */
export type Phase = 'expand' | 'contract';

/** A migration as this project writes it. The ones before 0013 say nothing of their phase; they were `contract`. */
export interface PhasedMigration extends MigrationInterface {
  readonly phase?: Phase;
}

export type MigrationClass = new () => PhasedMigration;

export function phaseOf(migration: PhasedMigration): Phase {
  return migration.phase ?? 'contract';
}

/**
 * The class as TypeORM gets it: its row in `schema_migration` tells the phase, in the transaction of the migration itself,
 * so that no server ever sees one without the other. The column's default reads this setting.
 */
export function withPhase(migration: MigrationClass): MigrationClass {
  const phased = class extends migration {
    override async up(runner: QueryRunner): Promise<void> {
      await runner.query(`SELECT set_config('tongchou.migration_phase', $1, true)`, [phaseOf(this)]);
      await super.up(runner);
    }
  };
  // TypeORM calls a migration by the name of its class where it has no other.
  Object.defineProperty(phased, 'name', { value: migration.name });
  return phased;
}
