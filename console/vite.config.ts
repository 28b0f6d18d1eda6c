import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The server during development; `npm run dev` proxies the API there. */
const server = process.env['TONGCHOU_SERVER'] ?? 'http://127.0.0.1:3000';
const WORTH_BYTES = 1024;
const BROTLI_QUALITY = 9;

/** Writes .br and .gz beside each asset, so that the server sends them as they are and compresses nothing itself. */
function precompress(): Plugin {
  let assets = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      assets = join(config.root, config.build.outDir, config.build.assetsDir);
    },
    closeBundle() {
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const file = join(assets, name);
        const content = readFileSync(file);
        if (content.length < WORTH_BYTES) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    // Chromium ≥ 90: what 360 and 奇安信 browsers bring in their fast mode.
    target: 'chrome90',
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': server } },
  test: { include: ['src/**/*.spec.{ts,tsx}'], environment: 'node' },
});
