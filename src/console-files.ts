import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Stands in index.html where the page's own nonce goes; antd's styles are made at run time and carry it. */
const NONCE_PLACE = '__CSP_NONCE__';
const NONCE_BYTES = 16;

const pages = new WeakMap<FastifyInstance, string>();

/**
 * Serves the built console at `/`, when there is one. Files under assets/ carry a hash in their name and may be kept; the
 * page itself is made per request, with its nonce.
 */
export async function serveConsole(fastify: FastifyInstance, consoleDir: string): Promise<void> {
  const root = resolve(consoleDir);
  const page = join(root, 'index.html');
  if (!existsSync(page)) return;
  pages.set(fastify, readFileSync(page, 'utf8'));
  await fastify.register(fastifyStatic, {
    root,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  const servePage = (_request: unknown, reply: FastifyReply): FastifyReply => {
    sendConsolePage(fastify, reply);
    return reply;
  };
  fastify.get('/', servePage);
}

/** Sends the console's page; false when no console was built. */
export function sendConsolePage(fastify: FastifyInstance, reply: FastifyReply): boolean {
  const page = pages.get(fastify);
  if (page === undefined) return false;
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  void reply
    .code(200)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', pagePolicy(nonce))
    .send(page.replaceAll(NONCE_PLACE, nonce));
  return true;
}

function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
