/** The application without its HTTP server, in this process, on one database; loaded from the build. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../scripts/lib/process.mjs';

/** Keys of encrypted columns and of tokens: one folder for all databases of a run, which are copies of each other. */
export const DATA_DIR = mkdtempSync(join(tmpdir(), 'tongchou-bench-data-'));
process.once('exit', () => rmSync(DATA_DIR, { recursive: true, force: true }));

/** Something that dist/ exports, e.g. `built('claims/index.js')`. */
export const built = (file) => import(pathToFileURL(join(ROOT, 'dist', file)).href);

/** Environment of every process of a run. */
export function environment(url) {
  return {
    DATABASE_URL: url,
    DATA_DIR,
    SCHEDULES: 'off',
    LOG_LEVEL: 'error',
    NODE_ENV: 'production',
    SECOND_FACTOR: 'optional',
  };
}

/**
 * Runs `work` with the application connected to a database and closes it afterwards.
 * @template T
 * @param {string} url
 * @param {(app: import('@nestjs/common').INestApplicationContext) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withApplication(url, work) {
  Object.assign(process.env, environment(url));
  const { NestFactory } = await import('@nestjs/core');
  const { AppModule } = await built('app.module.js');
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'], abortOnError: false });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
