import type { RoleCode } from './access-policy.js';

/** Who acts: made from the database for every request, never from claims in a token. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly roles: readonly RoleCode[];
  readonly permissions: ReadonlySet<string>;
  readonly poolArea: string;
  /** The area whose subtree the actor may see; the pool's own code when it is the whole pool. */
  readonly areaCodes: readonly string[];
  readonly wholePool: boolean;
  /** The institution a provider's user belongs to; null for the bureau. */
  readonly providerId: string | null;
  /** Whether only the own password may be changed until it has been (accounts made or reset by an administrator). */
  readonly mustChangePassword: boolean;
  /** Whether a second factor must be enrolled before anything else (or the session lacks the proof of one). */
  readonly factorMissing: boolean;
  /** Whether a second factor is enrolled. */
  readonly hasFactor: boolean;
  /** When the actor last proved who they are in this session, in milliseconds of the epoch; null for jobs. */
  readonly provedAtMs: number | null;
  /** The session the request came in; null for jobs. */
  readonly sessionId: string | null;
}

const SYSTEM_USER_ID = '00000000-0000-7000-8000-000000000000';

/** The actor of timed jobs and commands: the whole pool, no role, no sign-in. */
export function systemActor(poolArea: string): Actor {
  return {
    userId: SYSTEM_USER_ID,
    username: 'system',
    displayName: '系统',
    roles: [],
    permissions: new Set(),
    poolArea,
    areaCodes: [poolArea],
    wholePool: true,
    providerId: null,
    mustChangePassword: false,
    factorMissing: false,
    hasFactor: false,
    provedAtMs: null,
    sessionId: null,
  };
}

/** The client an idempotency key belongs to: all users of one provider share keys, of the bureau each has its own. */
export function clientIdOf(actor: Actor): string {
  return actor.providerId ?? actor.userId;
}
