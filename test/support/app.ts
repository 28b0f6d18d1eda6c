import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { cloneDatabase, type TestDatabase } from './database.js';

/** The whole application on a database of its own, listening on a port that the operating system chose. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  /** e.g. `http://127.0.0.1:40123` */
  readonly baseUrl: string;
  /** supertest over the running server: `http().get('/api/health/live').expect(200)`. */
  http(): ReturnType<typeof request>;
  /** A provider of the application, e.g. a facade. */
  get: INestApplicationContext['get'];
  /** Shuts the application down and drops the database. */
  close(): Promise<void>;
}

/** What a test may change before the application is loaded. */
export interface TestAppOptions {
  /** Start on this database instead of a fresh copy of the template; the caller drops it. */
  readonly database?: TestDatabase;
  /** Environment variables of this application. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Boots AppModule exactly as main.ts does, except for the port. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await cloneDatabase());
  Object.assign(process.env, options.env, { DATABASE_URL: database.url });
  // Loaded here and not above, so that the environment is set before any module reads it.
  const { AppModule } = await import('../../src/app.module.js');
  const { configureApp, createAdapter } = await import('../../src/configure-app.js');
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, createAdapter(), {
    bufferLogs: false,
    logger: process.env['LOG_LEVEL'] === 'silent' ? false : undefined,
    abortOnError: false,
  });
  try {
    await configureApp(app);
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    // An application that refuses to start must not keep its connections, or Jest waits for them for ever.
    await app.close();
    if (options.database === undefined) await database.drop();
    throw error;
  }
  const server: Server = app.getHttpServer();
  const baseUrl = await app.getUrl();
  return {
    app,
    database,
    baseUrl,
    http: () => request(server),
    get: app.get.bind(app),
    close: async () => {
      await app.close();
      if (options.database === undefined) await database.drop();
    },
  };
}
