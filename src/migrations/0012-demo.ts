import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A demonstration region is as large as a scale says, in the notation of maps ("1:200"), and has as many years before last
 * year as were asked for. The scale used to be a factor of a region of some twelve thousand persons, that is of 1 : 200.
 */
export class Demo1700000000012 implements MigrationInterface {
  readonly name = 'Demo1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE demo_region ALTER COLUMN scale TYPE text
        USING '1:' || least(2000, greatest(1, round(200 / scale)))::int::text;
      ALTER TABLE demo_region ADD COLUMN years text NOT NULL DEFAULT 'none';
      ALTER TABLE demo_region ALTER COLUMN years DROP DEFAULT;
      ALTER TABLE demo_region ADD CONSTRAINT demo_region_ck_scale CHECK (scale ~ '^1:[1-9][0-9]{0,3}$');
      ALTER TABLE demo_region ADD CONSTRAINT demo_region_ck_years CHECK (years ~ '^(none|[0-9]{4}-[0-9]{4})$')`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
