import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Metrics } from '../metrics/index.js';
import { HealthController } from './health.controller.js';
import { EXPECTED_MIGRATIONS, Readiness } from './readiness.js';

/** Liveness, readiness and metrics. Metrics are global, so that every room can count. */
@Global()
@Module({})
export class HealthModule {
  static forMigrations(names: readonly string[]): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [Metrics, Readiness, { provide: EXPECTED_MIGRATIONS, useValue: names }],
      exports: [Metrics, Readiness],
    };
  }
}
