import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEDGER_GUARDS, LEDGER_OWNERS, OUTBOX_AND_ANSWERS, OWNER_OF } from './0011-owner-keys.js';
import { SETTLE_COMMIT } from './0011-settle-commit.js';
import { TABLE_DISTRIBUTION, TABLE_DISTRIBUTION_ROWS } from './0011-table-distribution.js';

/**
 * Scale: the distribution key in every key of the books, of events and of answers; a register that says how each table is
 * spread; and the write of settlements, which touches nothing but tables of the person. See docs/scale.md.
 */
export class Scale1700000000011 implements MigrationInterface {
  readonly name = 'Scale1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    const steps = [OWNER_OF, LEDGER_OWNERS, LEDGER_GUARDS, OUTBOX_AND_ANSWERS, SETTLE_COMMIT];
    for (const sql of [...steps, TABLE_DISTRIBUTION, TABLE_DISTRIBUTION_ROWS]) await runner.query(sql);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
