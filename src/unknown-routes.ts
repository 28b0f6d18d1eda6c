import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError, httpErrors, sendProblem, type StrictFastifyAdapter } from './common/http/index.js';
import { sendConsolePage } from './console-files.js';

/**
 * What happens where no route matches: 405 with `Allow` when only the method is wrong, the console's page for a path that a
 * browser opens (its router knows the rest), else 404 – all as problem+json.
 */
export function answerUnknownRoutes(adapter: StrictFastifyAdapter): void {
  const fastify = adapter.getInstance<FastifyInstance>();
  adapter.unknownRoute = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = adapter.routes.methodsOf(path);
    if (allowed.length > 0) {
      const allow = allowed.join(', ');
      sendProblem(new HttpError(httpErrors['method-not-allowed'], 405, { allow }, { allow }), request, reply);
      return reply;
    }
    const isPage = request.method === 'GET' && !path.startsWith('/api') && !/\.\w+$/.test(path);
    if (isPage && sendConsolePage(fastify, reply)) return reply;
    sendProblem(new HttpError(httpErrors['no-route'], 404), request, reply);
    return reply;
  };
}
