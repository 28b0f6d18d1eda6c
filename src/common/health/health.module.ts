import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Metrics } from '../metrics/index.js';
import { DatabaseFigures } from './database-figures.js';
import { Draining } from './draining.js';
import { HealthController } from './health.controller.js';
import { MachineFigures } from './machine-figures.js';
import { EXPECTED_MIGRATIONS, Readiness } from './readiness.js';
import { ServerFigures } from './server-figures.js';

/** Liveness, readiness, metrics and the orderly end. Metrics and readiness are global: every room can count and add a check. */
@Global()
@Module({})
export class HealthModule {
  static forMigrations(names: readonly string[]): DynamicModule {
    const expected = { provide: EXPECTED_MIGRATIONS, useValue: names };
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [Metrics, Readiness, ServerFigures, DatabaseFigures, MachineFigures, Draining, expected],
      exports: [Metrics, Readiness],
    };
  }
}
