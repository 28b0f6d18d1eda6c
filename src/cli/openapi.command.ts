import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { createAdapter } from '../configure-app.js';
import { buildOpenApi, setApiPrefix } from '../openapi.js';
import { type Command, print } from './command.js';

/** Made in preview mode: the modules are read, nothing is connected. */
export const openApiCommand: Command = {
  name: 'openapi',
  about: 'print the OpenAPI 3.1 document',
  async run() {
    const app = await NestFactory.create<NestFastifyApplication>(AppModule, createAdapter(), {
      preview: true,
      logger: false,
      abortOnError: false,
    });
    setApiPrefix(app);
    print(JSON.stringify(buildOpenApi(app), null, 2));
    return 0;
  },
};
