import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Settings } from '../config/index.js';
import { stopTracing } from '../tracing/index.js';
import { Readiness } from './readiness.js';

/**
 * The orderly end: first the process says that it is not ready and goes on serving for `DRAIN_MS`, until the load
 * balancer has noticed; each answer of that time closes its connection. Then nothing new is taken and what is under way
 * is answered. The timers of the jobs stop at once.
 */
@Injectable()
export class Draining implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Draining.name);

  constructor(
    private readonly readiness: Readiness,
    private readonly settings: Settings,
  ) {}

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.readiness.stop();
    if (signal === undefined) return;
    const { drainMs } = this.settings;
    this.logger.log(`${signal}: not ready any more, serving for another ${String(drainMs)} ms`);
    await sleep(drainMs);
  }

  onApplicationShutdown(): Promise<void> {
    return stopTracing();
  }
}

/** Kept-alive connections end with the answer they wait for, so that the balancer opens its next one elsewhere. */
export function closeConnectionsWhileStopping(fastify: FastifyInstance, readiness: Readiness): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (readiness.isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
}
