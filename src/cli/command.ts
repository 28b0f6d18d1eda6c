import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { PinoLoggerService } from '../common/logging/index.js';

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the help text. */
  readonly about: string;
  /** Its arguments, for the help text. */
  readonly usage?: string;
  /** Does the work and returns the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

/**
 * Runs `work` with all rooms connected to the database but without a listening server and without schedules,
 * and closes everything afterwards.
 */
export async function withApplication<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  process.env['SCHEDULES'] = 'off';
  const app = await NestFactory.createApplicationContext(AppModule, {
    logger: new PinoLoggerService(),
    abortOnError: false,
  });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Writes one line to standard output; commands answer there, logs are for the log. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
