import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newTraceId, requestTraceId, type Span, startRequestSpan } from '../tracing/index.js';
import { Settings } from '../config/index.js';
import { HttpError, httpErrors } from './http-error.js';
import { sendProblem } from './problem.filter.js';
import { preferredLanguage, type RequestContext, runWithContext } from './request-context.js';
import { ServedRoutes } from './served-routes.js';
import { JSON_LIMITS, readStrictJson } from './strict-json.js';

const REQUEST_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 16_384;

declare module 'fastify' {
  interface FastifyRequest {
    context: RequestContext;
    /** What is being timed of this request; undefined while traces are off. */
    span: Span | undefined;
    /** The code of the refusal that answers this request. */
    problem: string | undefined;
  }
}

/** Nest's Fastify adapter with our own reader of bodies instead of the permissive default ones. */
export class StrictFastifyAdapter extends FastifyAdapter {
  readonly routes = new ServedRoutes();

  // Nest would add its JSON and form parsers at start; only the strict reader may read a body.
  override registerParserMiddleware(): void {
    return;
  }

  /** What answers a request that no route takes; set before `init`, and not replaced by Nest's own. */
  unknownRoute: ((request: FastifyRequest, reply: FastifyReply) => unknown) | undefined;

  override setNotFoundHandler(
    ...args: Parameters<FastifyAdapter['setNotFoundHandler']>
  ): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    const { unknownRoute } = this;
    if (unknownRoute === undefined) return super.setNotFoundHandler(...args);
    return super.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => unknownRoute(request, reply));
  }
}

/** Builds the HTTP server: limits, request id and context, strict JSON, problem+json also for faults before routing. */
export function createAdapter({ trustedProxies, maxConnections } = new Settings(process.env)): StrictFastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    logger: false,
    exposeHeadRoutes: false,
    // X-Forwarded-For is believed from these only; without any, the address is the socket's (ASVS 4.1.3).
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit: JSON_LIMITS.bytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A request that still arrives while the server ends is answered like any other, and its connection closed.
    return503OnClosing: false,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    genReqId: (request) => requestTraceId(request.headers['traceparent']),
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, request, reply);
    },
    clientErrorHandler: answerSocketError,
  };
  const adapter = new StrictFastifyAdapter(options);
  const fastify = adapter.getInstance<FastifyInstance>();
  // Node closes what comes above it; without a limit slow senders could use up the process's file descriptors.
  fastify.server.maxConnections = maxConnections;
  fastify.addHook('onRoute', (route) => {
    adapter.routes.add(route.method, route.url);
  });
  addContext(fastify);
  addStrictJson(fastify);
  return adapter;
}

function addContext(fastify: FastifyInstance): void {
  fastify.decorateRequest('context');
  fastify.decorateRequest('span', undefined);
  fastify.decorateRequest('problem', undefined);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.context = { traceId: request.id, language: preferredLanguage(request.headers['accept-language']) };
    request.span = startRequestSpan(request.method, request.id, request.headers['traceparent']);
    void reply.header('x-trace-id', request.id);
    enter(request, done);
  });
  // Reading the body leaves the asynchronous context of the request; it is entered again before the handler.
  fastify.addHook('preValidation', (request, _reply, done) => {
    enter(request, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    endSpan(request, reply.statusCode);
    done();
  });
}

function enter({ context, span }: FastifyRequest, done: () => void): void {
  runWithContext(context, () => {
    if (span === undefined) done();
    else span.run(done);
  });
}

// The route pattern, not the path: a path holds ids.
function endSpan({ method, routeOptions, span, problem }: FastifyRequest, status: number): void {
  if (span === undefined) return;
  const route = routeOptions.url ?? 'none';
  span.rename(`${method} ${route}`);
  span.add({ 'http.route': route, 'http.response.status_code': status });
  if (problem !== undefined) span.add({ 'tongchou.problem': problem });
  if (status >= 500) span.fail(problem ?? String(status));
  span.end();
}

function addStrictJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if ((charset !== undefined && charset.toLowerCase() !== 'utf-8') || encoding !== 'identity') {
        throw new HttpError(httpErrors['media-type'], 415);
      }
      done(null, readStrictJson(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

const SOCKET_STATUS: Readonly<Record<string, [number, string, keyof typeof httpErrors]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'bad-request'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'bad-request'],
};

/** Requests that are not HTTP never reach Fastify's routing; they get a minimal problem on the bare socket. */
function answerSocketError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, name] = SOCKET_STATUS[error.code ?? ''] ?? [400, 'Bad Request', 'bad-request'];
  const definition = httpErrors[name];
  const body = JSON.stringify({
    type: `urn:tongchou:problem:${definition.code}`,
    title: definition.code,
    status,
    detail: definition.zh,
    code: definition.code,
    traceId: newTraceId(),
  });
  socket.end(
    `HTTP/1.1 ${String(status)} ${reason}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
  );
}
