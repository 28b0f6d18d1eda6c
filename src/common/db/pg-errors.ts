const UNIQUE_VIOLATION = '23505';

/** The SQLSTATE of an error that PostgreSQL sent, also through TypeORM's wrapper; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = property(error, 'code') ?? property(property(error, 'driverError'), 'code');
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The name of the constraint that refused a row, so that it can be told to the caller in words. */
export function constraintOf(error: unknown): string | undefined {
  const name = property(error, 'constraint') ?? property(property(error, 'driverError'), 'constraint');
  return typeof name === 'string' ? name : undefined;
}

/** Whether a row was refused because its key is there already, by the named constraint where one is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlState(error) === UNIQUE_VIOLATION && (constraint === undefined || constraintOf(error) === constraint);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
