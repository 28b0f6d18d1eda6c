import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import passport from 'passport';
import { DomainError } from '../common/errors/index.js';
import { HttpError, httpErrors } from '../common/http/index.js';
import { Clock } from '../common/time/index.js';
import { BearerStrategy } from './bearer.strategy.js';
import { type AccessRow, AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';
import { identityErrors } from './errors.js';

const MINUTE_MS = 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; absent on public routes. */
    actor?: Actor;
  }
}

/**
 * The guard of every route. Deny by default: without a row in policy/access.yaml a route answers 403, whatever the
 * token. Roles come from the database, so a right that was taken away is gone at once.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly policy: AccessPolicy,
    private readonly strategy: BearerStrategy,
    private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const row = this.policy.rowOf(request.method, request.routeOptions.url ?? '');
    if (row === undefined) throw new HttpError(httpErrors.forbidden, 403);
    if (row.access === 'public') return true;
    const actor = await this.authenticate(request, http.getResponse<FastifyReply>());
    request.actor = actor;
    if (row.access === 'permission') this.requirePermission(actor, row);
    if (row.stepUp) this.requireProof(actor);
    return true;
  }

  private requirePermission(actor: Actor, row: AccessRow): void {
    if (actor.mustChangePassword) throw new DomainError(identityErrors['password-change-first']);
    if (actor.factorMissing) throw new DomainError(identityErrors['second-factor-first']);
    if (!actor.permissions.has(row.permission ?? '')) {
      throw new HttpError(httpErrors.forbidden, 403);
    }
  }

  // ASVS 7.5.3: a session left open for a moment is not enough to pay a month or to give rights away.
  private requireProof(actor: Actor): void {
    const { stepUpMinutes } = this.policy;
    const { provedAtMs, hasFactor } = actor;
    if (provedAtMs !== null && this.clock.now().getTime() - provedAtMs <= stepUpMinutes * MINUTE_MS) return;
    const details = { proof: hasFactor ? 'code' : 'password', withinMinutes: stepUpMinutes };
    throw new DomainError(identityErrors['step-up-required'], { ...details, remedy: 'POST /api/v1/auth/proof' });
  }

  // The strategy is given as an instance, not by a name in passport's process-wide list: two servers in one process
  // (as in tests) would otherwise answer with each other's users.
  private authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, actor?: Actor | false | null): void => {
        if (error instanceof Error) reject(error);
        else if (actor === undefined || actor === false || actor === null) {
          reject(new HttpError(identityErrors['token-invalid'], 401, {}, { 'www-authenticate': 'Bearer' }));
        } else resolve(actor);
      };
      // Passport writes the callbacks of a request onto the instance it is given. Shared between requests under way at
      // the same time, one would be answered as the user of another; so each request gets its own.
      const strategy = Object.create(this.strategy) as BearerStrategy;
      const middleware = passport.authenticate(strategy, { session: false }, done) as (
        request: unknown,
        reply: unknown,
        next: (error?: unknown) => void,
      ) => void;
      middleware(request, reply, done);
    });
  }
}
