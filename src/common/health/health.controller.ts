import { Controller, Get, Header } from '@nestjs/common';
import { HttpError, httpErrors } from '../http/index.js';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Metrics } from '../metrics/index.js';
import { Readiness } from './readiness.js';

/** What a load balancer and a monitor ask for. None of it tells anything about persons or money. */
@ApiTags('server')
@Controller('api')
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers. */
  @Get('health/live')
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string' } } } })
  live(): { status: string } {
    return { status: 'live' };
  }

  /** The database answers within a second and has every migration this build knows; otherwise 503. */
  @Get('health/ready')
  @ApiOkResponse({ schema: { type: 'object', properties: { status: { type: 'string' } } } })
  async ready(): Promise<{ status: string; checks: Record<string, string> }> {
    const checks = await this.readiness.checks();
    if (Object.values(checks).some((state) => state !== 'ok')) {
      throw new HttpError(httpErrors.unavailable, 503, { checks });
    }
    return { status: 'ready', checks };
  }

  /** Figures in the Prometheus text format. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  exposition(): Promise<string> {
    return this.metrics.text();
  }
}
