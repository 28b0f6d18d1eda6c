import type { AccessPolicy, RoleCode } from './access-policy.js';
import type { Actor } from './actor.js';
import { coversArea } from './user-rule.js';

/** A change of roles and scope, as far as the rule needs it. */
export interface ProposedRoles {
  readonly rolesBefore: readonly RoleCode[];
  readonly roles: readonly RoleCode[];
  readonly areaCode: string;
}

/**
 * What somebody would give or take beyond their own: the first such role or area, undefined when nothing (F31).
 *
 * Nobody who administers rights holds the rights they give away; what a security administrator "has" is the right to give.
 * It has two edges: the roles that `grants` of the policy names for the step, before and after the change, and the own area.
 */
export function beyondOwn(
  policy: AccessPolicy,
  actor: Pick<Actor, 'roles' | 'wholePool' | 'poolArea' | 'areaCodes'>,
  step: 'request' | 'confirm',
  proposed: ProposedRoles,
): string | undefined {
  const role = policy.notGrantable(actor.roles, step, [...proposed.rolesBefore, ...proposed.roles]);
  if (role !== undefined) return role;
  return coversArea(actor, proposed.areaCode) ? undefined : proposed.areaCode;
}
