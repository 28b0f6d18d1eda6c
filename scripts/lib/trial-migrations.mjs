/** Migrations that exist in the trial of upgrades only; each is a class as src/migrations has them. */

/** Statements of the migration that fails, and after each of which it is made to fail once. */
const SECOND = [
  'CREATE TABLE trial_second (id int CONSTRAINT trial_second_pk PRIMARY KEY)',
  'ALTER TABLE trial_first ADD COLUMN note text',
  'INSERT INTO trial_second SELECT generate_series(1, 10)',
];
export const STATEMENTS = SECOND.length;

/** Adds what an old server does not notice: a table, a column with a default on a busy table, an index. */
export class widening {
  name = 'Widening1799000000001';
  phase = 'expand';

  async up(runner) {
    await runner.query('CREATE TABLE trial_first (id int CONSTRAINT trial_first_pk PRIMARY KEY)');
    await runner.query(`ALTER TABLE visit ADD COLUMN trial_note text NOT NULL DEFAULT 'none'`);
    await runner.query('CREATE INDEX trial_note_ix ON visit (trial_note)');
  }

  async down() {
    throw new Error('migrations only go forward');
  }
}

/** One that fails after its n-th statement; with 0 it is mended. */
export function failing(after) {
  return class {
    name = 'Failing1799000000002';
    phase = 'expand';

    async up(runner) {
      for (const [index, statement] of SECOND.entries()) {
        await runner.query(statement);
        if (index + 1 === after) throw new Error('injected fault');
      }
    }

    async down() {
      throw new Error('migrations only go forward');
    }
  };
}

/** Takes something away that servers of before would want. */
export class breaking {
  name = 'Breaking1799000000003';
  phase = 'contract';

  async up(runner) {
    await runner.query('ALTER TABLE visit DROP COLUMN trial_note');
  }

  async down() {
    throw new Error('migrations only go forward');
  }
}
