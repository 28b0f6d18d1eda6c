import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Settings } from './common/config/index.js';
import { closeConnectionsWhileStopping, Readiness } from './common/health/index.js';
import { ProblemFilter, StrictFastifyAdapter, validationPipe } from './common/http/index.js';
import { configureLogger, PinoLoggerService } from './common/logging/index.js';
import { Metrics } from './common/metrics/index.js';
import { serveConsole } from './console-files.js';
import { AccessPolicy } from './identity/index.js';
import { serveOpenApi, setApiPrefix } from './openapi.js';
import { logRequests } from './request-log.js';
import { requireAccessRows } from './route-check.js';
import { answerUnknownRoutes } from './unknown-routes.js';
import { addSecurityHeaders } from './security-headers.js';

export { createAdapter } from './common/http/index.js';

const UPLOAD_BYTES = 32 * 1024 * 1024;

/** Everything between the modules and `listen`: the same for the server, for tests and for the OpenAPI command. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const settings = app.get(Settings);
  configureLogger(settings.logLevel);
  app.useLogger(new PinoLoggerService());
  setApiPrefix(app);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(validationPipe());

  const adapter = app.getHttpAdapter() as unknown as StrictFastifyAdapter;
  const fastify = adapter.getInstance<FastifyInstance>();
  addSecurityHeaders(fastify);
  closeConnectionsWhileStopping(fastify, app.get(Readiness));
  logRequests(fastify, app.get(Metrics));
  await fastify.register(multipart, {
    limits: { fileSize: UPLOAD_BYTES, files: 1, fields: 10, fieldSize: 1_000, parts: 12, headerPairs: 50 },
  });
  serveOpenApi(app, fastify);
  await serveConsole(fastify, settings.consoleDir);
  answerUnknownRoutes(adapter);
  requireAccessRows(fastify, adapter.routes, app.get(AccessPolicy));
}
