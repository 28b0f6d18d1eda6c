import type { QueryRunner } from 'typeorm';
import type { PhasedMigration } from './phase.js';

/**
 * Each migration says whether servers of the version before may go on serving beside it. Rows of before get `contract`;
 * every server that reads this column knows them all.
 */
const PHASE = `
  ALTER TABLE schema_migration
    ADD COLUMN phase text NOT NULL DEFAULT 'contract',
    ADD CONSTRAINT ck_schema_migration_phase CHECK (phase IN ('expand', 'contract'));
  ALTER TABLE schema_migration
    ALTER COLUMN phase SET DEFAULT coalesce(nullif(current_setting('tongchou.migration_phase', true), ''), 'contract');
`;

export class Operations1700000000013 implements PhasedMigration {
  readonly name = 'Operations1700000000013';
  readonly phase = 'expand';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PHASE);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}
