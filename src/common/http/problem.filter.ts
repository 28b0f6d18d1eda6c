import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rootLogger } from '../logging/index.js';
import { asDomainError, headersOf, problemOf, statusOf } from './problem.js';
import { preferredLanguage } from './request-context.js';

/** The one place where errors leave the system: every refusal of every route is problem+json. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** Answers with the problem of what was thrown; also used for faults that happen before a route is found. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = asDomainError(thrown);
  const status = statusOf(error);
  request.problem = error.code;
  if (status >= 500) {
    rootLogger().error({ traceId: request.id, code: error.code, err: describe(thrown) }, 'request failed');
  }
  if (reply.sent) return;
  const language = preferredLanguage(request.headers['accept-language']);
  const path = request.url.split('?', 1)[0] ?? '';
  void reply
    .code(status)
    .headers(headersOf(error))
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(problemOf(error, path, request.id, language));
}

// The message of a database error may quote the values of a row; its constraint and state say enough to find it.
function describe(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { type: typeof thrown };
  const { code, constraint, table } = thrown as Error & Record<'code' | 'constraint' | 'table', unknown>;
  const fromDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  return {
    type: thrown.name,
    ...(fromDatabase ? { sqlState: code, constraint, table, message: thrown.message } : { message: thrown.message }),
    stack: thrown.stack?.split('\n').slice(1, 12).join('\n'),
  };
}
