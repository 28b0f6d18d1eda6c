import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Settings } from './common/config/index.js';
import { logProcessEvents, PinoLoggerService, rootLogger } from './common/logging/index.js';
import { startTracing } from './common/tracing/index.js';
import { configureApp, createAdapter } from './configure-app.js';

async function main(): Promise<void> {
  logProcessEvents();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, createAdapter(), {
    logger: new PinoLoggerService(),
    abortOnError: false,
  });
  // SIGTERM and SIGINT: requests under way are answered, connections closed, exit code 0.
  app.enableShutdownHooks([], { useProcessExit: true });
  await configureApp(app);
  const settings = app.get(Settings);
  await traceAsConfigured(settings);
  const { host, port } = settings;
  await app.listen(port, host);
  rootLogger().info({ port }, 'listening');
}

function traceAsConfigured(settings: Settings): Promise<void> {
  return startTracing({
    endpoint: settings.otlpEndpoint,
    serviceName: settings.otelServiceName,
    version: settings.version,
    instance: settings.processId,
    sampleRatio: settings.traceRatio,
  });
}

main().catch((error: unknown) => {
  rootLogger().fatal(
    { err: error instanceof Error ? { message: error.message, stack: error.stack } : {} },
    'start failed',
  );
  process.exitCode = 1;
});
