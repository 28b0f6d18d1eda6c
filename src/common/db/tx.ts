import type { PoolClient } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import { tracedPart } from '../tracing/index.js';
import { statementName } from './statement-name.js';

/** A row as the driver returns it: int8 is bigint, date is text, numeric is text. */
export type Row = Record<string, unknown>;

/**
 * One open transaction (or one borrowed connection outside a transaction). Every function below a use case takes it
 * first; there is no second handle to the database.
 */
export interface Tx {
  /** Runs one parametrised statement and returns its rows. */
  query<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs a statement that PostgreSQL parses and plans once per connection under `name`; for statements of the hot path. */
  named<R extends object = Row>(name: string, sql: string, params: readonly unknown[]): Promise<R[]>;
  /** The only row; throws an Error when there is none or more than one – an internal promise was broken. */
  one<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R>;
  /** The only row, or undefined when there is none. */
  maybe<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R | undefined>;
  /** The ORM on the same connection, for administration of single records; not for bills, postings or sweeps. */
  readonly manager: EntityManager;
  /** The driver's client on the same connection, for COPY streams. */
  readonly client: PoolClient;
}

/** Builds the handle over a connected query runner. */
export function txOver(runner: QueryRunner, client: PoolClient): Tx {
  const rows = async <R extends object>(config: { text: string; values: unknown[]; name?: string }): Promise<R[]> => {
    const result = await tracedPart(
      'db.statement',
      () => ({ 'db.system.name': 'postgresql', 'db.query.summary': config.name ?? statementName(config.text) }),
      () => client.query<R>(config),
      'client',
    );
    return result.rows;
  };
  const tx: Tx = {
    query: (sql, params = []) => rows({ text: sql, values: [...params] }),
    named: (name, sql, params) => rows({ text: sql, values: [...params], name }),
    async one<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R> {
      const found = await tx.maybe<R>(sql, params);
      if (found === undefined) throw new Error(`expected one row, got none: ${firstWords(sql)}`);
      return found;
    },
    async maybe<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R | undefined> {
      const found = await tx.query<R>(sql, params);
      if (found.length > 1) throw new Error(`expected one row, got ${String(found.length)}: ${firstWords(sql)}`);
      return found[0];
    },
    manager: runner.manager,
    client,
  };
  return tx;
}

function firstWords(sql: string): string {
  return sql.trim().replace(/\s+/g, ' ').slice(0, 60);
}
