import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every version of a benefit policy that this installation has ever loaded, whole: a settlement of years ago can be
 * replayed under the rules that it was settled by, although the file has changed since. Insert only for the server.
 */
export class Benefits1700000000006 implements MigrationInterface {
  readonly name = 'Benefits1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VERSION);
    await runner.query('GRANT SELECT, INSERT ON benefit_policy_version TO tongchou_app');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

const VERSION = `
CREATE TABLE benefit_policy_version (
  pool_area text NOT NULL,
  version text NOT NULL,
  policy_id text NOT NULL,
  scheme text NOT NULL,
  valid daterange NOT NULL,
  document jsonb NOT NULL,
  first_loaded_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT benefit_policy_version_pk PRIMARY KEY (pool_area, version),
  CONSTRAINT benefit_policy_version_ck_scheme CHECK (scheme IN ('310', '390')),
  CONSTRAINT benefit_policy_version_ck_version CHECK (version LIKE policy_id || '@%'),
  CONSTRAINT benefit_policy_version_ck_valid CHECK (NOT isempty(valid) AND NOT lower_inf(valid))
)`;
