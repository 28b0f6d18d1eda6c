import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HttpError, httpErrors } from '../common/http/index.js';
import type { Actor } from './domain/actor.js';

/** The actor of the request, as a parameter of a handler: `list(@CurrentActor() actor: Actor)`. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<FastifyRequest>();
  if (actor === undefined) throw new HttpError(httpErrors.unauthenticated, 401);
  return actor;
});
