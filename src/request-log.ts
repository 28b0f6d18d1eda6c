import type { FastifyInstance } from 'fastify';
import { rootLogger } from './common/logging/index.js';
import type { Metrics } from './common/metrics/index.js';

const MS = 1_000;
/** Asked for every few seconds by machines; they would drown everything else. */
const QUIET = /^\/api\/(health|metrics)/;

/** One line for each answered request: who, what, outcome, time. The query string may hold names and is left out. */
export function logRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / MS);
    if (request.problem !== undefined) metrics.countProblem(request.problem, reply.statusCode);
    if (!QUIET.test(request.url)) {
      rootLogger().info(
        {
          traceId: request.id,
          actor: request.actor?.username ?? null,
          actorId: request.actor?.userId ?? null,
          method: request.method,
          path: readable(request.url.split('?', 1)[0] ?? ''),
          route,
          status: reply.statusCode,
          ...(request.problem === undefined ? {} : { code: request.problem }),
          ms: Math.round(reply.elapsedTime),
          ip: request.ip,
        },
        'request',
      );
    }
    done();
  });
}

// What stands in it percent-encoded would otherwise pass by the masking.
function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
