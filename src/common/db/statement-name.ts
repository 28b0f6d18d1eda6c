const VERB = /^\s*(?:--[^\n]*\n\s*)*([A-Za-z]+)/;
const TABLE = /\b(?:FROM|INTO|UPDATE|TABLE|JOIN)\s+(?:ONLY\s+)?([a-z_][a-z0-9_]*)/i;
const FUNCTION = /^\s*SELECT\s+(?:\*\s+FROM\s+)?([a-z_][a-z0-9_]*)\s*\(/i;

/** What a statement is called in a trace: its verb and its first table or function, e.g. `SELECT person`; never a value. */
export function statementName(sql: string): string {
  const verb = VERB.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';
  const subject = TABLE.exec(sql)?.[1] ?? FUNCTION.exec(sql)?.[1];
  return subject === undefined ? verb : `${verb} ${subject.toLowerCase()}`;
}
