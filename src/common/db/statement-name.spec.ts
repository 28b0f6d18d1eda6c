import { expect, it } from '@jest/globals';
import { statementName } from './statement-name.js';

it.each([
  ['SELECT * FROM person WHERE id = $1', 'SELECT person'],
  ['  select 1', 'SELECT'],
  ['INSERT INTO audit_event (a) VALUES ($1)', 'INSERT audit_event'],
  ['UPDATE job_run SET state = $1', 'UPDATE job_run'],
  ['DELETE FROM ONLY outbox_event', 'DELETE outbox_event'],
  ['WITH a AS (SELECT 1 FROM visit) SELECT * FROM a', 'WITH visit'],
  ['SELECT ensure_month_partitions($1)', 'SELECT ensure_month_partitions'],
  ['-- why\nLOCK TABLE person', 'LOCK person'],
  ['', 'SQL'],
])('the statement %j is called %s', (sql, name) => {
  expect(statementName(sql)).toBe(name);
});
