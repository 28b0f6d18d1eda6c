import type { Actor } from './actor.js';

/** The columns of a query that say to whom a row belongs. A column that is not named cannot let anybody in. */
export interface ScopeColumns {
  /** Column with the pooling area; leave it out only where the query compares it already. */
  readonly pool?: string;
  /** Column with the area code of the row (county or below). */
  readonly area?: string;
  /** Column with the institution of the row. */
  readonly provider?: string;
}

/** A condition for WHERE and its parameters, numbered from the index that was given. */
export interface ScopeSql {
  readonly sql: string;
  readonly params: readonly string[];
}

const COLUMN = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

/**
 * The filter that every list and every get-by-id puts into its WHERE, so that what is out of scope is simply not there
 * (404, no difference to something that does not exist). Areas are compared by the leading digits of the national code:
 * 331102 (county) holds 331102001 (town) and so on.
 *
 * @param firstIndex number of the first placeholder, 1 when the scope's parameters come first
 */
export function scopeSql(actor: Actor, columns: ScopeColumns, firstIndex = 1): ScopeSql {
  for (const column of [columns.pool, columns.area, columns.provider]) {
    if (column !== undefined && !COLUMN.test(column)) throw new Error(`not a column name: ${column}`);
  }
  const params: string[] = [];
  const next = (value: string): string => {
    params.push(value);
    return `$${String(firstIndex + params.length - 1)}`;
  };
  const conditions: string[] = columns.pool === undefined ? ['true'] : [`${columns.pool} = ${next(actor.poolArea)}`];
  if (actor.providerId !== null) {
    conditions.push(columns.provider === undefined ? 'false' : `${columns.provider} = ${next(actor.providerId)}::uuid`);
  } else if (!actor.wholePool) {
    const { area } = columns;
    const within = actor.areaCodes.map((code) =>
      area === undefined ? 'false' : `starts_with(${area}, ${next(code)})`,
    );
    conditions.push(within.length === 0 ? 'false' : `(${within.join(' OR ')})`);
  }
  return { sql: `(${conditions.join(' AND ')})`, params };
}
