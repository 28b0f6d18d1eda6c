import type { FastifyInstance } from 'fastify';

/**
 * Headers of every answer, also of errors (ASVS 3.4). The strict policy fits the API, which is never a page; pages set
 * their own `content-security-policy` before it.
 */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    void reply.headers(EVERYWHERE);
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', API_POLICY);
    // Answers hold personal data; only files of the console may be kept by a browser, and they say so themselves.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
