import type { AccessPolicy, RoleCode } from './access-policy.js';
import type { Actor } from './actor.js';

/** The role that users of providers hold, and nobody else. */
const PROVIDER_ROLE = 'provider';

/** Why a set of roles may not be given to a user; undefined when it may. */
export type RoleRefusal =
  | { readonly why: 'unknown'; readonly role: RoleCode }
  | { readonly why: 'exclusive'; readonly one: RoleCode; readonly other: RoleCode }
  | { readonly why: 'provider' };

/**
 * Separation of duties at the moment roles are given: only known roles, no two that exclude each other, and the provider's
 * role exactly for users of a provider.
 */
export function refuseRoles(
  policy: AccessPolicy,
  roles: readonly RoleCode[],
  providerId: string | null,
): RoleRefusal | undefined {
  const unknown = roles.find((role) => !policy.isRole(role));
  if (unknown !== undefined) return { why: 'unknown', role: unknown };
  const pair = policy.conflictIn(roles);
  if (pair !== undefined) return { why: 'exclusive', one: pair[0], other: pair[1] };
  const isProvider = roles.includes(PROVIDER_ROLE);
  if (isProvider !== (providerId !== null)) return { why: 'provider' };
  return undefined;
}

/** Whether an administrator may put a user into an area: the own one or below. */
export function coversArea(actor: Pick<Actor, 'wholePool' | 'poolArea' | 'areaCodes'>, areaCode: string): boolean {
  if (actor.wholePool) return areaCode === actor.poolArea || areaCode.startsWith(actor.poolArea.slice(0, 4));
  return actor.areaCodes.some((own) => areaCode.startsWith(own));
}
