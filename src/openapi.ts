import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { type AccessPolicy, loadAccessPolicy } from './identity/index.js';

const DOCS_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** Routes that stand outside the versioned interface, because machines of the operator ask for them. */
const UNVERSIONED = ['api/health/live', 'api/health/ready', 'api/metrics'];

/** Puts every room's routes under /api/v1; a controller names only what comes after. */
export function setApiPrefix(app: INestApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: UNVERSIONED });
}

/** The OpenAPI 3.1 document of the running application, with members in a stable order. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Tongchou 统筹')
    .setDescription(
      'Core of a prefecture’s basic medical insurance. Money is decimal text in yuan ("7595.62"); days are YYYY-MM-DD; ' +
        'errors are problem+json with permanent codes.',
    )
    .setVersion('v1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, base);
  const schemas = { ...document.components?.schemas, Problem: PROBLEM };
  const paths = withAccess(document.paths, loadAccessPolicy());
  return { ...document, paths: sorted(paths), components: { ...document.components, schemas } };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457; every answer of 400 and above. Codes: docs/errors.md.',
  required: ['type', 'title', 'status', 'detail', 'code', 'traceId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'in Chinese, or in English by Accept-Language' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'permanent' },
    traceId: { type: 'string', description: 'stands in the log and in the audit trail' },
    errors: { type: 'array', items: { type: 'object' }, description: 'all faults of the input' },
  },
};

/** Adds to every operation what it answers when it refuses, and who may call it, from the access policy. */
function withAccess(paths: OpenAPIObject['paths'], policy: AccessPolicy): OpenAPIObject['paths'] {
  const refusal = {
    description: 'Refused',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      operation.responses = { ...operation.responses, default: refusal };
      const row = policy.rowOf(method.toUpperCase(), path);
      operation.security = row?.access === 'public' ? [] : [{ bearer: [] }];
      const access = { permission: row?.permission ?? row?.access ?? null, scope: row?.scope ?? null };
      Object.assign(operation, { 'x-access': access });
    }
  }
  return paths;
}

/** Serves the document at /api/openapi.json and a local page over it at /api/docs; nothing is loaded from elsewhere. */
export function serveOpenApi(app: INestApplication, fastify: FastifyInstance): void {
  let document: OpenAPIObject | undefined;
  const build = (): OpenAPIObject => (document ??= buildOpenApi(app));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/api/docs')) void reply.header('content-security-policy', DOCS_POLICY);
    done();
  });
  fastify.get('/api/openapi.json', (_request, reply) => reply.header('content-type', 'application/json').send(build()));
  SwaggerModule.setup('api/docs', app, build, { raw: false, customSiteTitle: 'Tongchou API' });
}

function sorted<T>(members: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)));
}
