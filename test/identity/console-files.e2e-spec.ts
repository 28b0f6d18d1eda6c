import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tongchou-console-'));
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__"><div id="root"></div>');
  writeFileSync(join(dir, 'assets', 'main-abc.js'), 'void 0;');
  writeFileSync(join(dir, '..', 'outside.txt'), 'secret');
  app = await createTestApp({ env: { CONSOLE_DIR: dir } });
}, 120_000);

afterAll(async () => {
  await app.close();
  delete process.env['CONSOLE_DIR'];
  rmSync(dir, { recursive: true });
  rmSync(join(dir, '..', 'outside.txt'));
});

describe('the console', () => {
  it.each(['/', '/month-settlements', '/month-settlements/7/lines'])(
    'is served at %s with a nonce of its own',
    async (path) => {
      const first = await app.http().get(path).expect(200).expect('content-type', 'text/html; charset=utf-8');
      const second = await app.http().get(path).expect(200);
      const nonce = /nonce="([^"]+)"/.exec(first.text)?.[1];
      expect(first.text).not.toContain('__CSP_NONCE__');
      expect(second.text).not.toBe(first.text);
      const policy = String(first.headers['content-security-policy']);
      expect(policy).toContain(`style-src 'self' 'nonce-${String(nonce)}'`);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("script-src 'self';");
      expect(first.headers['cache-control']).toBe('no-store');
    },
  );

  it('lets files with a hash in their name be kept, and nothing outside its folder be read', async () => {
    const { headers } = await app.http().get('/assets/main-abc.js').expect(200);
    expect(headers['cache-control']).toContain('immutable');
    expect(headers['x-content-type-options']).toBe('nosniff');
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/assets/..%2f..%2foutside.txt',
      '/..%5coutside.txt',
    ]) {
      const { status, text } = await app.http().get(path);
      expect([path, status >= 400 && status < 500, text.includes('secret')]).toEqual([path, true, false]);
    }
  });

  it('does not answer for the API, nor for missing files, nor to other methods', async () => {
    await app
      .http()
      .get('/api/nothing')
      .expect(404)
      .expect('content-type', /problem\+json/);
    await app.http().get('/assets/missing.js').expect(404);
    await app.http().post('/month-settlements').expect(404);
  });

  it('has its interface explained by a local page', async () => {
    const { text, headers } = await app.http().get('/api/docs').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(text.match(/(src|href)="(https?:)?\/\/[^"]*"/g)).toBeNull();
    const script = await app.http().get('/api/docs/swagger-ui-bundle.js').expect(200);
    expect(script.text.length).toBeGreaterThan(100_000);
    const { body } = await app.http().get('/api/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    expect(body.paths['/api/v1/auth/login'].post.responses['200']).toBeDefined();
  });
});
