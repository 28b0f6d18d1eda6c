import type { FastifyInstance } from 'fastify';
import { rootLogger } from './common/logging/index.js';
import type { ServedRoutes } from './common/http/index.js';
import type { AccessPolicy } from './identity/index.js';

/** Pages that explain the interface; they are files, not controllers, and hold no data. */
const DOCUMENTATION = /^\/api\/docs(\/|$)/;

/** Served routes that policy/access.yaml does not know, as `GET /api/v1/…`. */
export function routesWithoutRow(routes: ServedRoutes, policy: AccessPolicy): string[] {
  return routes
    .under('/api/')
    .filter(({ method, url }) => !DOCUMENTATION.test(url) && policy.rowOf(method, url) === undefined)
    .map(({ method, url }) => `${method} ${url}`);
}

/**
 * A route that was forgotten in the policy is refused to everybody at run time; in tests and CI the server does not even
 * start, so that it is noticed before it is shipped.
 */
export function requireAccessRows(fastify: FastifyInstance, routes: ServedRoutes, policy: AccessPolicy): void {
  fastify.addHook('onReady', (done) => {
    const missing = routesWithoutRow(routes, policy);
    const strict = process.env['NODE_ENV'] === 'test' || process.env['CI'] !== undefined;
    if (missing.length === 0) {
      done();
    } else if (strict) {
      done(new Error(`policy/access.yaml has no row for: ${missing.join(', ')}`));
    } else {
      rootLogger().error({ routes: missing }, 'routes without a row in policy/access.yaml are refused to everybody');
      done();
    }
  });
}
