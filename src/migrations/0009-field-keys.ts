import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the database knows of the keys of encrypted columns: never a key, only a check value by which a wrong one is seen
 * before anything is written with it. One key of a use and purpose is current; the others still open what they sealed.
 */
export class FieldKeys1700000000009 implements MigrationInterface {
  name = 'FieldKeys1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE field_key (
        id integer NOT NULL,
        use text NOT NULL,
        purpose text NOT NULL,
        version integer NOT NULL,
        check_value bytea NOT NULL,
        state text NOT NULL DEFAULT 'current',
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT field_key_pk PRIMARY KEY (id),
        CONSTRAINT field_key_uq_version UNIQUE (use, purpose, version),
        CONSTRAINT field_key_ck_id CHECK (id BETWEEN 1 AND 65535),
        CONSTRAINT field_key_ck_use CHECK (use IN ('data', 'index')),
        CONSTRAINT field_key_ck_version CHECK (version > 0),
        CONSTRAINT field_key_ck_check_value CHECK (length(check_value) = 8),
        CONSTRAINT field_key_ck_state CHECK (state IN ('current', 'old', 'retired'))
      )`);
    await runner.query(`CREATE UNIQUE INDEX field_key_uq_current ON field_key (use, purpose) WHERE state = 'current'`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON field_key TO tongchou_app');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
