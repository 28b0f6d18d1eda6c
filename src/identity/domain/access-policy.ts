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
  /** Whether the caller must have proved who they are within the last `stepUpMinutes`. */
  readonly stepUp: boolean;
}

/** Which roles the holder of a role may ask to give or take, and which they may confirm for somebody else. */
export interface Grant {
  readonly request: ReadonlySet<RoleCode>;
  readonly confirm: ReadonlySet<RoleCode>;
}

/** What the policy says beside roles and rows. */
export interface SignInRules {
  readonly grants: ReadonlyMap<RoleCode, Grant>;
  /** Users who hold only these roles need no second factor. */
  readonly factorExempt: ReadonlySet<RoleCode>;
  readonly stepUpMinutes: number;
}

export interface RoleText {
  readonly code: RoleCode;
  readonly zh: string;
  readonly en: string;
}

const NO_RULES: SignInRules = { grants: new Map(), factorExempt: new Set(), stepUpMinutes: 0 };

/** The whole policy, checked; answers the questions that are asked at run time. */
export class AccessPolicy {
  private readonly byRoute: ReadonlyMap<string, AccessRow>;
  private readonly byRole = new Map<RoleCode, ReadonlySet<string>>();

  constructor(
    readonly roles: readonly RoleText[],
    readonly rows: readonly AccessRow[],
    /** Pairs that nobody may hold together. */
    readonly exclusive: readonly (readonly [RoleCode, RoleCode])[],
    private readonly rules: SignInRules = NO_RULES,
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

  /** How long a proof of who one is counts on rows that ask for one. */
  get stepUpMinutes(): number {
    return this.rules.stepUpMinutes;
  }

  /** Whether a user of these roles needs a second factor where the installation requires one; without a role, yes. */
  needsFactor(roles: readonly RoleCode[]): boolean {
    return roles.length === 0 || roles.some((role) => !this.rules.factorExempt.has(role));
  }

  /** The first of the roles that somebody with `held` may not ask for, or not confirm; undefined when they may do all. */
  notGrantable(
    held: readonly RoleCode[],
    step: 'request' | 'confirm',
    roles: readonly RoleCode[],
  ): RoleCode | undefined {
    return roles.find((role) => !held.some((own) => this.rules.grants.get(own)?.[step].has(role)));
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

/** A proof that is older than a shift proves nothing. */
const MAX_STEP_UP_MINUTES = 480;
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
  return new AccessPolicy(roles, rows, exclusive, parseRules(document, known));
}

function parseRules(document: Record<string, unknown>, known: ReadonlySet<string>): SignInRules {
  const rolesOf = (value: unknown, where: string): ReadonlySet<string> => {
    const codes = list(value, where).map((code) => text(code, where));
    const unknown = codes.find((code) => !known.has(code));
    if (unknown !== undefined) throw new Error(`${where}: unknown role ${unknown}`);
    return new Set(codes);
  };
  const grants = Object.entries(record(document['grants'] ?? {}, 'grants')).map(([role, value]) => {
    if (!known.has(role)) throw new Error(`grants: unknown role ${role}`);
    const grant = record(value, `grants.${role}`);
    return [role, { request: rolesOf(grant['request'], role), confirm: rolesOf(grant['confirm'], role) }] as const;
  });
  const factor = record(document['second-factor'] ?? { exempt: [] }, 'second-factor');
  const minutes = record(document['step-up'] ?? { minutes: 0 }, 'step-up')['minutes'];
  if (typeof minutes !== 'number' || !Number.isInteger(minutes) || minutes < 0 || minutes > MAX_STEP_UP_MINUTES) {
    throw new Error(`step-up: minutes is a whole number up to ${String(MAX_STEP_UP_MINUTES)}`);
  }
  return {
    grants: new Map(grants),
    factorExempt: rolesOf(factor['exempt'], 'second-factor'),
    stepUpMinutes: minutes,
  };
}

function parseRow(key: string, source: unknown, known: ReadonlySet<string>): AccessRow {
  const match = METHODS.exec(key);
  if (match === null) throw new Error(`${key}: a row is named "METHOD /api/path"`);
  const [, method = '', path = ''] = match;
  const row = record(source, key);
  for (const member of Object.keys(row)) {
    if (!['access', 'permission', 'roles', 'scope', 'step-up'].includes(member))
      throw new Error(`${key}: unknown member ${member}`);
  }
  const stepUp = row['step-up'] ?? false;
  if (typeof stepUp !== 'boolean') throw new Error(`${key}: step-up is true or absent`);
  if (row['access'] !== undefined) {
    const access = text(row['access'], key);
    if (access !== 'public' && access !== 'signed-in') throw new Error(`${key}: unknown access ${access}`);
    if (row['permission'] !== undefined || row['roles'] !== undefined) throw new Error(`${key}: access stands alone`);
    if (stepUp && access === 'public') throw new Error(`${key}: nobody has proved anything on a public route`);
    const roles = access === 'public' ? new Set<string>() : known;
    return { method, path, access, permission: null, roles, scope: 'none', stepUp };
  }
  const permission = text(row['permission'], key);
  const roles = list(row['roles'], key).map((role) => text(role, key));
  const unknown = roles.find((role) => !known.has(role));
  if (unknown !== undefined) throw new Error(`${key}: unknown role ${unknown}`);
  if (roles.length === 0) throw new Error(`${key}: a row without a role lets nobody in`);
  const scope = text(row['scope'], key);
  if (!SCOPES.includes(scope)) throw new Error(`${key}: unknown scope ${scope}`);
  return { method, path, access: 'permission', permission, roles: new Set(roles), scope: scope as Scope, stepUp };
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
