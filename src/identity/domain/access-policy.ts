/** The codes of the roles; their names and rights stand in policy/access.yaml. */
export type RoleCode = string;

/** Which filter an endpoint applies; see policy/access.yaml. */
export type Scope = 'none' | 'pool' | 'area' | 'provider';

/** One row of the policy: who may call one METHOD + route. */
export interface AccessRow {
  readonly method: string;
  /** Path with `{name}` parameters, as in OpenAPI. */
  readonly path: string;
  readonly access: 'public' | 'signed-in' | 'permission';
  readonly permission: string | null;
  readonly roles: ReadonlySet<RoleCode>;
  readonly scope: Scope;
}

export interface RoleText {
  readonly code: RoleCode;
  readonly zh: string;
  readonly en: string;
}

/** The whole policy, checked; answers the two questions that are asked at run time. */
export class AccessPolicy {
  private readonly byRoute: ReadonlyMap<string, AccessRow>;
  private readonly byRole = new Map<RoleCode, ReadonlySet<string>>();

  constructor(
    readonly roles: readonly RoleText[],
    readonly rows: readonly AccessRow[],
    private readonly exclusive: readonly (readonly [RoleCode, RoleCode])[],
  ) {
    this.byRoute = new Map(rows.map((row) => [routeKey(row.method, row.path), row]));
    for (const { code } of roles) {
      const held = rows.filter((row) => row.permission !== null && row.roles.has(code));
      this.byRole.set(code, new Set(held.map((row) => row.permission ?? '')));
    }
  }

  /** The row of a route, by the router's own pattern (`/persons/:id`) or OpenAPI's (`/persons/{id}`); undefined = refuse. */
  rowOf(method: string, pattern: string): AccessRow | undefined {
    return this.byRoute.get(routeKey(method, pattern));
  }

  /** All permissions of a set of roles. */
  permissionsOf(roles: readonly RoleCode[]): ReadonlySet<string> {
    return new Set(roles.flatMap((role) => [...(this.byRole.get(role) ?? [])]));
  }

  isRole(code: string): boolean {
    return this.byRole.has(code);
  }

  /** The first pair of roles in the set that nobody may hold together. */
  conflictIn(roles: readonly RoleCode[]): readonly [RoleCode, RoleCode] | undefined {
    return this.exclusive.find(([one, other]) => roles.includes(one) && roles.includes(other));
  }
}

function routeKey(method: string, pattern: string): string {
  return `${method} ${pattern.replace(/:(\w+)/g, '{$1}').replace(/\{\w+\}/g, '{}')}`;
}

const SCOPES: readonly string[] = ['none', 'pool', 'area', 'provider'];
const METHODS = /^(GET|POST|PUT|PATCH|DELETE) (\/api\/\S*)$/;

/**
 * Reads the parsed YAML. Throws an Error that names the row for anything unclear: an unknown role, a permission with
 * different roles in two rows, an unknown word – a policy that can be misread must not be served.
 */
export function parseAccessPolicy(source: unknown): AccessPolicy {
  const document = record(source, 'policy');
  const roles = Object.entries(record(document['roles'], 'roles')).map(([code, names]) => {
    const texts = record(names, code);
    return { code, zh: text(texts['zh'], code), en: text(texts['en'], code) };
  });
  const known = new Set(roles.map((role) => role.code));
  const rows = Object.entries(record(document['routes'], 'routes')).map(([key, row]) => parseRow(key, row, known));
  requireSameRoles(rows);
  const exclusive = list(document['exclusive'], 'exclusive').map((pair) => {
    const [one, other] = list(pair, 'exclusive').map((code) => text(code, 'exclusive'));
    if (one === undefined || other === undefined || !known.has(one) || !known.has(other)) {
      throw new Error('exclusive: each entry names two known roles');
    }
    return [one, other] as const;
  });
  return new AccessPolicy(roles, rows, exclusive);
}

function parseRow(key: string, source: unknown, known: ReadonlySet<string>): AccessRow {
  const match = METHODS.exec(key);
  if (match === null) throw new Error(`${key}: a row is named "METHOD /api/path"`);
  const [, method = '', path = ''] = match;
  const row = record(source, key);
  for (const member of Object.keys(row)) {
    if (!['access', 'permission', 'roles', 'scope'].includes(member))
      throw new Error(`${key}: unknown member ${member}`);
  }
  if (row['access'] !== undefined) {
    const access = text(row['access'], key);
    if (access !== 'public' && access !== 'signed-in') throw new Error(`${key}: unknown access ${access}`);
    if (row['permission'] !== undefined || row['roles'] !== undefined) throw new Error(`${key}: access stands alone`);
    return { method, path, access, permission: null, roles: access === 'public' ? new Set() : known, scope: 'none' };
  }
  const permission = text(row['permission'], key);
  const roles = list(row['roles'], key).map((role) => text(role, key));
  const unknown = roles.find((role) => !known.has(role));
  if (unknown !== undefined) throw new Error(`${key}: unknown role ${unknown}`);
  if (roles.length === 0) throw new Error(`${key}: a row without a role lets nobody in`);
  const scope = text(row['scope'], key);
  if (!SCOPES.includes(scope)) throw new Error(`${key}: unknown scope ${scope}`);
  return { method, path, access: 'permission', permission, roles: new Set(roles), scope: scope as Scope };
}

function requireSameRoles(rows: readonly AccessRow[]): void {
  const seen = new Map<string, string>();
  for (const row of rows) {
    if (row.permission === null) continue;
    const roles = [...row.roles].sort().join(',');
    const before = seen.get(row.permission);
    if (before !== undefined && before !== roles) {
      throw new Error(`${row.method} ${row.path}: permission ${row.permission} has other roles in another row`);
    }
    seen.set(row.permission, roles);
  }
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where}: expected a mapping`);
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where}: expected a list`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${where}: expected a text`);
  return value;
}
