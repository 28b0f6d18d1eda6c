import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The server during development; `npm run dev` proxies the API there. */
const server = process.env['TONGCHOU_SERVER'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  build: {
    // Chromium ≥ 90: what 360 and 奇安信 browsers bring in their fast mode.
    target: 'chrome90',
    manifest: true,
    modulePreload: { polyfill: false },
    // Charts are the largest chunk and load only where a page draws one.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': server } },
  test: { include: ['src/**/*.spec.{ts,tsx}'], environment: 'node' },
});
